import BambuProtocol
import OpenMetrics

extension MetricGroup<PrinterSnapshot> {
    static let job = Self(
        "Job", of: Boxed<JobSubject>.self, from: { Boxed(JobSubject(printer: $0, job: $0.state?.job)) },
        [
            .states(
                "bambu_printer_state",
                "State of the printer: 1 for the current state, 0 for the others (MQTT gcode_state)."
            ) {
                $0.value.job.map { $0.state ?? Job.State.unknown }
            },
            .gauge(
                "bambu_print_progress_percent",
                "Progress of the print job including preparation, 0 to 100; stays at 100 after the job (MQTT mc_percent).",
                \.value.job?.progress),
            .gauge(
                "bambu_print_remaining_seconds",
                "Printer's estimate of the time until the print job ends; absent without a job (MQTT mc_remaining_time, in minutes).",
                \.value.job?.remainingSeconds),
            .gauge(
                "bambu_print_end_timestamp_seconds",
                "Unix time at which the print job is expected to end; absent without a job (time of the report plus MQTT mc_remaining_time).",
                \.value.job?.endTime),
            .byLabel(
                "bambu_printer_state_seconds_total", "state",
                "Time that the printer spent in each state while reports arrived. A gap between reports counts for at most stale_after.",
                kind: .counter
            ) { $0.value.printer.printer.stateTimes.all.map { ($0.state.rawValue, $0.seconds) } },
            .gauge(
                "bambu_print_start_timestamp_seconds",
                "Unix time at which the print job started: as observed, else from the printer, else from the cloud account. Absent if unknown or idle.",
                \.value.start),
            .gauge("bambu_print_layer", "Current layer of the print job (MQTT layer_num).") {
                $0.value.job?.layer.map(Double.init)
            },
            .gauge("bambu_print_layers", "Number of layers of the print job (MQTT total_layer_num).") {
                $0.value.job?.layers.map(Double.init)
            },
            .info(
                "bambu_print_stage_info", ["stage"],
                "Current stage of the print job, always 1; absent without a job (MQTT stg_cur)."
            ) { $0.value.job?.stageName.map { [$0] } },
            .info(
                "bambu_print_job_info", ["task", "file", "type"],
                "Name, file and type of the current or last print job; always 1 (MQTT subtask_name, gcode_file, print_type)."
            ) {
                guard $0.value.printer.showsJobs, let job = $0.value.job, job.isNamed else { return nil }
                return [job.task ?? "", job.file ?? "", job.type ?? ""]
            },
            .gauge(
                "bambu_print_error_code",
                "Error code of the printer as a number, 0 if there is no error (MQTT print_error)."
            ) {
                $0.value.job?.error.map(Double.init)
            },
            .info(
                "bambu_print_error_info", ["code", "text"],
                "Error code as on the printer's screen, and its text with fault_texts; always 1, absent without an error."
            ) { subject in
                guard let error = subject.value.job?.error, error != 0 else { return nil }
                return [PrintError.text(of: error), subject.value.printer.faultTexts?.text(ofError: error) ?? ""]
            },
            .gauge(
                "bambu_print_speed_percent", "Print speed relative to the standard speed, which is 100 (MQTT spd_mag).",
                \.value.job?.speedPercent),
            .gauge(
                "bambu_print_speed_level",
                "Print speed level: 1 silent, 2 standard, 3 sport, 4 ludicrous (MQTT spd_lvl)."
            ) { $0.value.job?.speedLevel.map(Double.init) },
            .counter("bambu_prints_started_total", "Print jobs that started while the exporter was running.") {
                Double($0.value.printer.printer.jobs.started)
            },
            .counter(
                "bambu_prints_finished_total", "Print jobs that finished successfully while the exporter was running."
            ) {
                Double($0.value.printer.printer.jobs.finished)
            },
            .counter(
                "bambu_prints_failed_total",
                "Print jobs that failed while the exporter was running, not counting cancelled ones."
            ) {
                Double($0.value.printer.printer.jobs.failed)
            },
            .counter(
                "bambu_prints_cancelled_total",
                "Print jobs cancelled while the exporter was running (MQTT print_error 0300_400C or 0500_400E, or idle before the job ended)."
            ) { Double($0.value.printer.printer.jobs.cancelled) },
        ])
}

/// A printer and its print job.
private struct JobSubject {
    let printer: PrinterSnapshot
    /// The job; `nil` while the printer is down.
    let job: Job?

    /// The start time; the account's latest task is used only for a job that came from the cloud.
    var start: Double? {
        guard let job else { return nil }
        if let start = printer.printer.jobs.startTime ?? job.startTime { return start }
        return job.state?.isActive == true && job.type == "cloud" ? printer.account?.task?.start : nil
    }
}
