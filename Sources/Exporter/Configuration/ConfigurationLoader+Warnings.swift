import FoundationEssentials
import Reactor

/// What works, and is worth a word at every start.
extension ConfigurationLoader {
    func warn(_ configuration: inout Configuration) {
        warnOfBrokers(&configuration)
        if configuration.printers.isEmpty, configuration.cloud == nil, configuration.broker == nil {
            configuration.warnings.append(Remedy.noPrinters)
        }
        for (printer, route) in PrinterInventory(configuration: configuration).printers where route == .none {
            configuration.warnings.append("printer \(printer.name): \(Remedy.noSource)")
        }
        if configuration.telemetry.staleAfter < .seconds(35) {
            let text = DurationText.text(of: configuration.telemetry.staleAfter)
            configuration.warnings.append(
                "telemetry.stale_after is \(text), but a healthy A1 may be silent for 32s and would be called down")
        }
        let remembering = configuration.ownPrinters.contains { $0.host != nil && $0.trust.mode == .tofu }
        if remembering, configuration.stateDirectory == nil {
            configuration.warnings.append(
                """
                certificates are remembered in memory alone, so a changed one is not noticed over a restart; set \
                state_dir or BAMBU_STATE_DIR
                """)
        }
        configuration.warnings += configuration.printers.flatMap(Self.doubts)
        for printer in configuration.ownPrinters where printer.host != nil && printer.trust.mode == .none {
            configuration.warnings.append(
                "printer \(printer.name): tls.verify is none, so any program that answers at \(printer.host ?? "") gets the access code"
            )
        }
    }

    /// What looks like a slip of the pen.
    private static func doubts(about printer: Configuration.Printer) -> [String] {
        var doubts: [String] = []
        let length = printer.serial.utf8.count
        if length != 15 {
            doubts.append("printer \(printer.name): serial numbers have 15 characters, and this one has \(length)")
        }
        if printer.serial != printer.serial.uppercased() {
            doubts.append(
                "printer \(printer.name): serial numbers have capital letters alone, and this one has small ones")
        }
        if let count = printer.accessCode?.revealed.utf8.count, count != 8 {
            doubts.append("printer \(printer.name): access codes have 8 characters, and this one has \(count)")
        }
        return doubts
    }

    private func warnOfBrokers(_ configuration: inout Configuration) {
        guard let broker = configuration.broker else { return }
        switch broker.security {
        case .unverified:
            configuration.warnings.append(
                "broker.tls.verify is none, so any program that answers at \(broker.host) gets the password")
        case .plain where broker.password != nil && !SocketAddress.isLoopback(broker.host):
            configuration.warnings.append("broker.plain is true, so the password can be read on the way")
        default: break
        }
    }
}
