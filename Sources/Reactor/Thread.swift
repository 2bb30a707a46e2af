import CShim
import Glibc

/// A thread of the operating system, for what blocks or loops: Swift's own pool is for neither.
package struct Thread: @unchecked Sendable {
    // Sendable: a `pthread_t` is a number, and `join` is called by its one owner.
    private let handle: pthread_t

    /// Starts a thread that runs `body`.
    ///
    /// - Parameter name: at most 15 characters, for `top -H` and debuggers.
    /// - Throws: `SystemError` where the system has no further thread to give.
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

    /// Waits for the thread to end.
    package func join() {
        pthread_join(handle, nil)
    }

    /// Lets the thread end by itself.
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
