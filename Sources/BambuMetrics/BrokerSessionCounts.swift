/// The counters of a broker session that many printers share, for one scrape.
package struct BrokerSessionCounts: Sendable, Equatable {
    package enum Source: String, CaseIterable, Sendable {
        case cloud, broker
    }

    package let source: Source
    package let connects: Int
    package let failures: [Link.Failure: Int]

    package init(source: Source, connects: Int = 0, failures: [Link.Failure: Int] = [:]) {
        self.source = source
        self.connects = connects
        self.failures = failures
    }
}
