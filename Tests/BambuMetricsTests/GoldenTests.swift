import Foundation
import Testing

@Suite("Fixtures")
struct GoldenTests {
    @Test(arguments: Fixture.all)
    func `the messages of a printer give this exposition`(fixture: Fixture) throws {
        let exposition = try fixture.exposition()
        if Fixture.isUpdating {
            try exposition.write(to: fixture.golden, atomically: true, encoding: .utf8)
            Issue.record(
                "\(fixture.golden.lastPathComponent) was rewritten; check it and run again without UPDATE_GOLDEN")
            return
        }
        #expect(try exposition == String(contentsOf: fixture.golden, encoding: .utf8))
    }
}
