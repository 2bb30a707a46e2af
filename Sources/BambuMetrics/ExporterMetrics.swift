import OpenMetrics

extension MetricGroup<ExporterSnapshot> {
    static let exporter = Self(
        "Exporter", of: ExporterSnapshot.self, from: { $0 },
        [
            .info(
                "bambu_exporter_build_info", ["version", "revision", "swift_version"],
                "Version, source revision and Swift version of the exporter; always 1."
            ) { [$0.version, $0.revision, $0.swiftVersion] },
            .flag(
                "bambu_exporter_config_last_reload_successful",
                "Whether the last reload of the configuration succeeded. If not, the previous configuration stays in use.",
                \.isConfigurationCurrent),
            .gauge(
                "bambu_exporter_config_last_reload_success_timestamp_seconds",
                "Unix time at which the configuration in use was read.", \.configurationTime),
            .byLabel(
                "bambu_exporter_http_requests_rejected_total", "reason",
                "HTTP requests and connections that the exporter rejected, by reason.",
                kind: .counter
            ) { $0.rejectedRequests.map { ($0.reason, Double($0.count)) } },
            .counter(
                "bambu_exporter_log_lines_dropped_total",
                "Log lines dropped because standard error was blocked."
            ) { Double($0.droppedLogLines) },
        ])

    /// The standard process metrics of Prometheus client libraries.
    static let process = Self(
        "Process", of: ExporterSnapshot.Process.self, from: { $0.process },
        [
            .counter(
                "process_cpu_seconds_total", "CPU time of the exporter process in user and system mode.", \.cpuSeconds),
            .gauge("process_resident_memory_bytes", "Resident memory of the exporter process.", \.residentBytes),
            .gauge("process_virtual_memory_bytes", "Virtual memory of the exporter process.", \.virtualBytes),
            .gauge("process_open_fds", "Open file descriptors of the exporter process.", \.openDescriptors),
            .gauge(
                "process_max_fds", "Maximum number of open file descriptors of the exporter process.",
                \.maximumDescriptors),
            .gauge("process_start_time_seconds", "Unix time at which the exporter process started.", \.startTime),
        ])
}
