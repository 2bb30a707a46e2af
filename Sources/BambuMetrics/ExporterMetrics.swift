import OpenMetrics

extension MetricGroup<ExporterSnapshot> {
    static let exporter = Self(
        "The exporter itself", of: ExporterSnapshot.self, from: { $0 },
        [
            .info(
                "bambu_exporter_build_info", ["version", "revision", "swift_version"],
                "What this program was built from and with."
            ) { [$0.version, $0.revision, $0.swiftVersion] },
            .flag(
                "bambu_exporter_config_last_reload_successful",
                "Whether the configuration could be used when it was last read; if not, the one before it is in force."
            ) { $0.isConfigurationCurrent },
            .gauge(
                "bambu_exporter_config_last_reload_success_timestamp_seconds",
                "When the configuration in force was read."
            ) { $0.configurationTime },
            .byLabel(
                "bambu_exporter_http_requests_rejected_total", "reason", "HTTP requests and connections turned away.",
                kind: .counter
            ) { $0.rejectedRequests.map { ($0.reason, Double($0.count)) } },
            .counter(
                "bambu_exporter_log_lines_dropped_total",
                "Log lines that were dropped because standard error did not take them in time."
            ) { Double($0.droppedLogLines) },
        ])

    /// Named as every exporter names them.
    static let process = Self(
        "The process", of: ExporterSnapshot.Process.self, from: { $0.process },
        [
            .counter("process_cpu_seconds_total", "Processor time used, in user and system mode.", \.cpuSeconds),
            .gauge("process_resident_memory_bytes", "Memory that the process has in RAM.", \.residentBytes),
            .gauge("process_virtual_memory_bytes", "Address space of the process.", \.virtualBytes),
            .gauge("process_open_fds", "Open file descriptors.", \.openDescriptors),
            .gauge("process_max_fds", "File descriptors that the process may open.", \.maximumDescriptors),
            .gauge("process_start_time_seconds", "When the process started.", \.startTime),
        ])
}
