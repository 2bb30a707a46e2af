import BambuMetrics
import BambuProtocol

/// One printer according to the account: the last response of each kind.
struct AccountPrinter: Equatable {
    /// The requests whose responses are shown.
    enum Source: Hashable {
        case bind, print, version, task
    }

    var bind: AccountDevice? { didSet { misses[.bind] = nil } }
    var print: AccountDevice? { didSet { misses[.print] = nil } }
    var version: AccountDevice? { didSet { misses[.version] = nil } }
    var task: AccountTask? { didSet { misses[.task] = nil } }
    var camera: AccountCamera?

    /// A response is shown until this many consecutive requests have failed.
    private static let missLimit = 2

    private let serial: String
    private var misses: [Source: Int] = [:]

    init(serial: String) {
        self.serial = serial
    }

    /// Records a failed request.
    mutating func recordFailure(_ source: Source) {
        misses[source, default: 0] += 1
    }

    private func isCurrent(_ source: Source) -> Bool { misses[source, default: 0] < Self.missLimit }

    /// The facts to show while they are current.
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
        device.inferKinds(of: Model(serial: serial) ?? identity.model ?? .unknown)
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
