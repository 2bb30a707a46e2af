import Glibc
package import Platform
import Reactor

/// An HTTP/1 server on a thread of its own.
///
/// Requests are answered one at a time; the handler runs on the server's thread and must not block.
package final class Server: Sendable {
    /// Creates the response to a request. It runs on the server's thread, so all clients wait for it.
    package typealias Handler = @Sendable (_ request: Request) -> Response

    /// The callbacks of the listener; all run on the server's thread.
    struct Routing: Sendable {
        let handler: Handler
        let accessControl: AccessControl
        let isExempt: @Sendable (Request) -> Bool
    }

    private enum State {
        case new
        /// The sockets are bound, but connections are not accepted yet.
        case open([ListeningSocket])
        case running(Listener, waiters: [@Sendable () -> Void])
        case stopped
    }

    private let addresses: [ListenAddress]
    private let limits: Limits
    private let routing: Routing
    private let counts = Locked(Dictionary(uniqueKeysWithValues: RejectionReason.allCases.map { ($0, 0) }))
    private let state = Locked(State.new)

    /// - Parameters:
    ///   - accessControl: TLS, authorization, and the header fields of every response.
    ///   - isExempt: Whether a request is answered above `Limits.answers`; intended for health checks.
    package init(
        addresses: [ListenAddress], limits: Limits = Limits(), accessControl: AccessControl = AccessControl(),
        isExempt: @escaping @Sendable (Request) -> Bool = { _ in false },
        handler: @escaping Handler
    ) {
        self.addresses = addresses
        self.limits = limits
        routing = Routing(handler: handler, accessControl: accessControl, isExempt: isExempt)
    }

    /// The number of rejections by reason, 0 included.
    package var rejections: [RejectionReason: Int] { counts.withLock { $0 } }

    /// Binds every address. Clients can connect, and wait for a response until `start`.
    ///
    /// - Returns: The bound addresses in order, with the ports that the kernel chose.
    /// - Throws: `ListenError` if an address is not available; no socket stays open then.
    @discardableResult
    package func open() throws(ListenError) -> [SocketAddress] {
        let isNew = state.withLock { if case .new = $0 { true } else { false } }
        precondition(isNew, "a server opens once")
        let sockets = try openSockets()
        state.withLock { $0 = .open(sockets) }
        return sockets.map(\.address)
    }

    /// Starts to answer requests, after `open`. A server cannot be started again after `stop`.
    ///
    /// - Throws: `SystemError` if the thread or the event loop cannot be created, or if the server
    ///   is not open; the sockets are closed then.
    package func start() throws {
        let sockets: [ListeningSocket]? = state.withLock { state in
            guard case .open(let sockets) = state else { return nil }
            state = .stopped
            return sockets
        }
        guard let sockets else { throw SystemError(EINVAL, "start of a server that is not open") }
        do {
            let loop = try EventLoop()
            let listener = Listener(loop: loop, limits: limits, routing: routing, rejections: counts)
            try listener.listen(on: sockets)
            state.withLock { $0 = .running(listener, waiters: []) }
            try Thread(named: "http") {
                loop.run()
                self.end()
            }.detach()
        } catch {
            // Close the sockets last, when no thread can use them.
            state.withLock { $0 = .stopped }
            for socket in sockets { socket.close() }
            throw error
        }
    }

    private func openSockets() throws(ListenError) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        do throws(ListenError) {
            for address in addresses { sockets.append(try address.listen()) }
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
        return sockets
    }

    /// Finishes the responses being written within `limit`, then closes all connections and sockets.
    ///
    /// - Parameter done: Called on the server's thread when it has finished, or immediately if the server is not
    ///   running.
    package func stop(within limit: Duration, then done: @escaping @Sendable () -> Void) {
        let running: Listener? = state.withLock { state in
            guard case .running(let listener, let waiters) = state else { return nil }
            state = .running(listener, waiters: waiters + [done])
            return listener
        }
        guard let running else { return done() }
        running.loop.perform { running.stop(within: limit) }
    }

    private func end() {
        let waiters = state.withLock { state in
            defer { state = .stopped }
            guard case .running(_, let waiters) = state else { return [@Sendable () -> Void]() }
            return waiters
        }
        for waiter in waiters { waiter() }
    }
}
