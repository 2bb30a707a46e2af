import BambuMetrics
import BambuProtocol

/// One printer according to the account.
struct AccountPrinter {
    /// The last response of one kind. It is shown until two consecutive requests have failed.
    struct Response<Value> {
        private(set) var last: Value?
        private var failures = 0

        /// The response to show; `nil` before the first, and if it is outdated.
        var current: Value? { failures < 2 ? last : nil }

        mutating func record(_ value: Value?) {
            (last, failures) = (value, 0)
        }

        mutating func recordFailure() {
            failures += 1
        }
    }

    let serial: String
    var bind = Response<AccountDevice>()
    var print = Response<AccountDevice>()
    var version = Response<AccountDevice>()
    var task = Response<AccountTask>()
    var camera: AccountCamera?

    /// The facts to show while they are current.
    var facts: AccountFacts {
        let (bind, print, version, task) = (bind.current, print.current, version.current, task.current)
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
        device.inferKinds(of: Model(serial: serial) ?? identity.model ?? .unknown)
        return device.ams
    }

    var identity: AccountIdentity {
        var identity = AccountIdentity()
        identity.name = bind.last?.name ?? print.last?.name ?? ""
        identity.model = bind.last?.model ?? print.last?.model
        identity.firmware = version.last?.firmware ?? ""
        return identity
    }
}
