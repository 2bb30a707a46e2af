/// The names that identify a job: its task's name and its ids, if they are known.
struct JobNames: Sendable, Equatable {
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

    /// Whether a name that both contain differs.
    func conflicts(with others: JobNames) -> Bool {
        func differ(_ one: String?, _ other: String?) -> Bool { one != nil && other != nil && one != other }
        return differ(task, others.task) || differ(taskID, others.taskID)
            || differ(subtaskID, others.subtaskID)
    }

    mutating func update(_ newer: JobNames) {
        task = newer.task ?? task
        taskID = newer.taskID ?? taskID
        subtaskID = newer.subtaskID ?? subtaskID
    }
}
