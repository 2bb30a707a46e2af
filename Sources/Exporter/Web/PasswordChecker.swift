import CShim
import HTTP
import Reactor

/// Checks passwords against bcrypt hashes one at a time, on a thread that ends when the queue is empty.
///
/// Clients take turns, so that one client's guesses do not delay the others.
final class PasswordChecker: Sendable {
    private struct Question: Sendable {
        let password: Secret
        let hash: String?
        let cost: Int
        let answer: @Sendable (Bool) -> Void
    }

    private struct Queue {
        var questions = FairQueue<String, Question>()
        var hasThread = false
    }

    /// At 50 ms each, the last check waits for three seconds.
    private static let limit = 64
    private static let limitOfClient = 16

    private let queue = Locked(Queue())

    init() {}

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
        let (isQueued, needsThread) = queue.withLock { queue in
            guard queue.questions.count < Self.limit, queue.questions.count(of: client) < Self.limitOfClient else {
                return (false, false)
            }
            queue.questions.append(Question(password: password, hash: hash, cost: cost, answer: answer), of: client)
            defer { queue.hasThread = true }
            return (true, !queue.hasThread)
        }
        guard needsThread else { return isQueued }
        do {
            try Thread(named: "passwords") { self.work() }.detach()
        } catch {
            // Without a thread, no password is accepted.
            while let question = next() { question.answer(false) }
        }
        return true
    }

    private func work() {
        while let question = next() { question.answer(Self.isRight(question)) }
    }

    private static func isRight(_ question: Question) -> Bool {
        let password = question.password.revealed
        let isRight = question.hash.map { shim_bcrypt_matches(password, $0) } ?? false
        for cost in BcryptCost.missing(to: question.cost, after: question.hash) {
            _ = shim_bcrypt_matches(password, BcryptCost.decoy(of: cost))
        }
        return isRight
    }

    private func next() -> Question? {
        queue.withLock { queue in
            if let next = queue.questions.popFirst() { return next }
            queue.hasThread = false
            return nil
        }
    }
}
