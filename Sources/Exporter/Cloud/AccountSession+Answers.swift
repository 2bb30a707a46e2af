import BambuMetrics
import BambuProtocol
import Cloud
import Platform

/// The requests to the account and the handling of responses.
extension AccountSession {
    /// Parses and stores a response. Returns `nil` if it has an unexpected format.
    func store(_ body: [UInt8], for step: AccountMachine.Step) -> AccountMachine.Event? {
        switch step.api {
        case .preference:
            guard let user = AccountOwner.user(in: body) else { return nil }
            use(user: user)
        case .bind:
            guard let devices = AccountDevice.all(in: body) else { return nil }
            return .found(store(bound: devices))
        case .print:
            guard let devices = AccountDevice.all(in: body) else { return nil }
            let bySerial = Dictionary(devices.map { ($0.serial, $0) }) { first, _ in first }
            for serial in printers.keys { printers[serial]?.print.record(bySerial[serial]) }
        case .version:
            guard let devices = AccountDevice.all(in: body) else { return nil }
            printers[step.serial]?.version.record(devices.first { $0.serial == step.serial })
        case .tasks:
            guard let task = AccountTask.latest(of: step.serial, in: body) else { return nil }
            printers[step.serial]?.task.record(task)
        case .ttcode:
            guard let camera = AccountCamera(in: body) else { return nil }
            printers[step.serial]?.camera = camera
        }
        return .answered
    }

    /// Records a failed request, so that outdated data is withdrawn in time.
    func recordFailure(_ step: AccountMachine.Step) {
        switch step.api {
        case .preference, .ttcode: break
        case .bind: for serial in printers.keys { printers[serial]?.bind.recordFailure() }
        case .print: for serial in printers.keys { printers[serial]?.print.recordFailure() }
        case .version: printers[step.serial]?.version.recordFailure()
        case .tasks: printers[step.serial]?.task.recordFailure()
        }
    }

    /// Stores the bound printers. Returns the serial numbers that this process reads.
    private func store(bound devices: [AccountDevice]) -> [String] {
        var kept: [String: AccountPrinter] = [:]
        for device in devices where settings.takes(device.serial) && shard.takes(device.serial) {
            // The serial becomes part of an MQTT topic; reject wildcards and separators.
            guard SerialNumber.problem(in: device.serial) == nil else { continue }
            var printer = printers[device.serial] ?? AccountPrinter(serial: device.serial)
            printer.bind.record(device)
            kept[device.serial] = printer
        }
        printers = kept
        let serials = kept.keys.sorted()
        onPrinters(serials)
        return serials
    }
}

extension AccountMachine.Step {
    /// The HTTP request of the step. Source: OpenBambuAPI cloud-http.md.
    func request(token: Secret?) -> CloudRequest {
        switch api {
        case .preference: CloudRequest("/v1/design-user-service/my/preference", token: token)
        case .bind: CloudRequest("/v1/iot-service/api/user/bind", token: token)
        case .print: CloudRequest("/v1/iot-service/api/user/print", query: ["force": "true"], token: token)
        case .version:
            CloudRequest("/v1/iot-service/api/user/device/version", query: ["dev_id": serial], token: token)
        case .tasks:
            CloudRequest("/v1/user-service/my/tasks", query: ["deviceId": serial, "limit": "1"], token: token)
        case .ttcode:
            CloudRequest(post: "/v1/iot-service/api/user/ttcode", ["dev_id": serial], token: token)
        }
    }
}
