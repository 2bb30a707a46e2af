/// The connection to a printer and what came of it.
package struct Link: Sendable, Equatable {
    /// Why a connection could not be made, or a printer is down.
    package enum Failure: String, CaseIterable, Sendable {
        case auth, certificate, tls, refused, timeout, dns, network
    }

    /// Why a printer is down.
    package enum DownReason: Sendable, Equatable {
        /// This process has not yet had the time to find out.
        case starting
        case failure(Failure)
        /// Connected, but the printer stopped reporting.
        case silent
        /// Connected, but not one report came: a wrong serial number looks so.
        case neverReported
        /// The cloud says that the printer is not connected to it.
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
    /// Meaningful while `isUp` is false.
    package var downReason = DownReason.starting
    /// Whether the broker's session stands.
    package var isConnected = false
    package var connects = 0
    package var failures: [Failure: Int] = [:]
    /// When the printer's certificate ends, in seconds since 1970; `nil` before the first handshake.
    package var certificateExpiry: Int64?

    package init() {}
}
