import Foundation
import MQTT
import Reactor
import Testing

@testable import Exporter
@testable import Simulator

/// A printer whose name has two addresses, nobody at the first of them.
@Suite("A name of two addresses", .timeLimit(.minutes(1)))
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

    private func surroundings(_ loop: EventLoop) throws -> PrinterSession.Surroundings {
        let addresses = try ["127.0.0.2", "127.0.0.1"].map { try SocketAddress(numeric: $0, port: 0) }
        return PrinterSession.Surroundings(
            loop: loop, gate: ConnectGate(on: loop), resolver: Resolver(on: loop) { _ in addresses },
            certificates: KnownCertificates(), authorities: TrustStores(), log: Log(level: .error))
    }

    @Test func `leads to the broker at the second`() async throws {
        let fleet = try await fleet()
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let target = Dialer.Target(
            host: "garage", port: printer.port, user: "bblp", password: Secret(printer.accessCode)
        ) {
            try TLSContext(name: printer.serial, trust: .unverified)
        }
        let loop = try EventLoop()
        var events: [Dialer.Event] = []
        let dialer = Dialer(around: try surroundings(loop)) { event in
            events.append(event)
            if case .connection(.secured) = event { return }
            loop.stop()
        }
        dialer.dial(target)
        loop.run()
        guard case .connection(.accepted) = events.last else {
            Issue.record("it ended with \(events)")
            return
        }
        #expect(dialer.address?.host == "127.0.0.1")
        dialer.hangUp()
    }

    @Test func `leads to the camera at the second`() async throws {
        let fleet = try await fleet()
        defer { fleet.stop() }
        var printer = Configuration.Printer(name: "garage", serial: fleet.printers[0].serial)
        printer.accessCode = Secret(fleet.printers[0].accessCode)
        printer.camera.port = fleet.printers[0].cameraPort
        let loop = try EventLoop()
        let file = folder.url.appending(path: "garage.jpg").path
        let snapshot = Snapshot(
            printer, at: "garage", plan: PicturePlan(.once), name: PictureName(file), percent: nil,
            around: try surroundings(loop))
        snapshot.turn()
        loop.run()
        #expect(snapshot.failure == nil)
        #expect(FileManager.default.fileExists(atPath: file))
    }
}
