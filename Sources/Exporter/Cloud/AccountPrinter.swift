import BambuMetrics
import BambuProtocol

/// What the account's answers said of one printer, each as it came last.
struct AccountPrinter: Equatable {
    var bind: AccountDevice?
    var print: AccountDevice?
    var version: AccountDevice?
    var task: AccountTask?
    var camera: AccountCamera?

    private let serial: String

    init(serial: String) {
        self.serial = serial
    }

    /// What scrapes show while the account answers.
    var facts: AccountFacts {
        var facts = AccountFacts()
        facts.isOnline = bind?.isOnline ?? print?.isOnline
        facts.status = bind?.status ?? print?.status
        facts.isUpdateAvailable = version?.isUpdateAvailable
        facts.ams = units
        facts.task = task
        if print?.taskStart != nil || print?.taskSeconds != nil {
            var task = task ?? AccountTask()
            task.fill(start: print?.taskStart, seconds: print?.taskSeconds)
            facts.task = task
        }
        facts.camera = camera
        return facts
    }

    private var units: AMS? {
        guard var device = [bind, version].compactMap({ $0 }).first(where: { $0.ams != nil }) else { return nil }
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
