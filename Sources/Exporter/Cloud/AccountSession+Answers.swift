import BambuMetrics
import BambuProtocol
import Cloud
import Reactor

/// What is asked of the account, and what becomes of its answers.
extension AccountSession {
    /// Takes in an answer; `nil` where it has another shape than it should have.
    func take(_ body: [UInt8], for step: AccountMachine.Step) -> AccountMachine.Event? {
        switch step {
        case .preference:
            guard let user = AccountOwner.user(in: body) else { return nil }
            take(user: user)
        case .bind:
            guard let devices = AccountDevice.all(in: body) else { return nil }
            return .found(take(bound: devices))
        case .print:
            guard let devices = AccountDevice.all(in: body) else { return nil }
            let bySerial = Dictionary(devices.map { ($0.serial, $0) }) { first, _ in first }
            for serial in printers.keys { printers[serial]?.print = bySerial[serial] }
        case .version(let serial):
            guard let devices = AccountDevice.all(in: body) else { return nil }
            printers[serial]?.version = devices.first { $0.serial == serial }
        case .tasks(let serial):
            guard let task = AccountTask.latest(of: serial, in: body) else { return nil }
            printers[serial]?.task = task
        case .ttcode(let serial):
            guard let camera = AccountCamera(in: body) else { return nil }
            printers[serial]?.camera = camera
        }
        return .answered
    }

    /// Notes that a request failed, so that what it would have renewed is withdrawn in time.
    func noteMiss(_ step: AccountMachine.Step) {
        switch step {
        case .preference, .ttcode: break
        case .bind: for serial in printers.keys { printers[serial]?.noteMiss(.bind) }
        case .print: for serial in printers.keys { printers[serial]?.noteMiss(.print) }
        case .version(let serial): printers[serial]?.noteMiss(.version)
        case .tasks(let serial): printers[serial]?.noteMiss(.task)
        }
    }

    /// Takes in who is bound to the account. Returns those that are this process' to watch.
    private func take(bound devices: [AccountDevice]) -> [String] {
        var kept: [String: AccountPrinter] = [:]
        for device in devices where settings.takes(device.serial) && shard.takes(device.serial) {
            // It stands in topics, and whoever names a printer here is not to name others' topics.
            guard SerialNumber.problem(in: device.serial) == nil else { continue }
            var printer = printers[device.serial] ?? AccountPrinter(serial: device.serial)
            printer.bind = device
            kept[device.serial] = printer
        }
        printers = kept
        let serials = kept.keys.sorted()
        listener.found(serials)
        return serials
    }
}

extension AccountMachine.Step {
    /// Source: OpenBambuAPI cloud-http.md.
    func request(token: Secret?) -> CloudRequest {
        switch self {
        case .preference: CloudRequest("/v1/design-user-service/my/preference", token: token)
        case .bind: CloudRequest("/v1/iot-service/api/user/bind", token: token)
        case .print: CloudRequest("/v1/iot-service/api/user/print", query: ["force": "true"], token: token)
        case .version(let serial):
            CloudRequest("/v1/iot-service/api/user/device/version", query: ["dev_id": serial], token: token)
        case .tasks(let serial):
            CloudRequest("/v1/user-service/my/tasks", query: ["deviceId": serial, "limit": "1"], token: token)
        case .ttcode(let serial):
            CloudRequest(post: "/v1/iot-service/api/user/ttcode", ["dev_id": serial], token: token)
        }
    }
}
