extension PrinterRunner {
    func schedule(_ fault: Fault) {
        fault.schedule(on: group.loop) { [weak self] in self?.set(fault.kind, $0) }
    }

    func set(_ kind: Fault.Kind, _ isOn: Bool) {
        if let command = kind.command(isOn) { apply(command) }
        camera.set(kind, isOn)
        switch kind {
        case .silence: isSilent = isOn
        case .deaf: ignoresRequests = isOn
        case .garbage: garbage = isOn ? Garbage() : nil
        case .disconnect: if isOn { group.end() } else { restart() }
        case .refuse: restart { $0.access.password = (isOn ? "refused-" : "") + $0.printer.accessCode }
        case .wrongCertificate: restart { $0.access.leaf.number += isOn ? 1000 : -1000 }
        case _ where kind.replacesBroker: if isOn { replaceBroker(with: kind) } else { restart() }
        default: break
        }
    }

    private func replaceBroker(with fault: Fault.Kind) {
        do {
            try group.replaceBroker(of: printer, with: fault)
        } catch {
            report(error)
        }
    }

    private func restart(_ change: (PrinterRunner) -> Void = { _ in }) {
        change(self)
        group.start { [weak self] in if case .failure(let error) = $0 { self?.report(error) } }
    }

    private func report(_ error: any Error) {
        group.onFailure?(error as? SimulatorError ?? .brokerFailed(output: "\(error)"))
    }
}
