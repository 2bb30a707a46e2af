import CShim
import Reactor

/// Checks passwords against bcrypt hashes, one after the other, on a thread that lives while there are any.
final class PasswordChecker: Sendable {
    private struct Question: Sendable {
        let password: Secret
        let hash: String
        let answer: @Sendable (Bool) -> Void
    }

    private struct Queue {
        var questions: [Question] = []
        var hasThread = false
    }

    /// At 50 ms each, the last one waits three seconds.
    private static let limit = 64

    private let queue = Locked(Queue())

    init() {}

    /// Calls `answer` on another thread. Returns whether it will: not while too many wait already.
    func check(_ password: Secret, against hash: String, _ answer: @escaping @Sendable (Bool) -> Void) -> Bool {
        let (isQueued, needsThread) = queue.withLock { queue in
            guard queue.questions.count < Self.limit else { return (false, false) }
            queue.questions.append(Question(password: password, hash: hash, answer: answer))
            defer { queue.hasThread = true }
            return (true, !queue.hasThread)
        }
        guard needsThread else { return isQueued }
        do {
            try Thread(named: "passwords") { self.work() }.detach()
        } catch {
            // No thread to be had: then nobody is let in.
            while let question = next() { question.answer(false) }
        }
        return true
    }

    private func work() {
        while let question = next() {
            question.answer(shim_bcrypt_matches(question.password.revealed, question.hash))
        }
    }

    private func next() -> Question? {
        queue.withLock { queue in
            if !queue.questions.isEmpty { return queue.questions.removeFirst() }
            queue.hasThread = false
            return nil
        }
    }
}
