import BambuMetrics
import BambuProtocol
import MQTT
import Platform
import TLS

/// The broker and the credentials of a session.
extension BrokerSession {
    struct Settings: Equatable {
        /// Which printers the session is for.
        enum Source: Equatable {
            /// One printer on the LAN, which is its own broker.
            case printer(Configuration.Printer)
            /// Many printers, on the cloud broker or on the user's own.
            case shared(BrokerSessionCounts.Source)
        }

        enum Security: Equatable {
            /// The printer's certificate is checked according to its `tls` settings.
            case printer(Configuration.Printer)
            /// The host's name is checked, and the chain must lead to an authority of the file, or of the system if
            /// `nil`.
            case verified(authorityFile: String?)
            /// TLS without a check of the peer.
            case unverified
            /// No TLS.
            case plain
        }

        let source: Source
        let host: String
        let port: UInt16
        let security: Security
        /// The prefix of `device/SERIAL/report` topics.
        var topicPrefix = ""
        /// Whether a wildcard subscription reads every printer that reports on the broker.
        var takesEveryPrinter = false
        /// The file of the password. It is read again before the attempt that follows a refusal.
        var passwordFile: String?
        /// `nil` makes one up for every connection.
        var clientID: String?
        /// The certificate for a broker that asks its clients for one.
        var identity: TLSIdentity?
    }

    struct Credentials: Equatable {
        let user: String?
        let password: Secret?
    }
}

extension BrokerSession.Settings {
    /// The packet limit of a shared session, in bytes.
    ///
    /// A larger message ends the session, and libmosquitto does not report its topic. The limit is high, so that one
    /// printer cannot end the session of all; `Printer` rejects what is too large for a report.
    private static let sharedPacketLimit = 16 << 20

    /// The session with a printer on the LAN.
    init(_ printer: Configuration.Printer, at host: String) {
        self.init(
            source: .printer(printer), host: host, port: printer.port, security: .printer(printer),
            passwordFile: printer.accessCodeFile)
    }

    func reportTopic(of serial: String) -> String { topicPrefix + PrinterRequest.reportTopic(serial: serial) }

    func requestTopic(of serial: String) -> String { topicPrefix + PrinterRequest.topic(serial: serial) }

    /// The topic of every printer's reports.
    var wildcardTopic: String { reportTopic(of: "+") }

    /// The serial number in a report topic; `nil` for any other topic.
    func serial(in topic: String) -> String? {
        guard topic.hasPrefix(topicPrefix) else { return nil }
        let parts = topic.dropFirst(topicPrefix.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "device", parts[2] == "report" else { return nil }
        return String(parts[1])
    }

    /// The options of one connection.
    func options(as credentials: BrokerSession.Credentials) -> Connection.Options {
        var options = Connection.Options(
            clientID: clientID ?? "bambu_exporter-" + String(UInt64.random(in: .min ... .max), radix: 36),
            user: credentials.user, password: credentials.password)
        if case .shared = source { options.packetLimit = Self.sharedPacketLimit }
        return options
    }

    /// Makes the context that checks the peer; `nil` for a connection without TLS.
    func tls(in environment: ReactorEnvironment) throws -> TLSContext? {
        switch security {
        case .plain: return nil
        case .printer(let printer): return try environment.tls(to: .mqtt, of: printer)
        case .unverified:
            return try TLSContext(name: host, trust: .unverified, peer: .server, identity: identity)
        case .verified(let file):
            let store = try environment.authorities(of: file)
            return try TLSContext(name: host, trust: .host(store), peer: .server, identity: identity)
        }
    }
}
