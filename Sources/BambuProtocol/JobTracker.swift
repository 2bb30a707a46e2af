/// Counts the jobs of a printer as this process sees them start and end, over gaps and reconnects.
package struct JobTracker: Sendable, Equatable {
    package private(set) var started = 0
    package private(set) var finished = 0
    package private(set) var failed = 0
    package private(set) var cancelled = 0
    /// When this process saw the present job start, in seconds since 1970; `nil` where it did not, and when idle.
    package private(set) var startTime: Double?

    /// A P2S on 01.02 says FAILED with `print_error` 0 first and that the user cancelled 4.7 s later.
    private static let patience = 10.0

    private var last: Job.State?
    private var lastJob: [String?] = []
    /// When a job failed without a reason so far.
    private var failedAt: Double?

    /// Takes in the job as one report left it.
    ///
    /// - Parameters:
    ///   - afterGap: whether reports may have been missed since the last one.
    ///   - time: seconds since 1970.
    mutating func observe(_ job: Job, afterGap: Bool, at time: Double) {
        guard let state = job.state else { return }
        defer {
            last = state
            if let identity = Self.identity(of: job) { lastJob = identity }
        }
        guard let last else { return }
        settle(job, at: time)
        // Only across a gap does another name mean another job: within one stream the name may follow the state.
        let isOther = afterGap && Self.identity(of: job).map { !lastJob.isEmpty && $0 != lastJob } ?? false
        let began = state == .prepare || state == .running
        if began, isOther || !last.isActive {
            started += 1
            startTime = time
        }
        if state == .idle { startTime = nil }
        guard state != last else { return }
        switch state {
        case .finish: finished += 1
        case .failed:
            failedAt = time
            settle(job, at: time)
        case .idle where last.isActive && job.error.map(PrintError.cancelled.contains) == true: cancelled += 1
        default: break
        }
    }

    /// Decides a failure that was waiting for its reason.
    private mutating func settle(_ job: Job, at time: Double) {
        guard let since = failedAt else { return }
        if let error = job.error, PrintError.cancelled.contains(error) {
            cancelled += 1
        } else if job.state != .failed || (job.error ?? 0) != 0 || time - since >= Self.patience || time < since {
            failed += 1
        } else {
            return
        }
        failedAt = nil
    }

    /// Decides a failure whose reason has not come in time, though no report came either.
    mutating func settle(at time: Double) {
        guard let since = failedAt, time - since >= Self.patience || time < since else { return }
        failed += 1
        failedAt = nil
    }

    /// Whether a failure waits for its reason.
    package var isUndecided: Bool { failedAt != nil }

    private static func identity(of job: Job) -> [String?]? {
        let names = [job.task] + job.identifiers
        return names.contains { !($0 ?? "").isEmpty } ? names : nil
    }
}
