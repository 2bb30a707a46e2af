import CShim
import Glibc

/// A thread of the operating system, for work that blocks or loops, which Swift's thread pool is not suited to.
package struct Thread: @unchecked Sendable {
    // Sendable: a `pthread_t` is a number, and only its owner calls `join`.
    private let handle: pthread_t

    /// Starts a thread that runs `body`.
    ///
    /// - Parameter name: At most 15 characters, shown by `top -H` and debuggers.
    /// - Throws: `SystemError` if the system cannot create a thread.
    package init(named name: String, _ body: @escaping @Sendable () -> Void) throws {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                shim_set_thread_name(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw SystemError(code, "pthread_create")
        }
        self.handle = handle
    }

    package func join() {
        pthread_join(handle, nil)
    }

    /// Releases the thread's resources when it ends, without `join`.
    package func detach() {
        pthread_detach(handle)
    }

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
