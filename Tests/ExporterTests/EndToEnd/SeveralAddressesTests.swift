import Foundation
import MQTT
import Platform
import Reactor
import Testing

@testable import Exporter
@testable import Simulator

/// A printer whose host name has two addresses; the first is unreachable.
@Suite("Several addresses", .timeLimit(.minutes(1)))
struct SeveralAddressesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fleet() async throws -> SimulatedFleet {
        let fleet = try SimulatedFleet([PrinterOptions(parsing: "P1S@garage")], key: PrivateKey())
        try await fleet.start()
        return fleet
    }

    private func environment(_ loop: EventLoop) throws -> ReactorEnvironment {
        let addresses = try ["127.0.0.2", "127.0.0.1"].map { try SocketAddress(numeric: $0, port: 0) }
        return ReactorEnvironment(
            loop: loop, certificates: KnownCertificates(), files: try SerialWorker(named: "files"),
            log: Log(level: .error),
            resolver: Resolver(on: loop) { _ in addresses })
    }

    @Test func `the broker is reached at the second address`() async throws {
        let fleet = try await fleet()
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        var settings = Configuration.Printer(name: "garage", serial: printer.serial, port: printer.port)
        settings.trust.mode = .none
        let loop = try EventLoop()
        var events: [MQTT.Connection.Event] = []
        let dialer = Dialer(environment: try environment(loop)) { event in
            events.append(event)
            if case .secured = event { return }
            loop.stop()
        } onUnreachable: { _, reason in
            Issue.record("it is unreachable: \(reason)")
            loop.stop()
        }
        dialer.connect(
            to: BrokerSession.Settings(settings, at: "garage"),
            as: BrokerSession.Credentials(user: "bblp", password: Secret(printer.accessCode)))
        loop.run()
        guard case .accepted = events.last else {
            Issue.record("it ended with \(events)")
            return
        }
        #expect(dialer.address?.host == "127.0.0.1")
        dialer.disconnect()
    }

    @Test func `the camera is reached at the second address`() async throws {
        let fleet = try await fleet()
        defer { fleet.stop() }
        var printer = Configuration.Printer(name: "garage", serial: fleet.printers[0].serial)
        printer.host = "garage"
        printer.accessCode = Secret(fleet.printers[0].accessCode)
        printer.camera.port = fleet.printers[0].cameraPort
        let loop = try EventLoop()
        let file = folder.url.appending(path: "garage.jpg").path
        let snapshot = PictureCapture(
            printer, plan: PicturePlan(.once), name: PictureName(file), percent: nil,
            environment: try environment(loop))
        snapshot.run()
        loop.run()
        #expect(snapshot.failure == nil)
        #expect(FileManager.default.fileExists(atPath: file))
    }
}
