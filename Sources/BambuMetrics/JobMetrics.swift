import BambuProtocol
import OpenMetrics

extension MetricGroup<PrinterSnapshot> {
    static let job = Self(
        "Job", of: JobSubject.self, from: JobSubject.init,
        [
            .states("bambu_printer_state", "What the printer does: 1 for the state it is in (MQTT gcode_state).") {
                $0.job.map { $0.state ?? Job.State.unknown }
            },
            .gauge(
                "bambu_print_progress_percent",
                "Progress of the job, preparation included; stays at 100 after it (MQTT mc_percent)."
            ) { $0.job?.progress },
            .gauge(
                "bambu_print_remaining_seconds",
                "Time to the end as the printer reckons, while there is a job (MQTT mc_remaining_time, in minutes)."
            ) { $0.job?.remainingSeconds },
            .gauge(
                "bambu_print_end_timestamp_seconds",
                "When the job will end as the printer reckons, while there is one (time of the report, MQTT mc_remaining_time)."
            ) { $0.job?.endTime },
            .byLabel(
                "bambu_printer_state_seconds_total", "state",
                "Time spent in each state while reports came; of a gap in them stale_after counts at most.",
                kind: .counter
            ) { $0.stateTimes.all.map { ($0.state.rawValue, $0.seconds) } },
            .gauge(
                "bambu_print_start_timestamp_seconds",
                "When this process saw the job start, or the printer's or the account's word for it; absent where none is known, and when idle."
            ) { $0.start },
            .gauge("bambu_print_layer", "Layer being printed (MQTT layer_num).") {
                $0.job?.layer.map(Double.init)
            },
            .gauge("bambu_print_layers", "Layers of the job (MQTT total_layer_num).") {
                $0.job?.layers.map(Double.init)
            },
            .info(
                "bambu_print_stage_info", ["stage"], "Stage of the job, while there is one (MQTT stg_cur)."
            ) { $0.job?.stageName.map { [$0] } },
            .info(
                "bambu_print_job_info", ["task", "file", "type"],
                "The job, or the last one (MQTT subtask_name, gcode_file, print_type)."
            ) {
                guard $0.showsJobs, let job = $0.job, job.isNamed else { return nil }
                return [job.task ?? "", job.file ?? "", job.type ?? ""]
            },
            .gauge("bambu_print_error_code", "The printer's error as a number, 0 for none (MQTT print_error).") {
                $0.job?.error.map(Double.init)
            },
            .info(
                "bambu_print_error_info", ["code", "text"],
                "The printer's error as its screen and the wiki write it, in words with fault_texts; absent without an error."
            ) { subject in
                guard let error = subject.job?.error, error != 0 else { return nil }
                return [PrintError.text(of: error), subject.texts?.text(ofError: error) ?? ""]
            },
            .gauge("bambu_print_speed_percent", "Speed of the print, 100 being normal (MQTT spd_mag).") {
                $0.job?.speedPercent
            },
            .gauge(
                "bambu_print_speed_level",
                "Speed of the print: 1 silent, 2 standard, 3 sport, 4 ludicrous (MQTT spd_lvl)."
            ) { $0.job?.speedLevel.map(Double.init) },
            .counter("bambu_prints_started_total", "Jobs that this process saw start.") {
                Double($0.counts.started)
            },
            .counter("bambu_prints_finished_total", "Jobs that this process saw finish.") {
                Double($0.counts.finished)
            },
            .counter("bambu_prints_failed_total", "Jobs that this process saw fail, cancelled ones left out.") {
                Double($0.counts.failed)
            },
            .counter(
                "bambu_prints_cancelled_total",
                "Jobs that this process saw cancelled: by MQTT print_error 0300_400C or 0500_400E, or idle without an end."
            ) { Double($0.counts.cancelled) },
        ])
}

/// The job of a printer. A class, since every metric of the group is handed it, texts and all.
private final class JobSubject: Sendable {
    /// `nil` while the printer is down.
    let job: Job?
    let counts: JobTracker
    let stateTimes: StateTimes
    let texts: FaultTexts?
    let showsJobs: Bool
    private let accountStart: Double?

    init(_ printer: PrinterSnapshot) {
        job = printer.state?.job
        counts = printer.printer.jobs
        stateTimes = printer.printer.stateTimes
        texts = printer.faultTexts
        showsJobs = printer.showsJobs
        accountStart = printer.account?.task?.start
    }

    /// The account's latest task is taken for the job only where the job came from there.
    var start: Double? {
        guard let job else { return nil }
        if let start = counts.startTime ?? job.startTime { return start }
        return job.state?.isActive == true && job.type == "cloud" ? accountStart : nil
    }
}
