import Cloud
import HTTP

/// The parsed command line.
struct Options: Sendable, Equatable {
    enum Command: String, Sendable, CaseIterable {
        case serve, login, discover, snapshot, forget, healthcheck
    }

    struct Shard: Sendable, Equatable {
        var index: Int?
        var count: Int?
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
    /// The command's argument: the printer of `forget` or `snapshot`.
    var operand: String?
    var configFile: String?
    var checksConfig = false
    /// The addresses of the flags; see `addresses`.
    var listenAddresses: [ListenAddress] = []
    var telemetryPath = "/metrics"
    var externalURL: ExternalURL?
    /// The prefix of every path; `nil` for the path of `externalURL`.
    var routePrefix: String?
    var webConfigFile: String?
    var maxRequests = 40
    var enablesLifecycle = false
    var shard = Shard()
    var logLevel = LogLevel.info
    var logFormat = LogFormat.logfmt
    /// The account for `login`; `nil` to prompt for it.
    var account: String?
    /// The region of that account; `nil` to prompt for it or use the configuration's.
    var region: Region?
    var timeout = Duration.seconds(10)
    var output: String?
    var follows = false
    var interval = Duration.seconds(1)
    var everyPercent: Int?
    var showsHelp = false
    var showsVersion = false

    static let defaultAddress = ":10883"

    var site: Site { Site(external: externalURL, routePrefix: routePrefix) }

    var addresses: [ListenAddress] {
        get throws(ListenError) {
            listenAddresses.isEmpty ? [try ListenAddress(Self.defaultAddress)] : listenAddresses
        }
    }
}
