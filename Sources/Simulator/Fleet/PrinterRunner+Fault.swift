extension PrinterRunner {
    /// Lets `fault` begin and end at its times, counted from now.
    func schedule(_ fault: Fault) {
        fault.schedule(on: group.loop) { [weak self] in self?.set(fault.kind, $0) }
    }

    func set(_ kind: Fault.Kind, _ isOn: Bool) {
        switch kind {
        case .silence: isSilent = isOn
        case .deaf: isDeaf = isOn
        case .garbage: garbage = isOn ? Garbage() : nil
        case .disconnect: if isOn { group.end() } else { restart() }
        case .refuse: restart { $0.accessCode = (isOn ? "refused-" : "") + $0.printer.accessCode }
        case .wrongCertificate: restart { $0.leaf.number += isOn ? 1000 : -1000 }
        case .denySubscription, .kick, .mutesTLS13:
            guard isOn, let behaviour = kind.brokerBehaviour else { return restart() }
            do {
                try group.replaceBroker(of: self, by: behaviour)
            } catch {
                report(error)
            }
        case .liveviewOff:
            apply(.setLiveview(on: !isOn))
            camera.set(.cameraOff, isOn)
        case .cameraOff, .cameraBusy, .cameraRefuse, .cameraMute, .cameraStall, .cameraFrozen, .cameraTruncate,
            .cameraSize, .cameraHeader, .cameraNoise, .cameraDribble, .cameraClose:
            camera.set(kind, isOn)
        case .wet: apply(.setHumidity(isOn ? 66 : 22))
        case .lowFilament: apply(.putSpool(left: isOn ? 0.08 : 1))
        case .failedPrint: if isOn { apply(.spoil) }
        case .ranOut: apply(isOn ? .runOut : .resume)
        case .drying: if isOn { apply(.dryFirst(celsius: 55, hours: 12)) }
        case .dryingRefused, .open, .exhaust, .cardReadOnly, .cardOut, .developerMode, .hotendSwap:
            if kind == .open { apply(.setDoor(open: isOn)) }
            if let change = kind.change(isOn) { apply(.fit(change)) }
        }
    }

    private func restart(_ change: (PrinterRunner) -> Void = { _ in }) {
        restartBroker({ [weak self] in if case .failure(let error) = $0 { self?.report(error) } }, change)
    }

    private func report(_ error: any Error) {
        group.onFailure?(error as? SimulatorError ?? .brokerFailed(output: "\(error)"))
    }
}
