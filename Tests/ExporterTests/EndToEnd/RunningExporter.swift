import Foundation
import Platform

/// The real exporter as a child process on a free port of loopback.
final class RunningExporter: @unchecked Sendable {
    // Sendable: `Process` is started once and only signalled afterwards; the rest has locks.

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let lines = Locked<[String]>([])
    private let address = Locked<String?>(nil)

    /// Starts the exporter and waits until it listens.
    ///
    /// - Parameter shell: a shell command that executes its arguments at the end; `nil` runs the program directly.
    init(_ arguments: [String], environment: [String: String] = [:], through shell: String? = nil) async throws {
        let program = try Programs.url(of: "bambu_exporter")
        process.executableURL = shell == nil ? program : URL(filePath: "/bin/sh")
        process.arguments = ["--web.listen-address=127.0.0.1:0"] + arguments
        if let shell { process.arguments = ["-c", shell, "sh", program.path] + (process.arguments ?? []) }
        process.environment = Programs.inherited.merging(environment) { _, own in own }
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        let reader = errors.fileHandleForReading
        try process.run()
        // Captures no `self`, so that the exporter ends when its last owner is released.
        try Thread(named: "stderr") { [lines, address] in Self.read(reader, into: lines, address) }.detach()
        try await eventually("it listens") { [self] in address.withLock { $0 } != nil || !process.isRunning }
        guard address.withLock({ $0 }) != nil else { throw Failure(description: "it ended: \(log)") }
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    private static func read(_ handle: FileHandle, into lines: Locked<[String]>, _ address: Locked<String?>) {
        var rest = ""
        while true {
            let data = handle.availableData
            guard !data.isEmpty else { return }
            rest += String(decoding: data, as: UTF8.self)
            while let end = rest.firstIndex(of: "\n") {
                let line = String(rest[..<end])
                rest = String(rest[rest.index(after: end)...])
                lines.withLock { $0.append(line) }
                // Matches logfmt and JSON.
                if line.contains("Listening"), let found = line.firstMatch(of: /address"?[=:]"?([0-9.:]+)/) {
                    address.withLock { $0 = String(found.1) }
                }
            }
        }
    }

    /// The log so far.
    var log: String { lines.withLock { $0.joined(separator: "\n") } }

    /// The listener's address, such as `127.0.0.1:41234`.
    var host: String { address.withLock { $0 } ?? "" }

    /// The process id.
    var id: Int32 { process.processIdentifier }

    var hasEnded: Bool { !process.isRunning }

    /// The exit code; only valid after the end.
    var exitCode: Int32 { process.terminationStatus }

    /// Whether a signal ended the process; only valid after the end.
    var wasKilled: Bool { process.terminationReason == .uncaughtSignal }

    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Stops the exporter. Returns its exit code.
    func stop() async throws -> Int32 {
        process.terminate()
        try await eventually("it ends") { [self] in !process.isRunning }
        return process.terminationStatus
    }

    /// Sends a request. Returns status and body of the response.
    func get(_ path: String, _ headers: [String: String] = [:], method: String = "GET") throws -> (
        status: Int, body: String
    ) {
        try Loopback.request(method, path, host: host, headers: headers)
    }

    /// Waits until the condition holds. A failure includes the end of the log.
    func eventually(_ what: String, within limit: Duration = .seconds(30), _ condition: () throws -> Bool) async throws
    {
        do {
            try await ExporterTests.eventually(what, within: limit, condition)
        } catch {
            throw Failure(
                description:
                    "\(error); the exporter's log ends:\n\(log.split(separator: "\n").suffix(12).joined(separator: "\n"))"
            )
        }
    }

    func metrics() throws -> Samples {
        Samples(try get("/metrics").body)
    }
}

/// The samples of an exposition.
struct Samples {
    let text: String
    private let lines: [Substring]

    init(_ text: String) {
        self.text = text
        lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    /// The value of the first series with this name and these labels among others; `nil` without a match.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        lines.first { line in
            (line.hasPrefix(name + "{") || line.hasPrefix(name + " "))
                && labels.allSatisfy { line.contains("\($0.key)=\"\($0.value)\"") }
        }.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
    }

    func has(_ name: String, _ labels: [String: String] = [:]) -> Bool { value(name, labels) != nil }
}

/// Polls until the condition holds; throws with `what` after the limit.
func eventually(_ what: String, within limit: Duration = .seconds(30), _ condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now + limit
    while true {
        // Reads the clock first: on a busy machine the sleep may exceed the limit although the condition holds.
        let isLast = ContinuousClock.now >= end
        if try condition() { return }
        if isLast { break }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw RunningExporter.Failure(description: "timed out waiting until \(what)")
}

/// The executables of this build.
enum Programs {
    /// The inherited environment: a path and the options of sanitizers.
    static let inherited = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"].merging(
        ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
    ) { own, _ in own }

    static func url(of name: String) throws -> URL {
        // The test bundle is in the same folder.
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            let url = URL(filePath: argument).deletingLastPathComponent().appending(path: name)
            if FileManager.default.isExecutableFile(atPath: url.path) { return url }
        }
        let url = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
        guard FileManager.default.isExecutableFile(atPath: url.path) else {
            throw RunningExporter.Failure(description: "\(name) is not built: run `swift build`, or `make test`")
        }
        return url
    }

    /// Runs a program until it ends, without blocking a thread of the test's pool.
    static func runInBackground(_ url: URL, _ arguments: [String]) async throws -> (status: Int32, output: String) {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread(named: "program") {
                    continuation.resume(with: Result { try run(url, arguments) })
                }.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Runs a program until it ends.
    static func run(
        _ url: URL, _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.environment = inherited.merging(environment) { _, own in own }
        let output = Pipe()
        let feed = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = feed
        try process.run()
        feed.fileHandleForWriting.write(Data(input.utf8))
        try feed.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
