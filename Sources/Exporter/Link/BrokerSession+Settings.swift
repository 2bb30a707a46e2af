import BambuMetrics
import BambuProtocol
import Reactor

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

        init(
            source: BrokerSessionCounts.Source, host: String, port: UInt16, security: Security,
            topicPrefix: String = "",
            takesEveryPrinter: Bool = false, passwordFile: String? = nil, clientID: String? = nil,
            identity: TLSIdentity? = nil
        ) {
            self.source = .shared(source)
            self.host = host
            self.port = port
            self.security = security
            self.topicPrefix = topicPrefix
            self.takesEveryPrinter = takesEveryPrinter
            self.passwordFile = passwordFile
            self.clientID = clientID
            self.identity = identity
        }

        /// The session with a printer on the LAN.
        init(_ printer: Configuration.Printer, at host: String) {
            source = .printer(printer)
            self.host = host
            port = printer.port
            security = .printer(printer)
            passwordFile = printer.accessCodeFile
        }
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

    func target(as credentials: BrokerSession.Credentials, in environment: ReactorEnvironment) -> Dialer.Target {
        let packetLimit: Int? = if case .shared = source { Self.sharedPacketLimit } else { nil }
        return Dialer.Target(
            host: host, port: port, user: credentials.user, password: credentials.password, clientID: clientID,
            packetLimit: packetLimit
        ) {
            switch security {
            case .plain: return nil
            case .printer(let printer):
                let trust = try environment.trust(in: printer, service: .mqtt)
                return try TLSContext(name: printer.serial, trust: trust, peer: .printer)
            case .unverified:
                return try TLSContext(name: host, trust: .unverified, peer: .server, identity: identity)
            case .verified(let file):
                let store = try file.map(environment.authorities.store) ?? environment.authorities.system()
                return try TLSContext(name: host, trust: .host(store), peer: .server, identity: identity)
            }
        }
    }
}
