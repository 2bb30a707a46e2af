import Foundation
import Testing

@testable import Exporter
@testable import Simulator

/// One RSA key for all simulated printers of this suite, since generating one takes a while.
private let sharedKey = Result { try PrivateKey() }

@Suite("Fault texts, end to end", .timeLimit(.minutes(2)))
struct FaultTextTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Starts a printer with a failed print and the exporter that reads it.
    ///
    /// - Parameter others: further printers of the configuration.
    private func exporter(_ settings: String, others: String = "") async throws -> (SimulatedFleet, RunningExporter) {
        var options = FleetOptions()
        options.interval = .milliseconds(200)
        let fleet = try SimulatedFleet(
            [PrinterOptions(parsing: "P1S:ams@garage")], options: options, key: try sharedKey.get())
        try await fleet.start()
        let printer = fleet.printers[0]
        let file = try folder.write(
            "config.json5",
            """
            { printers: [ { name: "garage", serial: "\(printer.serial)", host: "127.0.0.1", mqtt_port: \(printer.port),
                access_code: "\(printer.accessCode)", camera: { enabled: false } }, \(others) ],
              fault_texts: { \(settings) }, state_dir: "\(folder.url.path)/state" }
            """)
        let exporter = try await RunningExporter(["--config.file=\(file)"])
        await printer.set(.failedPrint, true)
        return (fleet, exporter)
    }

    private func has(_ text: String, in exporter: RunningExporter) throws -> Bool {
        try exporter.metrics().has("bambu_print_error_info", ["printer": "garage", "code": "0300_8003", "text": text])
    }

    private static let text = "The print has failed."

    @Test func `texts are fetched once, stored, and shown in metrics, page and log`() async throws {
        let account = SimulatedAccount(AccountOptions())
        let server = try CloudServer(account)
        defer { server.stop() }
        let url = "http://127.0.0.1:\(try server.start())/query.php"
        let (fleet, exporter) = try await exporter("url: \"\(url)\"")
        defer { fleet.stop() }
        try await exporter.eventually("the text is exported") { try has(Self.text, in: exporter) }
        #expect(try exporter.get("/").body.contains(Self.text))
        try await exporter.eventually("the error is logged with its text") {
            exporter.log.contains(#"code=0300_8003 text="\#(Self.text)""#)
        }
        await fleet.printers[0].publish(Array(#"{"print":{"hms":[{"attr":117448704,"code":131073}]}}"#.utf8))
        try await exporter.eventually("the health message is logged with its text") {
            exporter.log.contains(
                #"code=HMS_0700_2000_0002_0001 level=serious text="The filament of AMS A, slot 1 has run out.""#)
        }
        #expect(account.count("texts") == 1)
        #expect(try await exporter.stop() == 0)
        let again = try await RunningExporter(["--config.file=\(folder.url.path)/config.json5"])
        try await again.eventually("the text is read from state_dir") { try has(Self.text, in: again) }
        #expect(account.count("texts") == 1)
        #expect(try await again.stop() == 0)
    }

    @Test func `a catalogue file is read, and no request is sent`() async throws {
        let message = "{\"ecode\":\"03008003\",\"intro\":\" From a file. \"}"
        let path = try folder.write(
            "texts.json", "{\"result\":0,\"ver\":1,\"data\":{\"device_error\":{\"EN\":[\(message)]}}}")
        let (fleet, exporter) = try await exporter("file: \"\(path)\"")
        defer { fleet.stop() }
        try await exporter.eventually("the text is exported") { try has("From a file.", in: exporter) }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `no message is hidden while the catalogue of a model is missing`() async throws {
        let state = folder.url.appending(path: "state")
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: false)
        let catalogue = #"{"result":0,"data":{"device_hms":{"en":[{"ecode":"1","intro":"Text."}]}}}"#
        try Data(catalogue.utf8).write(to: state.appending(path: "fault-texts-en-01P.json"))
        let (fleet, exporter) = try await exporter(
            "url: \"http://127.0.0.1:1/query.php\"", others: "{ name: \"studio\", serial: \"00M00A000000001\" }")
        defer { fleet.stop() }
        try await exporter.eventually("the failure is logged") {
            exporter.log.contains("Fault texts are not available")
        }
        await fleet.printers[0].publish(Array(#"{"print":{"hms":[{"attr":117448704,"code":131073}]}}"#.utf8))
        try await exporter.eventually("the message is logged") {
            exporter.log.contains("code=HMS_0700_2000_0002_0001 level=serious")
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `an unavailable catalogue is one warning, and codes have no texts`() async throws {
        let (fleet, exporter) = try await exporter("url: \"http://127.0.0.1:1/query.php\"")
        defer { fleet.stop() }
        try await exporter.eventually("the failure is logged") {
            exporter.log.contains("Fault texts are not available")
        }
        try await exporter.eventually("the code is exported") { try has("", in: exporter) }
        #expect(exporter.log.split(separator: "\n").count { $0.contains("Fault texts") } == 1)
        #expect(try await exporter.stop() == 0)
    }
}
