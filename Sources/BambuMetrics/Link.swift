/// The state of the connection to a printer, and its counters.
package struct Link: Sendable, Equatable {
    /// The reason why a connection failed or a printer is down.
    package enum Failure: String, CaseIterable, Sendable {
        case auth, certificate, tls, refused, timeout, dns, network
    }

    package enum DownReason: Sendable, Equatable {
        /// The exporter has just started, and no result is available yet.
        case starting
        case failure(Failure)
        /// Connected, but the printer stopped reporting.
        case silent
        /// Connected, but no report arrived; a wrong serial number has this effect.
        case neverReported
        /// The cloud reports that the printer is not connected to it.
        case cloudOffline

        package var label: String {
            switch self {
            case .starting: "starting"
            case .failure(let failure): failure.rawValue
            case .silent: "silent"
            case .neverReported: "never_reported"
            case .cloudOffline: "cloud_offline"
            }
        }
    }

    /// Whether reports arrive.
    package var isUp = false
    /// The reason for the outage; meaningful only if `isUp` is false.
    package var downReason = DownReason.starting
    /// Whether the session with the broker is established.
    package var isConnected = false
    package var connects = 0
    package var failures: [Failure: Int] = [:]
    /// The time at which the printer's certificate expires, in seconds since 1970; `nil` before the first handshake.
    package var certificateExpiry: Int64?

    package init() {}
}
