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
    func trust(in printer: Configuration.Printer, service: PrinterService) throws -> Trust {
        let settings = printer.trust
        switch settings.mode {
        case .none: return .unverified
        case .pin: return settings.fingerprint.map { .pinned($0) } ?? .firstUse(known: nil)
        case .ca: return .authority(try authorities.store(of: settings.authorityFile ?? ""))
        case .tofu:
            return .firstUse(known: certificates.fingerprint(of: printer.serial, service: service.rawValue))
        }
    }

    /// Remembers the certificate of a service that is trusted on first use, if this was its first.
    func remember(_ certificate: PeerCertificate, of printer: Configuration.Printer, service: PrinterService) {
        guard printer.trust.mode == .tofu else { return }
        guard certificates.fingerprint(of: printer.serial, service: service.rawValue) == nil else { return catchUp() }
        log.info(
            "Remembering the printer's certificate",
            ["printer": printer.name, "service": service.rawValue, "fingerprint": certificate.fingerprint])
        do {
            try certificates.remember(certificate.fingerprint, of: printer.serial, service: service.rawValue)
        } catch {
            log.error(
                "Cannot write the known certificates; they are kept in memory",
                ["printer": printer.name, "err": "\(error)"])
        }
    }

    /// A disk that was full may have room again.
    private func catchUp() {
        do {
            guard try certificates.catchUp() else { return }
            log.info("The known certificates are written now")
        } catch {
            log.debug("Still cannot write the known certificates", ["err": "\(error)"])
        }
    }
}
