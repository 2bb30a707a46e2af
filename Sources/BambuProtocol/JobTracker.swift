/// Counts the starts and ends of a printer's jobs that this process sees, across gaps and reconnects.
///
/// A job starts when the state changes to preparing or running from any state except those two and pause, so a job
/// counts once and a resume does not count. The first state that is seen counts nothing. Across a gap, an unchanged
/// state counts nothing either, unless the job's names show that it is another job. The names may come long after it,
/// because most reports leave them out. If a job was replaced in a gap, its end was not seen and is not counted.
package struct JobTracker: Sendable, Equatable {
    package private(set) var started = 0
    package private(set) var finished = 0
    package private(set) var failed = 0
    package private(set) var cancelled = 0
    /// When this process saw the current job start, in seconds since 1970; `nil` if it did not, and when idle.
    package private(set) var startTime: Double?

    /// How long an end waits for its reason, in seconds.
    ///
    /// A P2S on 01.02 first reports FAILED with `print_error` 0, and 4.7 s later that the user cancelled the job. A P1
    /// clears the reason after about 2 s, before or after it reports that the job ended (ha-bambulab).
    private static let reasonTimeout = 10.0

    private var last: Job.State?
    private var lastTime: Double?
    private var lastNames = JobNames()
    private var lastError: UInt32 = 0
    /// When the printer last reported that the current job was cancelled.
    private var cancelTime: Double?
    /// Whether the printer may have started another job unseen.
    ///
    /// It is true after the printer was unreachable or restarted, until it names its job or is seen to start one.
    private var isAfterGap = false
    /// Whether the printer has named its job since the gap.
    private var isNamed = false
    private var pendingEnd: PendingEnd?
    /// Whether the job that went idle last counts as cancelled by its error.
    private var isIdleEndCancelled = false

    /// A job that ended and has no reason yet.
    private struct PendingEnd: Equatable {
        let since: Double
        /// Whether the printer reported that the job failed. If not, it went idle, and the job counts as cancelled.
        let isFailure: Bool
    }

    /// Records that reports may have been missed.
    mutating func interrupt() {
        isAfterGap = true
        isNamed = false
    }

    /// Counts what one report changed.
    ///
    /// - Parameters:
    ///   - isNamed: whether the report itself names the job.
    ///   - time: seconds since 1970.
    /// - Returns: whether the job is a new one.
    @discardableResult
    mutating func observe(_ job: Job, isNamed: Bool, at time: Double) -> Bool {
        if isNamed { self.isNamed = true }
        guard let state = job.state else { return false }
        if job.isCancelled { cancelTime = time }
        resolvePendingEnd(job, at: time)
        // A printer that restarts reports "" or INIT, and then its previous state again.
        guard state.isConclusive else {
            interrupt()
            return false
        }
        let isLate = isAfterGap && lastTime.map { time - $0 > Self.reasonTimeout } ?? true
        defer { remember(job, state, at: time) }
        guard let last else { return false }
        let isOther = isAfterGap && JobNames(job).conflicts(with: lastNames)
        let isStart = (state == .prepare || state == .running) && (isOther || !last.isActive)
        if isStart {
            started += 1
            isAfterGap = false
            isIdleEndCancelled = false
            cancelTime = nil
        }
        if isOther || isStart || state == .idle { startTime = nil }
        // If a job was already active when it was found, its start is not known.
        if isStart, !isOther, !isLate { startTime = time }
        if state != last { end(job, state, after: last, isOther: isOther, at: time) }
        return isOther || isStart
    }

    private mutating func end(_ job: Job, _ state: Job.State, after last: Job.State, isOther: Bool, at time: Double) {
        switch state {
        case .finish:
            finished += 1
            return
        // The printer may still report that the cancelled job failed.
        case .failed where last == .idle && isIdleEndCancelled: return
        case .failed: pendingEnd = PendingEnd(since: time, isFailure: true)
        // If an idle printer reports 100 % after a gap, the job may have finished in the gap.
        case .idle where last.isActive && !isOther && !(isAfterGap && job.progress == 100):
            pendingEnd = PendingEnd(since: time, isFailure: false)
        default: return
        }
        resolvePendingEnd(job, at: time)
    }

    private mutating func remember(_ job: Job, _ state: Job.State, at time: Double) {
        last = state
        lastTime = time
        lastNames.update(JobNames(job))
        lastError = job.error ?? 0
        if isNamed { isAfterGap = false }
    }

    /// Decides an end that waits for its reason.
    ///
    /// An error older than the failure, such as the one that paused the job before a user cancelled it, is not the
    /// reason yet.
    private mutating func resolvePendingEnd(_ job: Job, at time: Double) {
        guard let pendingEnd else { return }
        let error = job.error ?? 0
        if cancelTime.map({ abs(time - $0) <= Self.reasonTimeout }) == true {
            cancelled += 1
            isIdleEndCancelled = !pendingEnd.isFailure
        } else if pendingEnd.isFailure, error != 0, error != lastError {
            failed += 1
        } else if isReasonOverdue(at: time) {
            return resolvePendingEnd(at: time)
        } else if pendingEnd.isFailure, job.state != .failed {
            failed += 1
        } else if !pendingEnd.isFailure, job.state != .idle {
            // The printer may still report that a job that went idle finished or failed, and then that counts.
            if job.state != .finish, job.state != .failed { cancelled += 1 }
        } else {
            return
        }
        self.pendingEnd = nil
    }

    /// Decides an end whose reason did not arrive in time. It is called without a report.
    mutating func resolvePendingEnd(at time: Double) {
        guard let pendingEnd, isReasonOverdue(at: time) else { return }
        if pendingEnd.isFailure { failed += 1 } else { cancelled += 1 }
        self.pendingEnd = nil
    }

    private func isReasonOverdue(at time: Double) -> Bool {
        pendingEnd.map { time - $0.since >= Self.reasonTimeout || time < $0.since } ?? false
    }

    /// Whether an end waits for its reason.
    package var hasPendingEnd: Bool { pendingEnd != nil }
}
