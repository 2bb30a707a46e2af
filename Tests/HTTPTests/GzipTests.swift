import TestSupport
import Testing

@testable import HTTP

@Suite("Gzip")
struct GzipTests {
    @Test(arguments: [0, 1, 1000, 65_536, 3_000_000])
    func `gzip decompresses the output of repeated calls`(count: Int) throws {
        var random = Seeded(46)
        let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = Array(repeatElement("bambu_printer_up{printer=\"one\"} 1\n".utf8, count: count / 30).joined())
        let gzip = Gzip()
        for body in [noise, text, noise] {
            #expect(try unzipped(Gzip.body(of: [#require(gzip.compress(body))])) == body)
        }
    }

    @Test func `parts in any order and number are one body`() throws {
        let texts = ["one\n", "", String(repeating: "two\n", count: 40_000)].map { Array($0.utf8) }
        let gzip = Gzip()
        let parts = try texts.map { try #require(gzip.compress($0)) }
        for places in [[], [0], [0, 1, 2], [2, 2, 0], [1]] {
            #expect(try unzipped(Gzip.body(of: places.map { parts[$0] })) == places.flatMap { texts[$0] })
        }
    }

    @Test func `exposition text shrinks to less than a tenth`() throws {
        let body = Array(
            (0..<1000).map { "bambu_ams_tray_remaining_percent{tray=\"\($0)\"} \($0 % 7)\n" }.joined().utf8)
        #expect(Gzip.body(of: [try #require(Gzip().compress(body))]).count < body.count / 10)
    }
}
