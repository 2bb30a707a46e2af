import Foundation
import Reactor
import Simulator
import Testing

@testable import Cloud

/// The HTTPS server of `openssl s_server`, with a certificate of its own for `localhost`.
private final class TLSServer {
    let url: String
    let certificate: String
    private let process: Process
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "crt.pem").path
        let key = folder.appending(path: "key.pem").path
        try Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ]).waitUntilExit()
        let port = try #require(FreePorts.find(1).first)
        url = "https://localhost:\(port)"
        process = try Self.openssl([
            "s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate, "-key", key, "-www",
        ])
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func openssl(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Sends a request, again until the server listens.
    func response(trusting authorities: TrustStore?) async throws -> Result<CloudResponse, CloudFailure> {
        for _ in 0..<500 {
            let result = try await RunningClient.send(CloudRequest("/"), to: url, authorities: authorities) { _ in
                SocketAddress.resolve("127.0.0.1", port: 0)
            }
            guard case .failure(let failure) = result, failure.detail == "cannot connect to the host" else {
                return result
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw SystemError(ETIMEDOUT, "openssl s_server")
    }
}

@Suite("Authorities of the account's servers", .timeLimit(.minutes(1)))
struct AuthorityTests {
    @Test func `a server is trusted by the given authorities only`() async throws {
        let server = try TLSServer()
        let trusted = try await server.response(trusting: TrustStore(file: server.certificate))
        #expect(try trusted.get().status == 200)
        for authorities in [try TrustStore(file: TLSServer().certificate), try TrustStore(file: nil), nil] {
            guard case .failure(let failure) = try await server.response(trusting: authorities) else {
                Issue.record("the server was trusted")
                continue
            }
            #expect(failure.detail == "the host's certificate is not trusted")
        }
    }
}
