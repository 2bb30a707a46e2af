import BambuProtocol
import OpenMetrics

extension MetricGroup<PrinterSnapshot> {
    /// Metrics that are withdrawn if the last successful poll is older than two intervals or the token was rejected.
    static let cloud = Self(
        "Cloud", of: AccountFacts.self, from: { $0.account },
        [
            .flag(
                "bambu_cloud_printer_online", "Whether the printer is connected to the cloud (REST online).", \.isOnline
            ),
            .info(
                "bambu_cloud_print_status", ["status"],
                "Print status of the printer in the cloud account, in lower case; always 1 (REST print_status)."
            ) { $0.status.map { [$0] } },
            .info(
                "bambu_cloud_camera_info", ["type", "region"],
                "Type and region of the peer-to-peer camera, always 1; only if cloud.camera_credentials is set (REST ttcode)."
            ) { $0.camera.map { [$0.type, $0.region] } },
            .gauge(
                "bambu_cloud_task_planned_grams", "Planned filament use of the latest cloud task (REST weight).",
                \.task?.grams),
            .gauge(
                "bambu_cloud_task_planned_seconds", "Planned duration of the latest cloud task (REST costTime).",
                \.task?.seconds),
            .gauge(
                "bambu_cloud_task_start_timestamp_seconds",
                "Unix time at which the latest cloud task started (REST startTime).", \.task?.start),
        ])

    static let cloudShares = Self(
        "Cloud, by slot", labels: ["ams", "tray", "slot"], of: Double.self,
        from: { printer in
            let externals = printer.spoolState?.ams.externals ?? ExternalSpools()
            return (printer.account?.task?.shares ?? []).compactMap { share in
                share.source.labels(externals: externals).map { ($0, share.grams) }
            }
        },
        [
            .gauge(
                "bambu_cloud_task_tray_grams",
                "Filament from this slot that the latest cloud task was planned to use (REST amsDetailMapping)."
            ) { $0 }
        ])
}

extension MetricGroup<ExporterSnapshot> {
    static let account = Self(
        "Account", of: AccountSnapshot.self, from: { $0.exportedAccount },
        [
            .flag("bambu_cloud_up", "Whether every request of the last poll of the cloud account succeeded.", \.isUp),
            .gauge(
                "bambu_cloud_token_expiry_timestamp_seconds",
                "Unix time at which the cloud token expires: from the token, else from its file, else 90 days after the file was written.",
                \.tokenExpiry),
            .counters(
                "bambu_cloud_requests_total", by: "api", "Requests sent to the REST API of the cloud account, by API.",
                \.requests),
            .gauge(
                "bambu_cloud_last_success_timestamp_seconds",
                "Unix time of the last successful poll of the cloud account.", \.lastSuccess),
        ])

    static let accountFailures = Self(
        "Account failures", labels: ["api"], of: [AccountSnapshot.Failure: Int].self,
        from: { exporter in
            guard let account = exporter.exportedAccount else { return [] }
            return AccountSnapshot.API.allCases.map { ([$0.rawValue], account.failures[$0] ?? [:]) }
        },
        [
            .counters(
                "bambu_cloud_request_failures_total", by: "reason",
                "Failed requests to the REST API of the cloud account, by API and reason."
            ) { $0 }
        ])

    static let brokerSessions = Self(
        "Shared broker sessions", labels: ["source"], of: BrokerSessionCounts.self,
        from: { $0.brokerSessions.map { ([$0.source.rawValue], $0) } },
        [
            .counter(
                "bambu_shared_mqtt_connects_total",
                "MQTT sessions established with a broker that several printers share."
            ) { Double($0.connects) },
            .counters(
                "bambu_shared_mqtt_connect_failures_total", by: "reason",
                "Failed attempts to connect to an MQTT broker that several printers share, by reason.", \.failures),
        ])
}
