/// Counts the jobs of a printer as this process sees them start and end, over gaps and reconnects.
///
/// A start is the entry into preparing or running from any state but those two and pause, so a job counts once and a
/// resume not at all. The first state that is seen counts nothing. Across a gap a state that is the same counts nothing
/// either, unless the job's names say that it is another job; they may be told long after the gap, for most reports leave
/// them out.
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
    private var lastNames = Names()
    private var lastError: UInt32 = 0
    /// Whether the printer may have taken another job unseen, for it was out of reach or restarted, and has neither named
    /// its job since nor been seen to start one.
    private var isAfterGap = false
    /// Whether it has named its job since.
    private var isNamed = false
    /// When a job failed without a reason so far.
    private var failedAt: Double?

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
    mutating func observe(_ job: Job, isNamed: Bool, at time: Double) {
        if isNamed { self.isNamed = true }
        guard let state = job.state else { return }
        settle(job, at: time)
        // A printer that restarts says "" or INIT, and then again what it said before.
        guard state.isTelling else { return interrupt() }
        defer { remember(job, state) }
        guard let last else { return }
        let isOther = isAfterGap && Names(job).contradict(lastNames)
        if isOther { startTime = nil }
        if state == .prepare || state == .running, isOther || !last.isActive {
            started += 1
            startTime = time
            isAfterGap = false
        }
        if state == .idle { startTime = nil }
        guard state != last else { return }
        switch state {
        case .finish: finished += 1
        case .failed:
            failedAt = time
            settle(job, at: time)
        case .idle where last.isActive && job.isCancelled: cancelled += 1
        default: break
        }
    }

    private mutating func remember(_ job: Job, _ state: Job.State) {
        last = state
        lastNames.update(Names(job))
        lastError = job.error ?? 0
        if isNamed { isAfterGap = false }
    }

    /// Decides a failure that was waiting for its reason. An error that was there before the failure, such as the one
    /// that paused the job which somebody then cancelled, is not yet the reason.
    private mutating func settle(_ job: Job, at time: Double) {
        guard let since = failedAt else { return }
        let error = job.error ?? 0
        let isExplained = error != 0 && error != lastError
        if job.isCancelled {
            cancelled += 1
        } else if job.state != .failed || isExplained || time - since >= Self.patience || time < since {
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
}

extension Job {
    fileprivate var isCancelled: Bool { error.map(PrintError.cancelled.contains) == true }
}

/// What tells one job from the next: its task's name and its ids, as far as they are known.
private struct Names: Sendable, Equatable {
    private var task: String?
    private var taskID: String?
    private var subtaskID: String?

    init() {}

    init(_ job: Job) {
        func known(_ name: String?) -> String? { name?.isEmpty == true ? nil : name }
        task = known(job.task)
        taskID = known(job.taskID)
        subtaskID = known(job.subtaskID)
    }

    /// Whether a name that both know differs.
    func contradict(_ others: Names) -> Bool {
        func differ(_ one: String?, _ other: String?) -> Bool { one != nil && other != nil && one != other }
        return differ(task, others.task) || differ(taskID, others.taskID)
            || differ(subtaskID, others.subtaskID)
    }

    mutating func update(_ newer: Names) {
        task = newer.task ?? task
        taskID = newer.taskID ?? taskID
        subtaskID = newer.subtaskID ?? subtaskID
    }
}
