import Foundation
import Simulator

/// GStreamer's RTSP server with TLS, as a child process on a free port of loopback.
final class RealRTSPServer: @unchecked Sendable {
    // Sendable: `Process` is started once and only ended afterwards.

    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let input = Pipe()
    private let folder: URL
    let port: UInt16

    /// Debian's Python, which knows Debian's GStreamer; another one on the path would not.
    private static let python = URL(filePath: "/usr/bin/python3")
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "tools/rtsp_server.py")

    /// Starts it and waits until it listens.
    init(serial: String, password: String, key: PrivateKey, _ arguments: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rtsp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let certificate = try SimulatedAuthority(key: key).issue(.init(commonName: serial), for: key)
        let files = [("certificate.pem", try certificate.pem()), ("key.pem", try key.pem())]
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
        process.executableURL = Self.python
        process.arguments =
            [Self.script.path] + files.map { folder.appending(path: $0.0).path } + ["bblp", password] + arguments
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = UInt16(line.filter(\.isNumber)) else {
            throw Unavailable(description: "the RTSP server did not start; `make tools` installs what it needs")
        }
        self.port = port
        self.folder = folder
    }

    deinit {
        process.terminate()
        try? FileManager.default.removeItem(at: folder)
    }
}
