import BambuMetrics
import BambuProtocol
import OpenMetrics
import Platform
import TestSupport
import Testing

@testable import Exporter

@Suite("Exposition")
struct ExpositionTests {
    private let mailboxes = (0..<2).map {
        PrinterMailbox(name: "printer \($0)", serial: "01P00A00000000\($0)", hasSource: true)
    }
    private let compressor = ExpositionCompressor()

    init() {
        for place in mailboxes.indices { publish(place, celsius: 20) }
    }

    private func publish(_ place: Int, celsius: Int) {
        var printer = Printer(serial: "01P00A00000000\(place)")
        let report = #"{"print":{"nozzle_temper":\#(celsius),"gcode_state":"IDLE"}}"#
        _ = Array(report.utf8).withUnsafeBytes { printer.apply($0, at: 1_700_000_000) }
        let snapshot = PrinterSnapshot(name: "printer \(place)", transport: .lan, link: Link(), printer: printer)
        mailboxes[place].publish(snapshot, isTried: true, freshUntil: nil)
    }

    private func exposition(_ format: ExpositionFormat = .text, of mailboxes: [PrinterMailbox]? = nil) -> Exposition {
        Exposition(of: mailboxes ?? self.mailboxes, exporter: ExporterSnapshot(), in: format, at: Instant.now())
    }

    @Test func `a version is that of the printers and the format`() {
        let version = exposition().version
        #expect(version == exposition().version)
        #expect(version != exposition(.openMetrics).version)
        #expect(version != exposition(of: [mailboxes[0]]).version)
        #expect(version != exposition(of: mailboxes.reversed()).version)
        publish(1, celsius: 20)
        #expect(version != exposition().version)
    }

    @Test func `a compressed body has the samples of now, whatever is kept`() throws {
        for celsius in [20, 20, 21] {
            publish(0, celsius: celsius)
            for format in [ExpositionFormat.text, .openMetrics, .openMetrics, .text] {
                let exposition = exposition(format)
                let body = try #require(compressor.body(of: exposition, isKept: true))
                #expect(try unzipped(body) == exposition.body)
            }
        }
    }

    @Test func `a body that would grow is not compressed`() {
        let nothing = Exposition(of: [], exporter: nil, in: .text, at: Instant.now())
        #expect(compressor.body(of: nothing, isKept: false) == nil)
    }
}
