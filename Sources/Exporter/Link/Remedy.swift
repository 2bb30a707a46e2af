import BambuMetrics
import Camera
import MQTT

/// What a person can do about a printer that is down.
enum Remedy {
    static func text(for failure: Link.Failure, printer: Configuration.Printer) -> String {
        switch failure {
        case .auth:
            "Compare the access code with the printer's screen (network settings); it changes when LAN mode is switched"
        case .certificate:
            switch printer.trust.mode {
            case .tofu:
                "If the printer was repaired or replaced, run: bambu_exporter forget \(printer.name). If not, somebody else answers at this address. For a wrong name, compare serial and host"
            case .ca: "Compare serial, host and ca_file"
            case .pin: "Compare fingerprint with the printer's certificate"
            case .none: "Compare the configuration"
            }
        case .tls: "Is port \(printer.port) the printer's MQTT port, and is it a Bambu Lab printer?"
        case .refused:
            "Is \(printer.host ?? "the host") the printer, is LAN access on, and is port \(printer.port) right?"
        case .timeout: "Is the printer on, and is \(printer.host ?? "the host") its address?"
        case .dns: "Write the printer's address instead of its name, or mend the name server"
        case .network: "Is the printer on and in this network?"
        }
    }

    /// What a person can do about a camera that is not seen.
    static func text(for error: ProbeError, printer: Configuration.Printer) -> String {
        switch error {
        case .authentication:
            "Compare the access code with the printer's screen (network settings)"
        case .refused:
            "On X1, P2S, H2 and X2D switch on LAN Only Liveview on the printer's screen; is camera.port right?"
        case .timedOut: "Is the camera on, and is the Wi-Fi good enough?"
        case .tls, .violation: "Do camera.port and camera.protocol fit the model?"
        case .certificate: text(for: .certificate, printer: printer)
        case .busy: "JPEG cameras serve one viewer; the next probe comes with the next interval"
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
