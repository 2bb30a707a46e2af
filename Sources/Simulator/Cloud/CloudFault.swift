package typealias CloudFault = TimedFault<AccountFault>

/// A fault of the simulated account's REST API; `--help` explains each.
package enum AccountFault: String, FaultKind {
    case refused, unauthorized, cloudflare, forbidden, teapot, limited, error, unavailable, page, failed, broken
    case misshapen, flood, drip, hang, cut, redirect

    package static let flag = "--cloud-fault"
    package static let targets: [String]? = SimulatedAccount.apis
}
