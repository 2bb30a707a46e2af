extension Configuration {
    /// The `telemetry` section: how reports are handled.
    struct Telemetry: ConfigurationObject, Equatable {
        var staleAfter = Duration.seconds(90)
        var resyncInterval = Duration.seconds(300)
        var exportsJobs = true

        static let settings: [Setting<Self>] = [
            Setting(
                "stale_after", \.staleAfter, .duration(atLeast: .seconds(2)),
                """
                The time without a report after which a printer is down and its telemetry is withdrawn. A healthy A1 \
                may be silent for 32 s.
                """
            ),
            Setting(
                "resync_interval", \.resyncInterval, .duration(atLeast: .seconds(1)),
                "The interval of full-report requests. At most one per minute is sent."),
            Setting("job_info", \.exportsJobs, .flag, "Whether to export task and file names."),
        ]
    }
}
