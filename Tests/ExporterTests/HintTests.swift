import BambuMetrics
import BambuProtocol
import Camera
import MQTT
import Platform
import Reactor
import TLS
import Testing

@testable import Exporter

@Suite("Hints and log lines about certificates")
struct HintTests {
    private var printer: Configuration.Printer {
        var printer = Configuration.Printer(name: "garage", serial: "01P00A000000001")
        printer.host = "192.0.2.10"
        return printer
    }

    private func hint(_ error: ConnectionError, stood: Duration? = nil) -> String {
        Remedy.text(for: error, .printer(printer), sessionStood: stood)
    }

    @Test func `the hint for an oversize message is about the message`() {
        #expect(hint(.oversize).contains("about 20 kB"))
        #expect(!hint(.oversize).contains("the printer is on"))
        let shared = Remedy.text(for: .oversize, .shared(.broker), sessionStood: .seconds(5))
        #expect(shared.contains("message_size_limit"))
    }

    @Test func `a session that ends within a minute hints at other programs`() {
        #expect(hint(.network("the connection was lost"), stood: .seconds(5)).contains("a few sessions"))
        #expect(hint(.network("the connection was lost"), stood: .seconds(90)).contains("the printer is on"))
        #expect(hint(.network("the connection was lost")).contains("the printer is on"))
    }

    @Test func `a broker that ends sessions at once hints at its access rules`() {
        func hint(_ error: ConnectionError, stood: Duration? = nil) -> String {
            Remedy.text(for: error, .shared(.broker), sessionStood: stood)
        }
        let lost = ConnectionError.network("the connection was lost")
        #expect(hint(lost, stood: .seconds(1)).contains("device/+/request"))
        #expect(hint(lost, stood: .seconds(60)).isEmpty)
        #expect(hint(lost).isEmpty)
    }

    @Test func `a broker that refuses the handshake hints at the client's certificate`() {
        let hint = Remedy.text(for: .tls("certificate required"), .shared(.broker), sessionStood: nil)
        #expect(hint.contains("broker.tls.cert_file"))
    }

    @Test func `the hint for a camera depends on its protocol`() {
        let refused = ProbeError.refused("nothing listens there")
        #expect(Remedy.text(for: refused, printer: printer, .rtsp).contains("LAN Only Liveview"))
        #expect(!Remedy.text(for: refused, printer: printer, .jpeg).contains("Liveview"))
        #expect(Remedy.text(for: .gaveUp("it closed"), printer: printer, .rtsp).contains("Restart the printer"))
    }

    private func fingerprint(_ digit: Character) throws -> Fingerprint {
        try #require(Fingerprint("sha256:" + String(repeating: digit, count: 64)))
    }

    @Test func `a camera with its own certificate is logged with both fingerprints`() throws {
        let lines = Locked<[String]>([])
        let log = Log(level: .info) { line in lines.withLock { $0.append(line) } }
        let environment = ReactorEnvironment(
            loop: try EventLoop(), certificates: KnownCertificates(log: log), files: try SerialWorker(named: "files"),
            log: log)
        environment.remember(try fingerprint("a"), of: printer, service: .mqtt)
        environment.remember(try fingerprint("b"), of: printer, service: .camera)
        let said = lines.withLock { $0 }
        #expect(said.count == 2 && said[0].contains("level=info"))
        #expect(said[1].contains("level=warn"))
        #expect(
            said[1].contains(String(repeating: "a", count: 64)) && said[1].contains(String(repeating: "b", count: 64)))
    }

    @Test func `a camera with the broker's certificate is remembered without a warning`() throws {
        let lines = Locked<[String]>([])
        let log = Log(level: .info) { line in lines.withLock { $0.append(line) } }
        let environment = ReactorEnvironment(
            loop: try EventLoop(), certificates: KnownCertificates(log: log), files: try SerialWorker(named: "files"),
            log: log)
        for service in [PrinterService.mqtt, .camera] {
            environment.remember(try fingerprint("a"), of: printer, service: service)
        }
        #expect(lines.withLock { $0.allSatisfy { $0.contains("level=info") } })
    }
}
