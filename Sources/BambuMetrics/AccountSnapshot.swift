/// The state of the account for one scrape.
package struct AccountSnapshot: Sendable {
    /// The parts of the REST API that the exporter requests.
    package enum API: String, CaseIterable, Sendable {
        case bind, version, print, tasks, preference, ttcode
    }

    package enum Failure: String, CaseIterable, Sendable {
        case auth, limited, timeout, network, server, shape
    }

    /// Whether the last poll succeeded.
    package var isUp = false
    /// Whether the token was rejected. No request is sent until its file changes.
    package var isRefused = false
    /// The problem and its remedy as text for the user; `nil` if there is no problem.
    package var trouble: String?
    /// The time at which the token expires, in seconds since 1970; `nil` without a token.
    package var tokenExpiry: Double?
    package var requests: [API: Int] = [:]
    package var failures: [API: [Failure: Int]] = [:]
    /// The time of the last successful poll, in seconds since 1970.
    package var lastSuccess: Double?
    /// Whether this process exports the account's own series; with shards only one of them does.
    package var isExported = true

    package init() {}
}
