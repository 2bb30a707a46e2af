import CShim
import Glibc

/// A count that one thread waits for and another raises.
package final class CountingSemaphore: @unchecked Sendable {
    // Sendable: the pointer never changes, and a semaphore is there to be shared.
    private let semaphore: UnsafeMutablePointer<sem_t>

    package init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    package func signal() {
        sem_post(semaphore)
    }

    package func wait() {
        while sem_wait(semaphore) != 0 {}
    }

    /// Waits for `limit` at most. Returns whether the semaphore was signalled.
    package func wait(within limit: Duration) -> Bool {
        shim_semaphore_wait(semaphore, (Instant.now() + limit).nanoseconds)
    }
}
