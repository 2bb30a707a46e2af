import CShim
import HTTP
import Platform

/// Checks passwords against bcrypt hashes one at a time, on its own thread.
///
/// Clients take turns, so that one client's guesses do not delay the others.
final class PasswordChecker: Sendable {
    private struct Question: Sendable {
        let password: Secret
        let hash: String?
        let cost: Int
        let answer: @Sendable (Bool) -> Void
    }

    /// At 50 ms each, the last check waits for three seconds.
    private static let limit = 64
    private static let limitOfClient = 16

    private let questions = Locked(FairQueue<String, Question>())
    private let worker: SerialWorker

    /// - Throws: `SystemError` if the thread cannot be created.
    init() throws {
        worker = try SerialWorker(named: "passwords")
    }

    /// Queues a check and calls `answer` on another thread.
    ///
    /// - Returns: Whether the check was queued; `false` if too many checks wait, of all clients or of this one.
    ///
    /// - Parameters:
    ///   - hash: the hash of the user's password; `nil` if the user does not exist.
    ///   - cost: the highest cost of all users. Every check takes as long as one of this cost.
    ///   - client: the address of the client.
    func check(
        _ password: Secret, against hash: String?, cost: Int, for client: String,
        _ answer: @escaping @Sendable (Bool) -> Void
    ) -> Bool {
        let isQueued = questions.withLock { questions in
            guard questions.count < Self.limit, questions.count(of: client) < Self.limitOfClient else { return false }
            questions.append(Question(password: password, hash: hash, cost: cost, answer: answer), of: client)
            return true
        }
        guard isQueued else { return false }
        // Answers the client whose turn it is by then, not necessarily this one.
        worker.perform { [questions] in
            if let next = questions.withLock({ $0.popFirst() }) { next.answer(Self.isRight(next)) }
        }
        return true
    }

    private static func isRight(_ question: Question) -> Bool {
        let password = question.password.revealed
        let isRight = question.hash.map { shim_bcrypt_matches(password, $0) } ?? false
        for cost in BcryptCost.missing(to: question.cost, after: question.hash) {
            _ = shim_bcrypt_matches(password, BcryptCost.decoy(of: cost))
        }
        return isRight
    }
}
