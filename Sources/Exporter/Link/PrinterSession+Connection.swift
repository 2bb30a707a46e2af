import BambuMetrics
import BambuProtocol
import MQTT
import Reactor

/// The connection of a session: how it is made, what comes from it, and how it ends.
extension PrinterSession {
    func resolve() {
        attempt += 1
        let asked = attempt
        guard let host = settings.host else { return }
        let loop = around.loop
        let answer = Handoff { [weak self] (addresses: [SocketAddress]) in
            guard let self, self.attempt == asked, self.ticket != nil, self.connection == nil else { return }
            guard let address = addresses.first else { return self.fail(.dns, "no address is known for \(host)") }
            self.connect(address)
        }
        around.resolver.resolve(host, port: settings.port) { addresses in
            loop.perform { answer.body(addresses) }
        }
        around.loop.schedule(after: .seconds(10)) { [weak self] in
            guard let self, self.attempt == asked, self.ticket != nil, self.connection == nil else { return }
            self.fail(.dns, "looking up \(host) took too long")
        }
    }

    private func connect(_ address: SocketAddress) {
        var options = Connection.Options(
            clientID: "bambu_exporter-" + String(UInt64.random(in: .min ... .max), radix: 36), user: "bblp",
            password: accessCode)
        options.keepAlive = .seconds(30)
        do {
            let tls = try TLSContext(name: settings.serial, trust: try around.trust(in: settings, service: .mqtt))
            let connection = try Connection(loop: around.loop, options: options, tls: tls) { [weak self] event in
                self?.receive(event)
            }
            self.tls = tls
            self.connection = connection
            self.address = address
            connection.open(address)
        } catch {
            fail(.tls, "\(error)")
        }
    }

    private func receive(_ event: Connection.Event) {
        switch event {
        case .secured(let certificate): note(certificate)
        case .accepted:
            leaveGate()
            lastComplaint = nil
            around.log.info("Connected", ["printer": settings.name, "host": settings.host ?? ""])
            handle(.connected)
        case .subscribed(let isGranted):
            if !isGranted { fail(.refused, "the printer refused the subscription to its reports") }
        case .message(_, let payload): receive(payload)
        case .closed(let error): lose(error)
        }
    }

    private func receive(_ payload: UnsafeRawBufferPointer) {
        // What is stale by now must be forgotten before something new is merged into it.
        if let deadline = machine.deadline, Instant.now() >= deadline { handle(.tick) }
        guard connection != nil else { return }
        let wasUp = machine.link.isUp
        let receipt = printer.apply(payload, at: WallClock.now())
        if let rejection = receipt.rejection {
            around.log.debug(
                "Message rejected", ["printer": settings.name, "reason": rejection.rawValue, "bytes": payload.count])
        }
        handle(.received(receipt))
        if receipt.isFull { camera?.noteFullReport() }
        if !wasUp, machine.link.isUp { around.log.info("Reports arrive", ["printer": settings.name]) }
    }

    private func note(_ certificate: PeerCertificate) {
        machine.note(certificateExpiry: certificate.expiry)
        around.remember(certificate, of: settings, service: .mqtt)
    }

    private func lose(_ error: ConnectionError) {
        if error == .oversize { printer.rejectOversize() }
        machine.note(certificateExpiry: tls?.peer?.expiry ?? machine.link.certificateExpiry)
        fail(Link.Failure(error), error.description)
    }

    private func fail(_ failure: Link.Failure, _ reason: String) {
        disconnect()
        complain(failure.rawValue, "\(reason). \(Remedy.text(for: failure, printer: settings))")
        if failure == .auth { readSecretAgain() }
        handle(.failed(failure))
    }

    func disconnect() {
        connection?.close()
        connection = nil
        tls = nil
        leaveGate()
    }

    private func leaveGate() {
        guard let ticket else { return }
        self.ticket = nil
        around.gate.leave(ticket)
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
    }
}

/// Carries a closure of the loop's thread through another thread and back.
private struct Handoff: @unchecked Sendable {
    // Sendable: whoever holds it meanwhile does not call `body`; the loop's thread does.
    let body: ([SocketAddress]) -> Void
}
