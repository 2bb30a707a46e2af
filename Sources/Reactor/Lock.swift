import Glibc

/// A value that one thread at a time may touch.
///
/// A pthread mutex on the heap and not `Synchronization.Mutex`: the thread sanitizer does not see that one's futex
/// on Linux and reports races that are none.
package final class Locked<Value>: @unchecked Sendable {
    // Sendable, because `value` is reached through `withLock` alone, which holds `mutex`.
    private var value: Value
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    package init(_ value: consuming sending Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
