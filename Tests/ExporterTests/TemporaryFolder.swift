import Foundation
import Testing

/// A temporary folder that is deleted with its owner.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "bambu-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// Writes a file and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        let file = url.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}

extension TemporaryFolder {
    /// Creates a self-signed certificate for `localhost`: `NAME.crt` and `NAME.key`.
    func makeCertificate(_ name: String = "server", subject: String = "localhost") async throws {
        let made = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/openssl"),
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(subject)",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout", url.appending(path: "\(name).key").path, "-out", url.appending(path: "\(name).crt").path,
            ])
        #expect(made.status == 0, "\(made.output)")
    }
}
