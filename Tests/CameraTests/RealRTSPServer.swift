import Foundation

@testable import Simulator

/// GStreamer's RTSP server with TLS, as a child process on a free loopback port.
final class RealRTSPServer: @unchecked Sendable {
    // Sendable: `Process` is started once and afterwards only terminated.

    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let input = Pipe()
    private let folder: URL
    let port: UInt16

    /// Debian's Python, since only it finds Debian's GStreamer modules.
    private static let python = URL(filePath: "/usr/bin/python3")
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "tools/rtsp_server.py")

    /// Starts the server and waits until it listens.
    init(serial: String, password: String, key: PrivateKey, _ arguments: [String]) async throws {
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
        port = try await Self.port(from: output.fileHandleForReading, of: process)
        self.folder = folder
    }

    /// Waits for the port without blocking a thread that other tests need.
    private static func port(from handle: FileHandle, of process: Process) async throws -> UInt16 {
        let descriptor = handle.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        var text: [UInt8] = []
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end, process.isRunning {
            var chunk = [UInt8](repeating: 0, count: 64)
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 { text += chunk.prefix(count) }
            if text.last == UInt8(ascii: "\n"), let port = UInt16(String(decoding: text.dropLast(), as: UTF8.self)) {
                return port
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Unavailable(description: "the RTSP server did not start; `make tools` installs its dependencies")
    }

    deinit {
        process.terminate()
        try? FileManager.default.removeItem(at: folder)
    }
}
