import Cloud
import HTTP

/// What the command line says.
struct Options: Sendable, Equatable {
    enum Command: String, Sendable, CaseIterable {
        case serve, login, discover, snapshot, forget, healthcheck
    }

    struct Shard: Sendable, Equatable {
        var index: Int?
        var count: Int?
        init() {}
    }

    enum LogLevel: String, Sendable, CaseIterable, Comparable {
        case debug, info, warn, error

        static func < (left: LogLevel, right: LogLevel) -> Bool {
            allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
        }
    }

    enum LogFormat: String, Sendable, CaseIterable {
        case logfmt, json
    }

    var command = Command.serve
    /// What a command works on: the printer that `forget` forgets, or whose camera `snapshot` looks through.
    var operand: String?
    var configFile: String?
    var checksConfig = false
    /// Where to listen as the flags say; see `addresses`.
    var listenAddresses: [ListenAddress] = []
    var telemetryPath = "/metrics"
    /// How clients reach the listener through a proxy.
    var externalURL: ExternalURL?
    /// In front of every path; the path of `externalURL` where it is left out.
    var routePrefix: String?
    /// TLS and who may ask.
    var webConfigFile: String?
    var maxRequests = 40
    var enablesLifecycle = false
    var shard = Shard()
    var logLevel = LogLevel.info
    var logFormat = LogFormat.logfmt
    /// Whom `login` signs in; asked for where it is left out.
    var account: String?
    /// Where that account is.
    var region: Region?
    /// How long `discover` listens.
    var timeout = Duration.seconds(10)
    /// Where `snapshot` puts a picture: a file, or `-`.
    var output: String?
    /// Whether `snapshot` goes on.
    var follows = false
    /// From one picture to the next.
    var interval = Duration.seconds(1)
    /// At which parts of a print `snapshot` takes pictures, in percent.
    var everyPercent: Int?
    var showsHelp = false
    var showsVersion = false

    static let defaultAddress = ":10883"

    init() {}

    /// Where the listener's paths are.
    var site: Site { Site(external: externalURL, routePrefix: routePrefix) }

    /// Where to listen.
    var addresses: [ListenAddress] {
        get throws(ListenError) {
            listenAddresses.isEmpty ? [try ListenAddress(Self.defaultAddress)] : listenAddresses
        }
    }
}
