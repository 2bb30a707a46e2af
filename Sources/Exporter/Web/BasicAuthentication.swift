import HTTP
import Platform
import TLS

/// HTTP basic authentication with users and bcrypt hashes. Source: RFC 7617.
///
/// Results are cached, since checking a hash takes about 50 ms. The first request with a password is checked on another
/// thread, so that it delays no other client.
final class BasicAuthentication: Sendable {
    private static let capacity = 200

    private let users: [String: String]
    /// The highest cost of a hash. Every check takes as long as one of this cost, whether the user exists or not.
    private let cost: Int
    private let digest = SaltedDigest()
    /// The results of checks, the oldest first.
    private let verdicts = Locked<[(key: SaltedDigest.Value, isRight: Bool)]>([])
    /// The callbacks of requests that wait for a check.
    private let pending = Locked<[SaltedDigest.Value: [@Sendable (Response?) -> Void]]>([:])
    private let checker: PasswordChecker

    /// - Parameter users: bcrypt hashes by user.
    /// - Throws: `SystemError` if a thread cannot be created.
    init(users: [String: String]) throws {
        self.users = users
        checker = try PasswordChecker()
        cost = users.values.compactMap(BcryptCost.of).max() ?? 0
    }

    func decision(on request: Request, from peer: Peer) -> AccessControl.Decision {
        guard let credentials = Self.credentials(request.headers["Authorization"]) else { return .refuse(Self.refusal) }
        let key = digest.value(of: "\(credentials.user.utf8.count):\(credentials.user)\(credentials.password.revealed)")
        let verdict = verdicts.withLock { verdicts in verdicts.first { $0.key == key } }
        if let isRight = verdict?.isRight { return isRight ? .pass : .refuse(Self.refusal) }
        return .later { decided in
            self.check(credentials, key, of: peer.host, decided)
        }
    }

    private func check(
        _ credentials: (user: String, password: Secret), _ key: SaltedDigest.Value, of client: String,
        _ decided: @escaping @Sendable (Response?) -> Void
    ) {
        // Concurrent scrapes send the same password, which is checked once.
        let isFirst = pending.withLock { pending in
            defer { pending[key, default: []].append(decided) }
            return pending[key] == nil
        }
        guard isFirst else { return }
        let isQueued = checker.check(
            credentials.password, against: users[credentials.user], cost: cost, for: client
        ) { isRight in
            self.remember(key, isRight)
            self.decide(key, isRight ? nil : Self.refusal)
        }
        if !isQueued { decide(key, Self.overload) }
    }

    private func decide(_ key: SaltedDigest.Value, _ refusal: Response?) {
        for decided in pending.withLock({ $0.removeValue(forKey: key) }) ?? [] { decided(refusal) }
    }

    private static let overload = Response(
        .serviceUnavailable, text: "Too many passwords are being checked. Try again.\n", headers: ["Retry-After": "1"])

    private func remember(_ key: SaltedDigest.Value, _ isRight: Bool) {
        verdicts.withLock { verdicts in
            verdicts.removeAll { $0.key == key }
            verdicts.append((key, isRight))
            // Evict failed attempts first, so that guessing cannot flush valid entries.
            if verdicts.count > Self.capacity { verdicts.remove(at: verdicts.firstIndex { !$0.isRight } ?? 0) }
        }
    }

    private static let refusal = Response(
        .unauthorized, text: "Unauthorized. Send a user name and a password.\n",
        headers: ["WWW-Authenticate": "Basic realm=\"bambu_exporter\", charset=\"UTF-8\""])

    private static func credentials(_ header: String?) -> (user: String, password: Secret)? {
        guard let header, header.lowercased().hasPrefix("basic "), header.utf8.count < 2048,
            let bytes = Base64.bytes(of: header.dropFirst(6).drop { $0 == " " }),
            let text = String(validating: bytes, as: UTF8.self), let colon = text.firstIndex(of: ":"),
            // `crypt` stops at the first NUL, so reject passwords that contain one.
            !text.contains("\0")
        else { return nil }
        return (String(text[..<colon]), Secret(String(text[text.index(after: colon)...])))
    }
}
