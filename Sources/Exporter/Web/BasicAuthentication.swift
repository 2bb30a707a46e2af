import FoundationEssentials
import HTTP
import Reactor

/// Who may ask, by user and password. Source: RFC 7617.
///
/// A verdict is kept, for a hash takes some 50 ms to check: of the first request that brings a password, and on a thread
/// of its own, so that nobody else waits for it.
final class BasicAuthentication: Sendable {
    private struct Verdicts {
        var known: [SaltedDigest.Value: Bool] = [:]
        /// In the order in which they came; the oldest makes room.
        var order: [SaltedDigest.Value] = []
    }

    private static let capacity = 200

    private let users: [String: String]
    /// What the password of a user who is not there is checked against: it takes as long as that of one who is.
    private let decoy: String
    private let digest = SaltedDigest()
    private let verdicts = Locked(Verdicts())
    private let checker: PasswordChecker

    /// - Parameter users: bcrypt hashes by user.
    init(users: [String: String], checker: PasswordChecker) {
        self.users = users
        self.checker = checker
        decoy = users.sorted { $0.key < $1.key }.first?.value ?? ""
    }

    func verdict(on request: Request) -> Protection.Verdict {
        guard let credentials = Self.credentials(request.headers["Authorization"]) else { return .refuse(Self.refusal) }
        let key = digest.value(of: "\(credentials.user.utf8.count):\(credentials.user)\(credentials.password.revealed)")
        if let isRight = verdicts.withLock({ $0.known[key] }) { return isRight ? .pass : .refuse(Self.refusal) }
        return .later { decided in
            self.check(credentials, key, decided)
        }
    }

    private func check(
        _ credentials: (user: String, password: Secret), _ key: SaltedDigest.Value,
        _ decided: @escaping @Sendable (Response?) -> Void
    ) {
        let hash = users[credentials.user]
        let isQueued = checker.check(credentials.password, against: hash ?? decoy) { matches in
            let isRight = matches && hash != nil
            self.remember(key, isRight)
            decided(isRight ? nil : Self.refusal)
        }
        guard !isQueued else { return }
        decided(
            Response(
                .serviceUnavailable, text: "Too many passwords are being checked; try again\n",
                headers: ["Retry-After": "1"]))
    }

    private func remember(_ key: SaltedDigest.Value, _ isRight: Bool) {
        verdicts.withLock { verdicts in
            if verdicts.known.updateValue(isRight, forKey: key) == nil { verdicts.order.append(key) }
            guard verdicts.order.count > Self.capacity else { return }
            // Who guesses must not push out those who know.
            let victim = verdicts.order.firstIndex { verdicts.known[$0] == false } ?? 0
            verdicts.known[verdicts.order.remove(at: victim)] = nil
        }
    }

    private static let refusal = Response(
        .unauthorized, text: "A user and a password are needed.\n",
        headers: ["WWW-Authenticate": "Basic realm=\"bambu_exporter\", charset=\"UTF-8\""])

    private static func credentials(_ header: String?) -> (user: String, password: Secret)? {
        guard let header, header.lowercased().hasPrefix("basic "), header.utf8.count < 2048,
            let data = Data(base64Encoded: String(header.dropFirst(6).drop { $0 == " " })),
            let text = String(validating: data, as: UTF8.self), let colon = text.firstIndex(of: ":"),
            // A hash is made of what stands before a NUL.
            !text.contains("\0")
        else { return nil }
        return (String(text[..<colon]), Secret(String(text[text.index(after: colon)...])))
    }
}
