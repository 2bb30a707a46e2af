/// The state of the exporter itself for one scrape.
package struct ExporterSnapshot: Sendable {
    package var version = ""
    package var revision = ""
    package var swiftVersion = ""
    package var isConfigurationCurrent = true
    /// The time at which the configuration in use was read, in seconds since 1970.
    package var configurationTime: Double?
    /// The number of rejected HTTP requests by reason; contains every reason.
    package var rejectedRequests: [(reason: String, count: Int)] = []
    /// The number of log lines dropped because the queue was full while standard error was blocked.
    package var droppedLogLines = 0
    /// The account; `nil` if none is configured.
    package var account: AccountSnapshot?
    /// The broker sessions, one for each configured source.
    package var brokerSessions: [BrokerSessionCounts] = []
    /// The process statistics; `nil` if `/proc` is not readable.
    package var process: Process?

    /// The statistics of the process from the kernel, in the units of the metrics.
    package struct Process: Sendable {
        package var cpuSeconds: Double?
        package var residentBytes: Double?
        package var virtualBytes: Double?
        package var openDescriptors: Double?
        package var maximumDescriptors: Double?
        package var startTime: Double?

        package init() {}
    }

    package init() {}

    /// The account if this process exports the account's own series; else `nil`.
    var exportedAccount: AccountSnapshot? { account.flatMap { $0.isExported ? $0 : nil } }
}
