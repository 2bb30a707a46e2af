import Reactor

/// What a printer serves, each with a certificate that is remembered by itself.
enum PrinterService: String {
    case mqtt, camera
}

/// Whether a peer is the printer: the same rules for all that it serves.
extension ReactorEnvironment {
    /// How to judge the certificate of what `printer` serves.
    ///
    /// - Throws: `TrustStore.Unreadable`.
    func trust(in printer: Configuration.Printer, service: PrinterService) throws -> CertificatePolicy {
        let settings = printer.trust
        switch settings.mode {
        case .none: return .unverified
        case .pin: return settings.fingerprint.map { .pinned($0) } ?? .firstUse(known: nil)
        case .ca: return .authority(try authorities.store(of: settings.authorityFile ?? ""))
        case .tofu:
            return .firstUse(known: certificates.fingerprint(of: printer.serial, service: service.rawValue))
        }
    }

    /// Remembers the certificate of a service that is trusted on first use, if it is the service's first.
    func remember(_ fingerprint: Fingerprint, of printer: Configuration.Printer, service: PrinterService) {
        guard printer.trust.mode == .tofu,
            certificates.fingerprint(of: printer.serial, service: service.rawValue) == nil
        else { return }
        let broker = certificates.fingerprint(of: printer.serial, service: PrinterService.mqtt.rawValue)
        if service == .camera, let broker, broker != fingerprint {
            // The first peer on the camera's port gets the access code, so a difference must be seen.
            log.warn(
                "The camera shows another certificate than the printer's broker. If that surprises you, check what answers on the camera's port",
                ["printer": printer.name, "camera": fingerprint, "mqtt": broker])
        } else {
            log.info(
                "Remembering the printer's certificate",
                ["printer": printer.name, "service": service.rawValue, "fingerprint": fingerprint])
        }
        certificates.remember(fingerprint, of: printer.serial, service: service.rawValue)
    }
}
