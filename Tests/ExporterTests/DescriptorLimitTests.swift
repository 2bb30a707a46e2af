import Platform
import Testing

@testable import Exporter

@Suite("The limit of open files")
struct DescriptorLimitTests {
    @Test(arguments: [
        (DescriptorLimit(before: 1024, now: 1024), 1, "level=debug"),
        (
            DescriptorLimit(before: 1024, now: 65536), 1000,
            #"level=info msg="Raised the limit of open files" from=1024 to=65536"#
        ),
        (DescriptorLimit(before: 1024, now: 4096), 1000, "level=warn"),
        (DescriptorLimit(before: 64, now: 64), 1, "level=warn"),
    ])
    func `the limit is logged, with a warning if it is too low`(limit: DescriptorLimit, printers: Int, said: String) {
        let lines = Locked<[String]>([])
        limit.log(to: Log(level: .debug) { line in lines.withLock { $0.append(line) } }, printers: printers)
        #expect(lines.withLock { $0 }.count == 1)
        #expect(lines.withLock { $0 }.first?.contains(said) == true)
    }

    @Test func `the limit is raised to the maximum`() throws {
        let limit = try #require(DescriptorLimit.raise())
        #expect(limit.now >= limit.before)
        #expect(DescriptorLimit.raise() == DescriptorLimit(before: limit.now, now: limit.now))
    }
}
