import BambuMetrics
import BambuProtocol
import MQTT
import Reactor

/// The connection of a session: how it is made, what comes from it, and how it ends.
extension PrinterSession {
    var target: Dialer.Target {
        let (settings, around) = (settings, around)
        return Dialer.Target(
            host: settings.host ?? "", port: settings.port, user: "bblp", password: accessCode
        ) {
            try TLSContext(name: settings.serial, trust: try around.trust(in: settings, service: .mqtt))
        }
    }

    func receive(_ event: Dialer.Event) {
        switch event {
        case .unreachable(let failure, let reason): fail(failure, reason, Remedy.text(forUnreachable: failure))
        case .connection(.secured(let certificate)): note(certificate)
        case .connection(.accepted):
            // A printer that is silent is connected to again and again.
            let fields: Log.Fields = ["printer": settings.name, "host": settings.host ?? ""]
            if lastComplaint.map(Self.silences.contains) == true {
                around.log.debug("Connected", fields)
            } else {
                lastComplaint = nil
                around.log.info("Connected", fields)
            }
            handle(.connected)
        case .connection(.subscribed(let isGranted)):
            if !isGranted {
                fail(
                    .refused, "the printer refused the subscription to its reports", Remedy.neverReported(settings))
            }
        case .connection(.message(_, let payload)): receive(payload)
        case .connection(.closed(let error)): lose(error)
        }
    }

    /// The complaints that a connection does not answer.
    private static let silences = [Link.DownReason.silent, .neverReported].map(\.label)

    func receive(_ payload: UnsafeRawBufferPointer) {
        // What is stale by now must be forgotten before something new is merged into it.
        if let deadline = machine.deadline, Instant.now() >= deadline { handle(.tick) }
        guard dialer?.hasConnection == true else { return }
        let wasUp = machine.link.isUp
        let receipt = printer.take(payload, of: settings.name, around.log)
        handle(.received(receipt))
        if receipt.isFull { camera?.noteFullReport() }
        if !wasUp, machine.link.isUp {
            lastComplaint = nil
            around.log.info("Reports arrive", ["printer": settings.name])
        }
    }

    private func note(_ certificate: PeerCertificate) {
        machine.note(certificateExpiry: certificate.expiry)
        around.remember(certificate, of: settings, service: .mqtt)
    }

    private func lose(_ error: ConnectionError) {
        if error == .oversize { printer.rejectOversize() }
        machine.note(certificateExpiry: dialer?.peer?.expiry ?? machine.link.certificateExpiry)
        // A printer has no password, and calls its code one.
        let reason = error == .authentication ? "the access code was refused" : error.description
        fail(Link.Failure(error), reason, Remedy.text(for: error, printer: settings))
    }

    private func fail(_ failure: Link.Failure, _ reason: String, _ remedy: String) {
        dialer?.hangUp()
        complain(failure.rawValue, "\(reason). \(remedy)")
        if failure == .auth { readSecretAgain() }
        handle(.failed(failure))
    }

    /// The code changes when LAN mode is switched; the file may have followed.
    private func readSecretAgain() {
        guard let file = settings.accessCodeFile, let code = try? SecretFile.read(file) else { return }
        accessCode = code
    }

    var silent: String {
        "no report for \(DurationText.text(of: telemetry.staleAfter)), though the connection stood. \(Remedy.silent)"
    }

    var neverReported: String {
        "connected, but not one report in \(DurationText.text(of: telemetry.staleAfter)). \(Remedy.neverReported(settings))"
    }

    /// Says once what is wrong; while it stays the same, only at debug.
    func complain(_ kind: String, _ reason: String) {
        let fields: Log.Fields = [
            "printer": settings.name, "host": settings.host ?? "", "reason": kind, "detail": reason,
        ]
        if lastComplaint == kind {
            around.log.debug("Printer is down", fields)
        } else {
            around.log.warn("Printer is down", fields)
        }
        lastComplaint = kind
        advice = reason
    }
}

extension Printer {
    /// Takes in one message, and tells the log what was not used.
    mutating func take(_ payload: UnsafeRawBufferPointer, of name: String, _ log: Log) -> Receipt {
        let receipt = apply(payload, at: WallClock.now())
        if let rejection = receipt.rejection {
            log.debug("Message rejected", ["printer": name, "reason": rejection.rawValue, "bytes": payload.count])
        }
        return receipt
    }
}
