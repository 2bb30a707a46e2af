import Foundation
import Testing

@testable import Exporter

/// Tests messages on the user's own broker: a real mosquitto, `mosquitto_pub` and the real exporter.
@Suite("Own broker, end to end", .timeLimit(.minutes(3)))
struct BrokerEndToEndTests {
    private let folder: TemporaryFolder
    private let broker: RunningMosquitto
    /// The port with TLS, for the exporter only.
    private let port: UInt16

    init() async throws {
        folder = try TemporaryFolder()
        try await folder.makeCertificate()
        let plain = try FreePort.find()
        port = try FreePort.find()
        let configuration = try folder.write(
            "mosquitto.conf",
            """
            allow_anonymous true
            user root
            log_type all
            listener \(plain) 127.0.0.1
            listener \(port) 127.0.0.1
            certfile \(folder.url.path)/server.crt
            keyfile \(folder.url.path)/server.key
            """)
        broker = try await RunningMosquitto(configuration, port: plain, folder: folder)
    }

    private func publish(_ payload: Data, by serial: String, isRetained: Bool = false) throws {
        let file = folder.url.appending(path: UUID().uuidString)
        try payload.write(to: file)
        let result = try Programs.run(
            URL(filePath: "/usr/bin/mosquitto_pub"),
            ["-h", "127.0.0.1", "-p", "\(broker.port)", "-q", "1", "-t", "device/\(serial)/report", "-f", file.path]
                + (isRetained ? ["-r"] : []))
        try #require(result.status == 0, "\(result.output)")
    }

    private func exporter(tls isTLS: Bool = true) async throws -> RunningExporter {
        let security =
            isTLS
            ? "port: \(port), tls: { ca_file: \"\(folder.url.path)/server.crt\" }" : "port: \(broker.port), plain: true"
        let file = try folder.write("config.json5", "{ broker: { host: \"localhost\", \(security) } }")
        let exporter = try await RunningExporter(["--config.file=\(file)", "--log.level=debug"])
        // Messages that are published before the subscription are lost.
        try await exporter.eventually("it has subscribed") { broker.output.contains("Sending SUBACK") }
        return exporter
    }

    private let report = Data(
        #"{"print":{"command":"push_status","msg":0,"gcode_state":"RUNNING","mc_percent":55}}"#.utf8)

    @Test func `the first message of an unknown printer is read`() async throws {
        let exporter = try await exporter()
        try publish(report, by: "A")
        try await exporter.eventually("it is up") { try exporter.metrics().value("bambu_up", ["printer": "A"]) == 1 }
        let metrics = try exporter.metrics()
        #expect(metrics.value("bambu_print_progress_percent", ["printer": "A"]) == 55)
        #expect(metrics.value("bambu_mqtt_messages_total", ["printer": "A"]) == 1)
    }

    @Test func `retained messages do not prove that a printer is online`() async throws {
        try publish(report, by: "GONE", isRetained: true)
        let exporter = try await exporter()
        try publish(report, by: "HERE")
        try await exporter.eventually("the other is up") {
            try exporter.metrics().value("bambu_up", ["printer": "HERE"]) == 1
        }
        #expect(try !exporter.metrics().text.contains("GONE"))
    }

    @Test(arguments: [true, false])
    func `an oversize message does not affect other printers`(isTLS: Bool) async throws {
        try publish(Data(repeating: 0x20, count: 3 << 20), by: "EVIL", isRetained: true)
        let exporter = try await exporter(tls: isTLS)
        try publish(report, by: "GOOD")
        try await exporter.eventually("the good one is up") {
            try exporter.metrics().value("bambu_up", ["printer": "GOOD"]) == 1
        }
        try publish(Data(repeating: 0x20, count: 3 << 20), by: "EVIL")
        try await exporter.eventually("it is counted") {
            try exporter.metrics().value(
                "bambu_mqtt_messages_rejected_total", ["printer": "EVIL", "reason": "oversize"]) == 1
        }
        let metrics = try exporter.metrics()
        #expect(metrics.value("bambu_up", ["printer": "GOOD"]) == 1)
        #expect(metrics.value("bambu_up", ["printer": "EVIL"]) == 0)
        #expect(!exporter.log.contains("The broker session is down"))
    }

    @Test func `a message of 20 MB ends the session, and the log has the remedy`() async throws {
        let exporter = try await exporter()
        try publish(Data(repeating: 0x20, count: 20 << 20), by: "EVIL")
        try await exporter.eventually("the remedy is logged") { exporter.log.contains("message_size_limit") }
        try await exporter.eventually("reports arrive again") {
            try publish(report, by: "GOOD")
            return try exporter.metrics().value("bambu_up", ["printer": "GOOD"]) == 1
        }
    }
}
