import CShim
import Glibc

/// A semaphore for signals between threads.
package final class CountingSemaphore: @unchecked Sendable {
    // Sendable: the pointer never changes, and a semaphore may be used from any thread.
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

    /// Waits for at most `limit`. Returns whether the semaphore was signalled in time.
    package func wait(within limit: Duration) -> Bool {
        shim_semaphore_wait(semaphore, (Instant.now() + limit).nanoseconds)
    }
}
