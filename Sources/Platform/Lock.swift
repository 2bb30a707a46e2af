import Glibc

/// A value behind a lock.
///
/// It uses a pthread mutex on the heap instead of `Synchronization.Mutex`: on Linux the thread sanitizer does not
/// recognize that one's futex and reports false races.
package final class Locked<Value>: @unchecked Sendable {
    // Sendable: `value` is only accessed in `withLock`, which holds `mutex`.
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
