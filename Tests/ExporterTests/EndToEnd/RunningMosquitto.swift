import Foundation

/// A real mosquitto with its own configuration on loopback.
final class RunningMosquitto: @unchecked Sendable {
    // Sendable: `Process` is started once and only signalled afterwards.
    private let process = Process()
    private let log: String
    let port: UInt16

    /// - Parameters:
    ///   - port: the port in the configuration.
    ///   - configuration: the path of the configuration.
    init(_ configuration: String, port: UInt16, folder: TemporaryFolder) async throws {
        self.port = port
        log = folder.url.appending(path: "mosquitto-\(port).log").path
        let program = URL(filePath: "/usr/sbin/mosquitto")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw RunningExporter.Failure(description: "mosquitto is missing: run `make tools`")
        }
        try Data().write(to: URL(filePath: log))
        let sink = try FileHandle(forWritingTo: URL(filePath: log))
        process.executableURL = program
        process.arguments = ["-c", configuration]
        process.standardError = sink
        process.standardOutput = sink
        try process.run()
        try await eventually("mosquitto listens") { [self] in
            guard process.isRunning else { throw RunningExporter.Failure(description: output) }
            return output.contains("running")
        }
    }

    deinit {
        stop()
    }

    /// The log so far.
    var output: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// Kills the process, like a power failure.
    func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
