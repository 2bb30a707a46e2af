import BambuMetrics
import BambuProtocol
import Platform
import Testing

@testable import Exporter
@testable import OpenMetrics

@Suite("PrinterMailbox")
struct PrinterMailboxTests {
    private let mailbox = PrinterMailbox(name: "garage", serial: "01P00A000000001", hasSource: true)

    private func report() {
        mailbox.publish(
            PrinterSnapshot(
                name: "garage", transport: .lan, link: Link(), printer: Printer(serial: "01P00A000000001")),
            isTried: true, freshUntil: nil)
    }

    /// Whether two scrapes return the same buffer, as opposed to equal bytes rendered twice.
    private func isKept() -> Bool {
        let blocks = (0..<2).compactMap { _ in mailbox.read(at: Instant.now()).map(mailbox.block) }
        let places = blocks.map { $0.bytes.withUnsafeBytes { $0.baseAddress } }
        return places.count == 2 && places[0] == places[1]
    }

    @Test func `samples of an idle printer are cached between scrapes`() {
        report()
        #expect(isKept())
        report()
        #expect(isKept())
    }

    @Test func `samples are not cached while reports outpace scrapes`() {
        report()
        #expect(isKept())
        report()
        report()
        #expect(!isKept())
        #expect(isKept())
    }
}
