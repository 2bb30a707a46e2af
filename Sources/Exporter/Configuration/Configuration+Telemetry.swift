extension Configuration {
    /// How reports are treated.
    struct Telemetry: ConfigurationObject, Equatable {
        var staleAfter = Duration.seconds(90)
        var resyncInterval = Duration.seconds(300)
        var exportsJobs = true

        static let settings: [Setting<Self>] = [
            Setting(
                "stale_after", \.staleAfter, .duration(atLeast: .seconds(2)),
                "Silence after which a printer is down and its telemetry is withdrawn. A healthy A1 may be silent for 32 s."
            ),
            Setting(
                "resync_interval", \.resyncInterval, .duration(atLeast: .seconds(1)),
                "How often a full report is requested; at most once a minute."),
            Setting("job_info", \.exportsJobs, .flag, "Whether task and file names are exported."),
        ]
    }
}
