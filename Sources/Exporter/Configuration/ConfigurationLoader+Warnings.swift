import Platform

/// Warnings about valid but questionable settings.
extension ConfigurationLoader {
    static func warnings(about configuration: Configuration) -> [String] {
        var warnings = configuration.broker.flatMap(warning).map { [$0] } ?? []
        if configuration.printers.isEmpty, configuration.cloud == nil, configuration.broker == nil {
            warnings.append(Remedy.noPrinters)
        }
        for (printer, route) in PrinterInventory(configuration: configuration).printers where route == .none {
            warnings.append("printer \(printer.name): \(Remedy.noSource)")
        }
        if configuration.telemetry.staleAfter < .seconds(35) {
            let text = DurationText.text(of: configuration.telemetry.staleAfter)
            warnings.append(
                """
                telemetry.stale_after is \(text), but a healthy A1 may be silent for 32s and would be shown as down. \
                Use at least 35s
                """)
        }
        let direct = configuration.ownPrinters.filter { $0.host != nil }
        if configuration.stateDirectory == nil, direct.contains(where: { $0.trust.mode == .tofu }) {
            warnings.append(
                """
                certificates are remembered in memory only, so a changed certificate is not detected after a \
                restart. Set state_dir or BAMBU_STATE_DIR
                """)
        }
        warnings += configuration.printers.flatMap(doubts)
        for printer in direct where printer.trust.mode == .none {
            warnings.append(
                """
                printer \(printer.name): tls.verify is \"none\", so any device that answers at \(printer.host ?? "") \
                receives the access code
                """)
        }
        return warnings
    }

    /// Returns probable typing errors.
    private static func doubts(about printer: Configuration.Printer) -> [String] {
        var doubts: [String] = []
        let length = printer.serial.utf8.count
        if length != 15 {
            doubts.append("the serial number has \(length) characters instead of 15. Check it for a typing error")
        }
        if printer.serial != printer.serial.uppercased() {
            doubts.append("the serial number has lower-case letters. Serial numbers are upper-case")
        }
        if let count = printer.accessCode?.revealed.utf8.count, count != 8 {
            doubts.append("the access code has \(count) characters instead of 8. Check it for a typing error")
        }
        return doubts.map { "printer \(printer.name): \($0)" }
    }

    private static func warning(about broker: Configuration.Broker) -> String? {
        switch broker.security {
        case .unverified:
            "broker.tls.verify is \"none\", so any device that answers at \(broker.host) receives the password"
        case .plain where broker.password != nil && !SocketAddress.isLoopback(broker.host):
            "broker.plain is true, so the password is sent unencrypted"
        default: nil
        }
    }
}
