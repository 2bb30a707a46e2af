import Foundation
import Testing

@testable import Exporter
@testable import Simulator

private let sharedKey = Result { try PrivateKey() }

/// Probes of simulated cameras with the real exporter.
@Suite("Cameras, end to end", .timeLimit(.minutes(3)))
struct CameraEndToEndTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fleet(_ printers: [String]) async throws -> SimulatedFleet {
        var options = FleetOptions()
        options.interval = .milliseconds(300)
        options.cameraRate = 5
        let fleet = try SimulatedFleet(
            printers.map { try PrinterOptions(parsing: $0) }, options: options, key: try sharedKey.get())
        try await fleet.start()
        return fleet
    }

    private func configuration(_ fleet: SimulatedFleet, verify: String = "ca") throws -> String {
        let entries = fleet.printers.map { printer in
            """
            { name: "\(printer.name)", serial: "\(printer.serial)", host: "127.0.0.1", mqtt_port: \(printer.port),
              access_code: "\(printer.accessCode)", tls: { verify: "\(verify)", ca_file: "\(fleet.caFile)" },
              camera: { port: \(printer.cameraPort), interval: "20s", window: "3s" } }
            """
        }
        return try folder.write(
            "config.json5",
            """
            { printers: [ \(entries.joined(separator: ", ")) ], telemetry: { stale_after: "20s" },
              state_dir: "\(folder.url.path)/state" }
            """)
    }

    @Test func `each camera has the expected state, and a disabled one is not probed`() async throws {
        let fleet = try await fleet([
            "P1S@garage", "X1C@studio", "A1@refused", "A1 mini@busy", "H2D@disabled", "P1P@truncated", "P2S@closed",
            "X1E@gave-up",
        ])
        defer { fleet.stop() }
        let faults: [String: Fault.Kind] = [
            "refused": .cameraRefuse, "busy": .cameraBusy, "disabled": .liveviewOff, "truncated": .cameraTruncate,
            "closed": .cameraOff, "gave-up": .cameraClose,
        ]
        for printer in fleet.printers { if let fault = faults[printer.name] { await printer.set(fault, true) } }
        let exporter = try await RunningExporter(["--config.file=\(try configuration(fleet))", "--log.level=debug"])
        let reasons = [
            "refused": "auth", "busy": "busy", "disabled": "disabled", "truncated": "protocol", "closed": "refused",
            "gave-up": "protocol",
        ]
        try await exporter.eventually("every camera was probed", within: .seconds(60)) {
            let metrics = try exporter.metrics()
            return ["garage", "studio"].allSatisfy { metrics.value("bambu_camera_up", ["printer": $0]) == 1 }
                && reasons.allSatisfy { name, reason in
                    metrics.value("bambu_camera_probe_failures_total", ["printer": name, "reason": reason]) == 1
                }
        }
        let metrics = try exporter.metrics()
        for (name, language) in [("garage", "jpeg"), ("studio", "rtsp")] {
            let rate = try #require(metrics.value("bambu_camera_frames_per_second", ["printer": name]))
            #expect(abs(rate - 5) <= 0.5)
            #expect(
                metrics.has(
                    "bambu_camera_info", ["printer": name, "protocol": language, "width": "1280", "height": "720"]))
        }
        #expect(metrics.value("bambu_camera_frozen", ["printer": "garage"]) == 0)
        #expect(!metrics.has("bambu_camera_frozen", ["printer": "studio"]))
        for (name, reason) in reasons {
            let isInconclusive = reason == "busy" || reason == "disabled"
            #expect(metrics.value("bambu_camera_up", ["printer": name]) == (isInconclusive ? nil : 0))
            #expect(!metrics.has("bambu_camera_frames_per_second", ["printer": name]))
            #expect(!metrics.has("bambu_camera_info", ["printer": name]))
            #expect(exporter.log.contains("msg=\"The camera does not work\" printer=\(name) reason=\(reason)"))
        }
        let disabled = try #require(fleet.printers.first { $0.name == "disabled" })
        #expect(await disabled.cameraUse().connections == 0)
        for printer in fleet.printers {
            #expect(await printer.cameraUse().mostViewers <= 1)
            #expect(!exporter.log.contains(printer.accessCode) && !metrics.text.contains(printer.accessCode))
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a camera with a wrong certificate does not affect other sessions`() async throws {
        let fleet = try await fleet(["P1S@garage", "X1C@studio"])
        defer { fleet.stop() }
        // Messages of a megabyte, so that the other printer's session is often in the middle of one.
        await fleet.printers[1].set(.garbage, true)
        // Uses the camera port of the other printer, whose certificate has another serial number.
        let file = try configuration(fleet)
        let ports = fleet.printers.map { "port: \($0.cameraPort)," }
        let text = try String(contentsOfFile: file, encoding: .utf8).replacing(ports[0], with: ports[1])
        let exporter = try await RunningExporter(["--config.file=\(try folder.write("config.json5", text))"])
        try await exporter.eventually("the certificate is refused") {
            try exporter.metrics().value(
                "bambu_camera_probe_failures_total", ["printer": "garage", "reason": "certificate"]) == 1
        }
        let before = try exporter.metrics().value("bambu_mqtt_message_bytes_total", ["printer": "studio"]) ?? 0
        try await exporter.eventually("more megabytes have arrived") {
            try exporter.metrics().value("bambu_mqtt_message_bytes_total", ["printer": "studio"]) ?? 0 > before + 3e6
        }
        #expect(try exporter.metrics().value("bambu_mqtt_connects_total", ["printer": "studio"]) == 1)
        #expect(try await exporter.stop() == 0)
    }

    @Test func `camera gauges follow the printer's state, and counters stay`()
        async throws
    {
        let fleet = try await fleet(["P1S@garage"])
        defer { fleet.stop() }
        let exporter = try await RunningExporter(
            ["--config.file=\(try configuration(fleet, verify: "tofu"))", "--log.level=debug"])
        try await exporter.eventually("the camera is up") {
            try exporter.metrics().value("bambu_camera_up") == 1
        }
        #expect(exporter.log.contains("service=camera"))
        await fleet.printers[0].killBroker()
        try await exporter.eventually("the printer is down") { try exporter.metrics().value("bambu_up") == 0 }
        let metrics = try exporter.metrics()
        for gauge in ["up", "frames_per_second", "frame_bytes", "info", "last_frame_timestamp_seconds", "frozen"] {
            #expect(!metrics.has("bambu_camera_\(gauge)"), "\(gauge)")
        }
        #expect(metrics.value("bambu_camera_probes_total") == 1)
        #expect(try #require(metrics.value("bambu_camera_frames_total")) > 5)
        try await fleet.printers[0].restartBroker()
        // A full report is requested at most once a minute.
        try await exporter.eventually("the camera is probed again", within: .seconds(90)) {
            try exporter.metrics().value("bambu_camera_probes_total") == 2
        }
        try await exporter.eventually("the camera is up again") {
            try exporter.metrics().value("bambu_camera_up") == 1
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `snapshot takes a readable picture, and refers to ffmpeg for RTSP`() async throws {
        let fleet = try await fleet(["P1S@garage", "X1C@studio"])
        defer { fleet.stop() }
        let file = try configuration(fleet)
        let picture = folder.url.appending(path: "garage-%p.jpg").path
        let program = try Programs.url(of: "bambu_exporter")
        let taken = try await Programs.runInBackground(
            program, ["--config.file=\(file)", "snapshot", "garage", "-o", picture])
        #expect(taken.status == 0 && taken.output == "")
        let found = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasSuffix(".jpg") }
        let name = try #require(found.first)
        #expect(name.wholeMatch(of: /garage-[01][0-9][0-9]\.jpg/) != nil)
        let probe = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/ffprobe"),
            ["-v", "error", "-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0"]
                + [folder.url.appending(path: name).path])
        #expect(probe.output == "mjpeg,1280,720\n")
        let refused = try await Programs.runInBackground(
            program, ["--config.file=\(file)", "snapshot", "studio", "-o", "x.jpg"])
        #expect(refused.status == 1)
        #expect(
            refused.output.contains(
                "\nffmpeg -rtsp_transport tcp -i \"rtsps://bblp:$ACCESS_CODE@127.0.0.1:\(fleet.printers[1].cameraPort)/streaming/live/1\""
            ))
        #expect(!refused.output.contains(fleet.printers[1].accessCode))
    }

    @Test func `ffprobe reads the simulated RTSP stream`() async throws {
        let fleet = try await fleet(["X1C@studio"])
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let probe = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/ffprobe"),
            [
                "-v", "error", "-rtsp_transport", "tcp", "-show_entries", "stream=codec_name,width,height", "-of",
                "csv=p=0",
            ]
                + ["rtsps://bblp:\(printer.accessCode)@127.0.0.1:\(printer.cameraPort)/streaming/live/1"])
        #expect(probe.output == "h264,1280,720\n")
    }
}
