import BambuProtocol
import OpenMetrics

extension MetricGroup<PrinterSnapshot> {
    /// Withdrawn when the account's last success is older than two intervals, or its token is refused.
    static let cloud = Self(
        "Cloud", of: AccountFacts.self, from: { $0.account },
        [
            .flag(
                "bambu_cloud_printer_online", "Whether the printer stands in connection with the cloud (REST online)."
            ) {
                $0.isOnline
            },
            .info(
                "bambu_cloud_print_status", ["status"],
                "What the printer does as the account has it, in lower case (REST print_status)."
            ) { $0.status.map { [$0] } },
            .info(
                "bambu_cloud_camera_info", ["type", "region"],
                "Kind and region of the peer-to-peer camera, where cloud.camera_credentials is set (REST ttcode)."
            ) { $0.camera.map { [$0.type, $0.region] } },
            .gauge("bambu_cloud_task_planned_grams", "Filament that the latest task was planned to use (REST weight).")
            {
                $0.task?.grams
            },
            .gauge("bambu_cloud_task_planned_seconds", "Time that the latest task was planned to take (REST costTime).")
            {
                $0.task?.seconds
            },
            .gauge("bambu_cloud_task_start_timestamp_seconds", "When the latest task began (REST startTime).") {
                $0.task?.start
            },
        ])

    static let cloudShares = Self(
        "Cloud, by slot", labels: ["ams", "tray", "slot"], of: Double.self,
        from: { printer in
            let externals = printer.spoolState?.ams.externals ?? ExternalSpools()
            return (printer.account?.task?.shares ?? []).compactMap { share in
                share.feed.labels(externals: externals).map { ($0, share.grams) }
            }
        },
        [
            .gauge(
                "bambu_cloud_task_tray_grams",
                "Filament that the latest task was planned to use of the slot (REST amsDetailMapping)."
            ) { $0 }
        ])
}

extension MetricGroup<ExporterSnapshot> {
    static let account = Self(
        "The account", of: AccountSnapshot.self, from: { $0.exportedAccount },
        [
            .flag("bambu_cloud_up", "Whether the last poll of the account succeeded.") { $0.isUp },
            .gauge(
                "bambu_cloud_token_expiry_timestamp_seconds",
                "When the account's token ends: as it says itself, or its file, or else 90 days after the file was written."
            ) { $0.tokenExpiry },
            .byLabel(
                "bambu_cloud_requests_total", "api", "Requests sent to the account's REST interface.", kind: .counter
            ) { account in
                AccountSnapshot.API.allCases.map { ($0.rawValue, Double(account.requests[$0] ?? 0)) }
            },
            .gauge("bambu_cloud_last_success_timestamp_seconds", "When a poll of the account succeeded last.") {
                $0.lastSuccess
            },
        ])

    static let accountFailures = Self(
        "The account's failures", labels: ["api"], of: [AccountSnapshot.Failure: Int].self,
        from: { exporter in
            guard let account = exporter.exportedAccount else { return [] }
            return AccountSnapshot.API.allCases.map { ([$0.rawValue], account.failures[$0] ?? [:]) }
        },
        [
            .byLabel(
                "bambu_cloud_request_failures_total", "reason", "Requests that failed, by what went wrong.",
                kind: .counter
            ) { failures in AccountSnapshot.Failure.allCases.map { ($0.rawValue, Double(failures[$0] ?? 0)) } }
        ])

    static let brokerSessions = Self(
        "Sessions that many printers share", labels: ["source"], of: BrokerSessionCounts.self,
        from: { $0.brokerSessions.map { ([$0.source.rawValue], $0) } },
        [
            .counter(
                "bambu_shared_mqtt_connects_total", "Sessions established with a broker that many printers share."
            ) { Double($0.connects) },
            .byLabel(
                "bambu_shared_mqtt_connect_failures_total", "reason",
                "Attempts to connect to such a broker that failed, by what went wrong.", kind: .counter
            ) { link in Link.Failure.allCases.map { ($0.rawValue, Double(link.failures[$0] ?? 0)) } },
        ])
}
