/// All that one scrape needs to know of the exporter itself.
package struct ExporterSnapshot: Sendable {
    package var version = ""
    package var revision = ""
    package var swiftVersion = ""
    package var isConfigurationCurrent = true
    /// When the configuration in force was read, in seconds since 1970.
    package var configurationTime: Double?
    /// HTTP requests turned away, by reason; every reason there is.
    package var rejectedRequests: [(reason: String, count: Int)] = []
    /// Log lines that did not fit into the queue because standard error takes nothing.
    package var droppedLogLines = 0
    /// `nil` where no account is configured.
    package var account: AccountSnapshot?
    /// One for each source that is configured.
    package var brokerSessions: [BrokerSessionCounts] = []
    /// `nil` where `/proc` does not tell.
    package var process: Process?

    /// What the kernel says of the process, in the units of the metrics.
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
}

extension ExporterSnapshot {
    /// The account where its own series are this process' to export.
    var exportedAccount: AccountSnapshot? { account.flatMap { $0.isExported ? $0 : nil } }
}
