import TLS

/// A service of a printer. The certificate of each service is remembered separately.
enum PrinterService: String {
    case mqtt, camera
}

/// Certificate checks of printers, the same for all of their services.
extension ReactorEnvironment {
    /// Makes the context that checks the certificate of a service of `printer`.
    ///
    /// - Throws: `TrustStore.Unreadable` if the file of authorities was not read.
    func tls(to service: PrinterService, of printer: Configuration.Printer) throws -> TLSContext {
        try TLSContext(name: printer.serial, trust: policy(for: service, of: printer), peer: .printer)
    }

    private func policy(for service: PrinterService, of printer: Configuration.Printer) throws -> CertificatePolicy {
        let settings = printer.trust
        switch settings.mode {
        case .none: return .unverified
        case .pin: return settings.fingerprint.map { .pinned($0) } ?? .firstUse(known: nil)
        case .ca: return .authority(try authorities(of: settings.authorityFile ?? "tls.ca_file"))
        case .tofu:
            return .firstUse(known: certificates.fingerprint(of: printer.serial, service: service.rawValue))
        }
    }

    /// Remembers a certificate if the service is trusted on first use and has none yet.
    func remember(_ fingerprint: Fingerprint, of printer: Configuration.Printer, service: PrinterService) {
        guard printer.trust.mode == .tofu,
            certificates.fingerprint(of: printer.serial, service: service.rawValue) == nil
        else { return }
        let broker = certificates.fingerprint(of: printer.serial, service: PrinterService.mqtt.rawValue)
        if service == .camera, let broker, broker != fingerprint {
            // The first peer on the camera's port receives the access code, so a difference must be visible.
            log.warn(
                """
                The camera has another certificate than the printer's broker. If you do not expect this, check which \
                device answers on the camera's port
                """,
                ["printer": printer.name, "camera": fingerprint, "mqtt": broker])
        } else {
            log.info(
                "Remembering the printer's certificate",
                ["printer": printer.name, "service": service.rawValue, "fingerprint": fingerprint])
        }
        certificates.remember(fingerprint, of: printer.serial, service: service.rawValue)
    }
}
