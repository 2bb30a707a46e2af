import BambuMetrics
import Cloud

extension CloudFailure.Kind {
    /// The `reason` label of the metric.
    var reason: AccountSnapshot.Failure {
        switch self {
        case .refused, .unauthorized, .forbidden: .auth
        case .limited: .limited
        case .timeout: .timeout
        case .network: .network
        case .server: .server
        case .shape: .shape
        }
    }

    /// Why printers are down if the user name for the broker is not available: auth, timeout or network.
    var linkFailure: Link.Failure { Link.Failure(rawValue: reason.rawValue) ?? .network }
}
