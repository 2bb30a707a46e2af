/// What one scrape needs to know of the account.
package struct AccountSnapshot: Sendable {
    /// What is asked of the account.
    package enum API: String, CaseIterable, Sendable {
        case bind, version, print, tasks, preference, ttcode
    }

    /// Why a request failed.
    package enum Failure: String, CaseIterable, Sendable {
        case auth, limited, timeout, network, server, shape
    }

    /// Whether the last poll succeeded.
    package var isUp = false
    /// Whether the token was refused, so that nothing is asked until its file changes.
    package var isRefused = false
    /// What is wrong with it and what to do, for people; `nil` while all is well.
    package var trouble: String?
    /// When the token ends, in seconds since 1970; `nil` without a token.
    package var tokenExpiry: Double?
    /// Requests sent.
    package var requests: [API: Int] = [:]
    package var failures: [API: [Failure: Int]] = [:]
    /// When a poll succeeded last, in seconds since 1970.
    package var lastSuccess: Double?
    /// Whether this process is the one of its shards that exports the account's own series.
    package var isExported = true

    package init() {}
}
