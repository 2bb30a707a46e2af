import Foundation
import Testing

@testable import Exporter

/// Start, hang and end of the real exporter.
@Suite("Lifecycle, end to end", .timeLimit(.minutes(4)))
struct LifecycleTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Writes a configuration of printers that refuse every connection.
    private func configuration(printers count: Int) throws -> String {
        let port = try FreePort.find()
        let printers = (0..<count).map {
            #"{ serial: "01P00A0000\#(10000 + $0)", host: "127.0.0.\#($0 + 1)", mqtt_port: \#(port), access_code: "12345678" }"#
        }
        return try folder.write("config.json5", "{ printers: [ \(printers.joined(separator: ",")) ] }")
    }

    /// Starts the exporter with a pipe as standard error that is not read.
    private func unread(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = try Programs.url(of: "bambu_exporter")
        process.arguments = arguments
        process.environment = Programs.inherited
        process.standardError = Pipe()
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test func `a hanging process is unhealthy, and SIGTERM ends it within five seconds`() async throws {
        let exporter = try await RunningExporter(
            ["--config.file=\(configuration(printers: 1))"],
            environment: ["BAMBU_DEBUG_HANG_AFTER": "1ms", "BAMBU_DEBUG_HANG_LIMIT": "1m"])
        try await exporter.eventually("it is unhealthy") { try exporter.get("/-/healthy").status == 503 }
        #expect(try exporter.get("/metrics").status == 200)
        let health = try await Programs.runInBackground(
            Programs.url(of: "bambu_exporter"), ["healthcheck", "--web.listen-address=\(exporter.host)"])
        #expect(health.status == 1)
        let start = ContinuousClock.now
        #expect(try await exporter.stop() == 1)
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(exporter.log.contains("Exporter/ExporterProcess.swift:"))
    }

    @Test func `a hang logs the code and ends the process`() async throws {
        let exporter = try await RunningExporter(
            ["--config.file=\(configuration(printers: 1))"],
            environment: ["BAMBU_DEBUG_HANG_AFTER": "500ms", "BAMBU_DEBUG_HANG_LIMIT": "2s"])
        try await exporter.eventually("it ends") { exporter.hasEnded }
        #expect(exporter.exitCode == 1)
        #expect(exporter.log.contains("The event loop hangs; exiting"))
        #expect(exporter.log.contains("Exporter/ExporterProcess.swift:"))
    }

    @Test func `an idle exporter stays healthy`() async throws {
        let exporter = try await RunningExporter(
            ["--config.file=\(configuration(printers: 1))"],
            environment: ["BAMBU_DEBUG_HANG_AFTER": "1h", "BAMBU_DEBUG_HANG_LIMIT": "100s"])
        let end = ContinuousClock.now + .seconds(13)
        try await exporter.eventually("time passes") {
            let status = try exporter.get("/-/healthy").status
            #expect(status == 200)
            return ContinuousClock.now >= end
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a second signal does not affect a clean end`(second: Int32) async throws {
        let exporter = try await RunningExporter(["--config.file=\(configuration(printers: 3))"])
        exporter.signal(SIGTERM)
        for _ in 0..<20 { exporter.signal(second) }
        try await exporter.eventually("it ends") { exporter.hasEnded }
        #expect(exporter.exitCode == 0 && !exporter.wasKilled)
    }

    @Test func `starting on a used port always ends with 1 and the reason`() async throws {
        let exporter = try await RunningExporter(["--config.file=\(configuration(printers: 1))"])
        let file = try configuration(printers: 40)
        let program = try Programs.url(of: "bambu_exporter")
        for _ in 0..<100 {
            let ended = try await Programs.runInBackground(
                program, ["--config.file=\(file)", "--web.listen-address=\(exporter.host)"])
            guard ended.status == 1, ended.output.contains("\(exporter.host)") else {
                Issue.record("status \(ended.status): \(ended.output)")
                break
            }
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a blocked standard error stops neither scrapes nor the end`() async throws {
        let port = try FreePort.find()
        let printers = (0..<200).map { #"{ serial: "01P00A000000\#(100 + $0)" }"# }
        let file = try folder.write("config.json5", "{ printers: [ \(printers.joined(separator: ",")) ] }")
        let process = try unread(
            ["--config.file=\(file)", "--web.listen-address=127.0.0.1:\(port)", "--web.enable-lifecycle"])
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        let host = "127.0.0.1:\(port)"
        try await eventually("it listens") { (try? Loopback.request("GET", "/-/healthy", host: host).status) == 200 }
        // Each reload logs a warning for each printer.
        try await eventually("lines are dropped", within: .seconds(60)) {
            let status = try Loopback.request("POST", "/-/reload", host: host).status
            #expect(status == 200)
            let samples = Samples(try Loopback.request("GET", "/metrics", host: host).body)
            return samples.value("bambu_exporter_log_lines_dropped_total") ?? 0 > 0
        }
        process.terminate()
        try await eventually("it ends", within: .seconds(5)) { !process.isRunning }
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    }

    @Test func `a reload with an invalid web file changes nothing`() async throws {
        let first = folder.url.appending(path: "first").path
        let second = folder.url.appending(path: "second").path
        let printer = #"printers: [ { serial: "01P00A000000001" } ]"#
        let file = try folder.write("config.json5", "{ \(printer), state_dir: \"\(first)\" }")
        try FileManager.default.createDirectory(atPath: first, withIntermediateDirectories: true)
        let known = "01P00A000000001 mqtt sha256:\(String(repeating: "0", count: 64))\n"
        try Data(known.utf8).write(to: URL(filePath: first + "/known-certificates"))
        let web = try folder.write("web.json", "{}")
        let exporter = try await RunningExporter(
            ["--config.file=\(file)", "--web.config.file=\(web)", "--web.enable-lifecycle"])
        _ = try folder.write("config.json5", "{ \(printer), state_dir: \"\(second)\" }")
        _ = try folder.write("web.json", #"{"tls_server_config": {"cert_file": "none"}}"#)
        #expect(try exporter.get("/-/reload", method: "POST").status == 500)
        #expect(try exporter.metrics().value("bambu_exporter_config_last_reload_successful") == 0)
        _ = try folder.write("web.json", "{}")
        #expect(!FileManager.default.fileExists(atPath: second))
        #expect(try exporter.get("/-/reload", method: "POST").status == 200)
        try await exporter.eventually("the certificates have moved") {
            FileManager.default.fileExists(atPath: second + "/known-certificates")
        }
        #expect(try await exporter.stop() == 0)
    }
}
