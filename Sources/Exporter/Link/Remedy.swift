import BambuMetrics
import BambuProtocol
import Camera
import Cloud
import MQTT
import Reactor

/// What a person can do about a printer that is down.
enum Remedy {
    static let noPrinters =
        "No printer is configured. To list those of this network run: bambu_exporter discover. Each wants serial, host and access_code"

    static let openFiles =
        "Raise it with ulimit -n, LimitNOFILE= of the unit or --ulimit nofile= of the container"

    /// For a broker session that could not be established or ended.
    ///
    /// - Parameter stood: the length of the session; `nil` if the broker never accepted it.
    static func text(
        for error: ConnectionError, _ source: BrokerSession.Settings.Source, sessionStood stood: Duration?
    ) -> String {
        switch (source, error) {
        case (.printer(let printer), .network) where stood.map { $0 < .seconds(60) } == true: fewSessions(printer)
        case (.printer(let printer), _): text(for: error, printer: printer)
        case (.shared, .oversize):
            "Have the broker refuse messages above 1 MB (mosquitto: message_size_limit 1048576), or find the client that sends them"
        case (.shared(.broker), .network) where stood.map { $0 < .seconds(10) } == true: denied
        case (.shared(.broker), .tls):
            "Compare broker.port and broker.tls with the broker's settings. If it asks its clients for a certificate, set broker.tls.cert_file and key_file"
        case (.shared, _): ""
        }
    }

    private static func fewSessions(_ printer: Configuration.Printer) -> String {
        "The printer accepts few sessions at a time, and other programs may hold them (Bambu Studio, Home Assistant, another exporter). Close one of them, or restart the printer"
    }

    /// Mosquitto refuses a subscription and drops a message; RabbitMQ ends the session.
    private static let denied =
        "RabbitMQ does so when a client has no right to a topic: allow this one to read device/+/report and to write device/+/request. Every broker does so when another client comes with the same client_id"

    static let deniedTopic = "Allow this client to subscribe to the topic in the broker's access rules"

    /// For a printer on the LAN whose connection ended with `error`.
    private static func text(for error: ConnectionError, printer: Configuration.Printer) -> String {
        let host = printer.host ?? "the host"
        switch error {
        case .authentication:
            return
                "Compare the access code with the printer's screen (network settings); it changes when LAN mode is switched"
        case .certificate(let problem): return text(for: problem, printer: printer)
        case .tls:
            return
                "Is \(host) a Bambu Lab printer, and port \(printer.port) its MQTT port (8883 as a rule)?"
        case .refused:
            return
                "Is \(host) the printer's address, and \(printer.port) its MQTT port (8883 as a rule)? If so, some models want LAN mode switched on, on their screen (network settings)"
        case .timedOut(.greeting):
            return
                "Something answers there, but not as MQTT brokers do: is \(printer.port) the printer's MQTT port (8883 as a rule)?"
        case .oversize:
            return
                "A printer's report has some 20 kB. Is \(host) a Bambu Lab printer, or does another client publish on its broker?"
        case .timedOut, .network: return "Is the printer on and in this network, and is \(host) its address?"
        }
    }

    private static func text(for problem: CertificateProblem, printer: Configuration.Printer) -> String {
        let host = printer.host ?? "the host"
        switch problem {
        case .changed:
            return
                "If the printer was repaired or replaced, run: bambu_exporter forget \(printer.name). If not, somebody else answers at \(host)"
        case .wrongName:
            return
                "If this is the printer, mend its serial in the configuration, capitals as they are. If not, another one answers at \(host)"
        case .notPinned: return "Compare tls.fingerprint with the printer's certificate"
        case .untrusted: return "Compare tls.ca_file with the printer's authority"
        case .missing, .wrongHost: return "Is \(host) a Bambu Lab printer?"
        }
    }

    /// For a printer on the LAN that could not be tried.
    static func text(forUnreachable failure: Link.Failure) -> String {
        switch failure {
        case .dns: "Write the address instead of the name in the configuration, or correct the name server"
        case .network: openFiles
        default: "Compare tls in the configuration"
        }
    }

    /// What a person can do about a camera that is not seen.
    static func text(
        for error: ProbeError, printer: Configuration.Printer, _ cameraProtocol: CameraLanguage
    ) -> String {
        switch error {
        case .authentication:
            "Compare the access code with the printer's screen (network settings)"
        case .refused where cameraProtocol == .rtsp:
            "Switch on LAN Only Liveview on the printer's screen, or set camera.enabled to false"
        case .refused: "Compare camera.port and camera.protocol with the model"
        case .gaveUp: "The camera's server gave up. Restart the printer"
        case .timedOut: "Is the camera on, and is the Wi-Fi good enough?"
        case .tls, .violation: "Do camera.port and camera.protocol fit the model?"
        case .certificate(let problem): text(for: problem, printer: printer)
        case .busy: "These cameras serve two viewers. The next probe comes with the next interval"
        }
    }

    static let disabledCamera =
        "the printer says that the view over the network is switched off. Switch on LAN Only Liveview on its screen, or set camera.enabled to false"

    /// What a person can do about a printer that is read over a session which it shares with others.
    static func text(for reason: Link.DownReason, transport: PrinterSnapshot.Transport) -> String? {
        switch (reason, transport) {
        case (.starting, _): nil
        case (.cloudOffline, _): "The account says that it is not there. Is it on, and in the account's cloud mode?"
        case (.failure(.auth), .cloud): "The cloud's broker refused the token. Run: bambu_exporter login"
        case (.failure(.auth), _): "The broker refused user or password; compare broker.username and broker.password"
        case (.failure, .cloud): "The cloud's broker cannot be reached; is there a way to the internet?"
        case (.failure, _): "The broker cannot be reached; compare broker.host and broker.port"
        case (.silent, .cloud), (.neverReported, .cloud):
            "Nothing is heard of it. Is it on, and connected to the cloud rather than in LAN only mode?"
        case (.silent, _): "Nothing is heard of it any more. Is it on?"
        case (.neverReported, _): "Nothing is heard of it. Is it on, and is its serial number right?"
        }
    }

    /// For the account itself.
    static func text(for failure: CloudFailure.Kind) -> String {
        switch failure {
        case .refused: "Nothing is asked until the token file changes: run bambu_exporter login"
        case .unauthorized: "It is asked again; if it stays so, run bambu_exporter login"
        case .forbidden:
            "This token has no right to the account's printers: run bambu_exporter login, as the owner of the printers"
        case .limited: "A limit or a filter of the maker's is in the way; it is waited out"
        case .timeout, .network: "Is there a way to the internet?"
        case .server: "It is asked again"
        case .shape: "It is asked again; is cloud.api_url right?"
        }
    }

    static let noSource = "Nothing brings reports of it. Give it a host, or let broker or cloud read it"

    static let silent = "P1 printers do this at times; connecting again"

    static func neverReported(_ printer: Configuration.Printer) -> String {
        "A wrong serial number looks so: is it really \(printer.serial)?"
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
