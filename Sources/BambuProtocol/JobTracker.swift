/// Counts the jobs of a printer as this process sees them start and end, over gaps and reconnects.
///
/// A start is the entry into preparing or running from any state but those two and pause, so a job counts once and a
/// resume not at all. The first state that is seen counts nothing. Across a gap a state that is the same counts nothing
/// either, unless the job's names say that it is another job; they may be told long after the gap, for most reports leave
/// them out. The end of a job that was replaced in a gap was not seen, and counts nowhere.
package struct JobTracker: Sendable, Equatable {
    package private(set) var started = 0
    package private(set) var finished = 0
    package private(set) var failed = 0
    package private(set) var cancelled = 0
    /// When this process saw the present job start, in seconds since 1970; `nil` where it did not, and when idle.
    package private(set) var startTime: Double?

    /// A P2S on 01.02 says FAILED with `print_error` 0 first and that the user cancelled 4.7 s later. A P1 takes the reason
    /// back after about 2 s, whether or not it has said yet that the job ended (ha-bambulab).
    private static let patience = 10.0

    private var last: Job.State?
    private var lastTime: Double?
    private var lastNames = JobNames()
    private var lastError: UInt32 = 0
    /// When the printer last said that the present job was cancelled.
    private var cancelTime: Double?
    /// Whether the printer may have taken another job unseen, for it was out of reach or restarted, and has neither named
    /// its job since nor been seen to start one.
    private var isAfterGap = false
    /// Whether it has named its job since.
    private var isNamed = false
    private var open: OpenEnd?

    /// A job that ended without a reason so far.
    private struct OpenEnd: Equatable {
        let since: Double
        /// Whether the printer said that the job failed; if not, it went idle, and the job is cancelled.
        let isFailure: Bool
    }

    /// Reports may have been missed.
    mutating func interrupt() {
        isAfterGap = true
        isNamed = false
    }

    /// Takes in the job as one report left it.
    ///
    /// - Parameters:
    ///   - isNamed: whether the report itself names the job.
    ///   - time: seconds since 1970.
    /// - Returns: whether the job is another one than before.
    @discardableResult
    mutating func observe(_ job: Job, isNamed: Bool, at time: Double) -> Bool {
        if isNamed { self.isNamed = true }
        guard let state = job.state else { return false }
        if job.isCancelled { cancelTime = time }
        settle(job, at: time)
        // A printer that restarts says "" or INIT, and then again what it said before.
        guard state.isTelling else {
            interrupt()
            return false
        }
        let isLate = isAfterGap && lastTime.map { time - $0 > Self.patience } ?? true
        defer { remember(job, state, at: time) }
        guard let last else { return false }
        let isOther = isAfterGap && JobNames(job).contradict(lastNames)
        let isStart = (state == .prepare || state == .running) && (isOther || !last.isActive)
        if isStart {
            started += 1
            isAfterGap = false
            cancelTime = nil
        }
        if isOther || isStart || state == .idle { startTime = nil }
        // When a job started that was found under way is not known.
        if isStart, !isOther, !isLate { startTime = time }
        if state != last { end(job, state, after: last, isOther: isOther, at: time) }
        return isOther || isStart
    }

    private mutating func end(_ job: Job, _ state: Job.State, after last: Job.State, isOther: Bool, at time: Double) {
        switch state {
        case .finish:
            finished += 1
            return
        case .failed: open = OpenEnd(since: time, isFailure: true)
        // A job that was at its end before a gap, and is not there after it, may have finished.
        case .idle where last.isActive && !isOther && !(isAfterGap && job.progress == 100):
            open = OpenEnd(since: time, isFailure: false)
        default: return
        }
        settle(job, at: time)
    }

    private mutating func remember(_ job: Job, _ state: Job.State, at time: Double) {
        last = state
        lastTime = time
        lastNames.update(JobNames(job))
        lastError = job.error ?? 0
        if isNamed { isAfterGap = false }
    }

    /// Decides an end that was waiting for its reason. An error that was there before the failure, such as the one that
    /// paused the job which a user then cancelled, is not yet the reason.
    private mutating func settle(_ job: Job, at time: Double) {
        guard let open else { return }
        let error = job.error ?? 0
        if cancelTime.map({ abs(time - $0) <= Self.patience }) == true {
            cancelled += 1
        } else if open.isFailure, error != 0, error != lastError {
            failed += 1
        } else if isPatienceOver(at: time) {
            return settle(at: time)
        } else if open.isFailure, job.state != .failed {
            failed += 1
        } else if !open.isFailure, job.state != .idle {
            // A job that went idle may yet be said to have finished or failed, which counts as that.
            if job.state != .finish, job.state != .failed { cancelled += 1 }
        } else {
            return
        }
        self.open = nil
    }

    /// Decides an end whose reason has not come in time, though no report came either.
    mutating func settle(at time: Double) {
        guard let open, isPatienceOver(at: time) else { return }
        if open.isFailure { failed += 1 } else { cancelled += 1 }
        self.open = nil
    }

    private func isPatienceOver(at time: Double) -> Bool {
        open.map { time - $0.since >= Self.patience || time < $0.since } ?? false
    }

    /// Whether an end waits for its reason.
    package var isUndecided: Bool { open != nil }
}
