import BambuMetrics
import BambuProtocol

/// One printer as the account's answers describe it, each the last of its kind.
struct AccountPrinter: Equatable {
    /// The requests whose answers are shown.
    enum Source: Hashable {
        case bind, print, version, task
    }

    var bind: AccountDevice? { didSet { misses[.bind] = nil } }
    var print: AccountDevice? { didSet { misses[.print] = nil } }
    var version: AccountDevice? { didSet { misses[.version] = nil } }
    var task: AccountTask? { didSet { misses[.task] = nil } }
    var camera: AccountCamera?

    /// An answer is shown until this many requests in a row have failed.
    private static let missLimit = 2

    private let serial: String
    private var misses: [Source: Int] = [:]

    init(serial: String) {
        self.serial = serial
    }

    /// A request failed.
    mutating func noteMiss(_ source: Source) {
        misses[source, default: 0] += 1
    }

    private func isCurrent(_ source: Source) -> Bool { misses[source, default: 0] < Self.missLimit }

    /// What scrapes show while the account answers.
    var facts: AccountFacts {
        let bind = isCurrent(.bind) ? bind : nil
        let print = isCurrent(.print) ? print : nil
        let version = isCurrent(.version) ? version : nil
        let task = isCurrent(.task) ? task : nil
        var facts = AccountFacts()
        facts.isOnline = bind?.isOnline ?? print?.isOnline
        facts.status = bind?.status ?? print?.status
        facts.isUpdateAvailable = version?.isUpdateAvailable
        facts.ams = units(of: [bind, version])
        facts.task = task
        if print?.taskStart != nil || print?.taskSeconds != nil {
            var task = task ?? AccountTask()
            task.fill(start: print?.taskStart, seconds: print?.taskSeconds)
            facts.task = task
        }
        facts.camera = camera
        return facts
    }

    private func units(of devices: [AccountDevice?]) -> AMS? {
        guard var device = devices.compactMap({ $0 }).first(where: { $0.ams != nil }) else { return nil }
        device.learnKinds(of: Model(serial: serial) ?? identity.model ?? .unknown)
        return device.ams
    }

    var identity: AccountIdentity {
        var identity = AccountIdentity()
        identity.name = bind?.name ?? print?.name ?? ""
        identity.model = bind?.model ?? print?.model
        identity.firmware = version?.firmware ?? ""
        return identity
    }
}
