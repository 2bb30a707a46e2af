import BambuMetrics
import BambuProtocol
import Reactor
import Testing

@testable import Exporter
@testable import OpenMetrics

@Suite("PrinterMailbox")
struct PrinterCellTests {
    private let mailbox = PrinterMailbox()

    private func report() {
        mailbox.publish(
            PrinterSnapshot(
                name: "garage", transport: .lan, link: Link(), printer: Printer(serial: "01P00A000000001")),
            isTried: true, freshUntil: nil)
    }

    /// Whether two scrapes were given the very same bytes, and not the same ones written again.
    private func isKept() -> Bool {
        let blocks = [mailbox.block(at: Instant.now()), mailbox.block(at: Instant.now())]
        let places = blocks.map { $0?.bytes.withUnsafeBytes { $0.baseAddress } }
        return places[0] == places[1]
    }

    @Test func `samples of a printer at rest are kept from scrape to scrape`() {
        report()
        #expect(isKept())
        report()
        #expect(isKept())
    }

    @Test func `those of one that reports faster than it is scraped are not, until it rests`() {
        report()
        #expect(isKept())
        report()
        report()
        #expect(!isKept())
        #expect(isKept())
    }
}
