import BambuMetrics
import BambuProtocol
import Camera
import Cloud
import MQTT
import TLS

/// What the user can do about a failure.
enum Remedy {
    static let noPrinters =
        """
        No printer is configured. To list the printers of this network, run: bambu_exporter discover. Each printer \
        needs serial, host and access_code
        """

    static let openFiles =
        "Raise the limit with ulimit -n, LimitNOFILE= in the systemd unit, or --ulimit nofile= for the container"

    /// The remedy for a broker session that could not be established or ended.
    ///
    /// - Parameter stood: the age of the session; `nil` if the broker never accepted it.
    static func text(
        for error: ConnectionError, _ source: BrokerSession.Settings.Source, sessionStood stood: Duration?
    ) -> String {
        switch (source, error) {
        case (.printer, .network) where stood.map { $0 < .seconds(60) } == true: fewSessions
        case (.printer(let printer), _): text(for: error, printer: printer)
        case (.shared, .oversize):
            """
            Configure the broker to refuse messages above 1 MB (mosquitto: message_size_limit 1048576), or stop the \
            client that publishes them
            """
        case (.shared(.broker), .network) where stood.map { $0 < .seconds(10) } == true: denied
        case (.shared(.broker), .tls):
            """
            Compare broker.port and broker.tls with the broker's settings. If the broker requires a client certificate, set \
            broker.tls.cert_file and key_file
            """
        case (.shared, _): ""
        }
    }

    private static let fewSessions =
        """
        The printer accepts only a few sessions, and other programs may use them (Bambu Studio, Home Assistant, \
        another exporter). Close one of these programs, or restart the printer
        """

    /// Mosquitto refuses a subscription and drops a message; RabbitMQ ends the session.
    private static let denied =
        "RabbitMQ ends a session when a right is missing: allow this client to read device/+/report and to write device/+/request. Every broker ends it when another client connects with the same client_id"

    static let deniedTopic = "Allow this client to subscribe to the topic in the broker's access rules"

    /// The remedy for a printer on the LAN whose connection ended with `error`.
    private static func text(for error: ConnectionError, printer: Configuration.Printer) -> String {
        let host = printer.host ?? "the host"
        return switch error {
        case .authentication:
            """
            Compare access_code with the code on the printer's screen (network settings). It changes when you \
            switch LAN mode on or off
            """
        case .certificate(let problem): text(for: problem, printer: printer)
        case .tls:
            "Check that \(host) is a Bambu Lab printer and \(printer.port) its MQTT port (usually 8883)"
        case .refused:
            """
            Check that \(host) is the printer's address and \(printer.port) its MQTT port (usually 8883). Some \
            models also need LAN mode: switch it on in the network settings on the printer's screen
            """
        case .timedOut(.greeting):
            """
            The server there does not speak MQTT. Check that \(printer.port) is the printer's MQTT port (usually \
            8883)
            """
        case .oversize:
            """
            Reports have at most about 20 kB. Check that \(host) is a Bambu Lab printer and that no other client publishes \
            on its broker
            """
        case .timedOut, .network:
            "Check that the printer is on, in this network, and that \(host) is its address"
        }
    }

    private static func text(for problem: CertificateProblem, printer: Configuration.Printer) -> String {
        let host = printer.host ?? "the host"
        return switch problem {
        case .changed:
            """
            If the printer was repaired or replaced, run: bambu_exporter forget \(printer.name). If not, another \
            device answers at \(host)
            """
        case .wrongName:
            """
            If this is the right printer, correct serial in the configuration (it is case-sensitive). If not, \
            another printer answers at \(host)
            """
        case .notPinned: "Compare tls.fingerprint with the fingerprint of the printer's certificate"
        case .untrusted: "Check that tls.ca_file contains the authority that signed the printer's certificate"
        case .missing, .wrongHost: "Check that \(host) is a Bambu Lab printer"
        }
    }

    /// The remedy for a printer on the LAN that could not be tried.
    static func text(forUnreachable failure: Link.Failure) -> String {
        switch failure {
        case .dns: "Use the IP address instead of the name in the configuration, or check your DNS server"
        case .network: openFiles
        default: "Check tls in the configuration"
        }
    }

    /// The remedy for a camera that does not work.
    static func text(
        for error: ProbeError, printer: Configuration.Printer, _ cameraProtocol: CameraProtocol
    ) -> String {
        switch error {
        case .authentication:
            "Compare access_code with the code on the printer's screen (network settings)"
        case .refused where cameraProtocol == .rtsp:
            "Switch on LAN Only Liveview on the printer's screen, or set camera.enabled to false"
        case .gaveUp: "Restart the printer: its camera server stopped answering"
        case .timedOut: "Check that the camera is on and that the Wi-Fi signal is good enough"
        case .refused, .tls, .violation: "Check camera.port and camera.protocol: they must match the model"
        case .certificate(let problem): text(for: problem, printer: printer)
        case .busy:
            "Close another viewer, or wait: the camera serves at most two, and the exporter probes again after camera.interval"
        }
    }

    static let disabledCamera =
        """
        the printer reports that LAN Only Liveview is off. Switch it on on the printer's screen, or set camera.enabled \
        to false in the configuration
        """

    /// The remedy for a printer that is read over a shared session.
    static func text(for reason: Link.DownReason, transport: PrinterSnapshot.Transport) -> String {
        switch (reason, transport) {
        case (.starting, _): "no connection has been tried yet"
        case (.cloudOffline, _):
            "The account says that the printer is offline. Check that it is on and not in LAN only mode"
        case (.failure(.auth), .cloud): "The cloud broker refused the token. Run: bambu_exporter login"
        case (.failure(.auth), _):
            "The broker refused the user name or the password. Check broker.username and broker.password"
        case (.failure, .cloud): "The cloud broker cannot be reached. Check the internet connection"
        case (.failure, _): "The broker cannot be reached. Check broker.host and broker.port"
        case (.silent, .cloud), (.neverReported, .cloud):
            "The printer sends no reports. Check that it is on and not in LAN only mode"
        case (.silent, _): "The printer no longer sends reports. Check that it is on"
        case (.neverReported, _):
            "The printer sends no reports. Check that it is on and that its serial number is correct"
        }
    }

    static func text(for failure: CloudFailure.Kind) -> String {
        switch failure {
        case .refused: "Run: bambu_exporter login. No requests are sent until the token file changes"
        case .unauthorized: "The exporter retries. If this continues, run: bambu_exporter login"
        case .forbidden:
            "This token may not read the account's printers. Run: bambu_exporter login, as the owner of the printers"
        case .limited: "The service limits or blocks requests. The exporter waits, then retries"
        case .timeout, .network: "Check the internet connection"
        case .server: "The exporter retries"
        case .shape: "The exporter retries. Check cloud.api_url"
        }
    }

    static let noSource = "No source is configured for this printer. Set host, or add it to broker or cloud"

    static let silent = "P1 printers do this at times. The exporter reconnects"

    static func neverReported(_ printer: Configuration.Printer) -> String {
        "Check the serial number \(printer.serial): a wrong one has this effect"
    }
}

extension Link.Failure {
    init(_ error: ConnectionError) {
        switch error {
        case .authentication: self = .auth
        case .certificate: self = .certificate
        case .tls: self = .tls
        case .refused: self = .refused
        case .timedOut: self = .timeout
        case .network, .oversize: self = .network
        }
    }
}
