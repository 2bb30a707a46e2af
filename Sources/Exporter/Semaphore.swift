import CShim
import Glibc
import Reactor

/// A count that one thread waits for and another raises.
final class Semaphore: @unchecked Sendable {
    // Sendable: the pointer never changes, and a semaphore is there to be shared.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() {
        sem_post(semaphore)
    }

    func wait() {
        while sem_wait(semaphore) != 0 {}
    }

    /// Waits for `limit` at most. Returns whether the semaphore was signalled.
    func wait(within limit: Duration) -> Bool {
        shim_semaphore_wait(semaphore, (Instant.now() + limit).nanoseconds)
    }
}
