import Glibc
package import Reactor

/// Answers HTTP/1 requests on a thread of its own.
///
/// One request at a time is answered: the handler has the thread to itself, and must not block it.
package final class Server: Sendable {
    /// Makes the answer to a request. It runs on the server's thread, and everyone waits for it.
    package typealias Handler = @Sendable (_ request: Request) -> Response

    /// What the listener calls, each on the server's thread.
    struct Routing: Sendable {
        let handler: Handler
        let protection: Protection
        let isExempt: @Sendable (Request) -> Bool
    }

    private enum State {
        case new
        /// Bound, and not accepting yet.
        case open([ListeningSocket])
        case running(Listener, waiters: [@Sendable () -> Void])
        case stopped
    }

    private let addresses: [ListenAddress]
    private let limits: Limits
    private let routing: Routing
    private let counts = RejectionCounts()
    private let state = Locked(State.new)

    /// - Parameters:
    ///   - protection: TLS, who may ask, and the fields of every answer.
    ///   - isExempt: whether a request is answered however many others are, as one that asks for health should be.
    package init(
        addresses: [ListenAddress], limits: Limits = Limits(), protection: Protection = Protection(),
        isExempt: @escaping @Sendable (Request) -> Bool = { _ in false },
        handler: @escaping Handler
    ) {
        self.addresses = addresses
        self.limits = limits
        routing = Routing(handler: handler, protection: protection, isExempt: isExempt)
    }

    /// How often each reason turned a client away, 0 included.
    package var rejections: [RejectionReason: Int] { counts.all }

    /// Listens on every address. Clients can connect, and wait until `start` for an answer.
    ///
    /// - Returns: what it listens on, in the order of the addresses, with the ports that the kernel chose.
    /// - Throws: `ListenError` for an address that cannot be had, and then listens on none.
    @discardableResult
    package func open() throws(ListenError) -> [SocketAddress] {
        let isNew = state.withLock { if case .new = $0 { true } else { false } }
        precondition(isNew, "a server opens once")
        let sockets = try openSockets()
        state.withLock { $0 = .open(sockets) }
        return sockets.map(\.address)
    }

    /// Begins to answer, after `open`. A server runs once, until `stop`; it cannot be started again.
    ///
    /// - Throws: `SystemError`, and then listens on nothing.
    package func start() throws {
        let sockets: [ListeningSocket]? = state.withLock { state in
            guard case .open(let sockets) = state else { return nil }
            state = .stopped
            return sockets
        }
        // An error of the program: no input leads here, since the one caller starts each server right after it opened it.
        guard let sockets else { preconditionFailure("a server starts once, after it is opened") }
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
            // Only now, as no thread may hold the sockets.
            state.withLock { $0 = .stopped }
            for socket in sockets { socket.close() }
            throw error
        }
    }

    private func openSockets() throws(ListenError) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        do throws(ListenError) {
            for address in addresses { sockets.append(try ListeningSocket.open(address)) }
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
        return sockets
    }

    /// Accepts no more, lets the responses being written end for at most `limit`, and closes everything.
    ///
    /// - Parameter done: called once the thread is done, on that thread; at once where nothing runs.
    package func stop(within limit: Duration, then done: @escaping @Sendable () -> Void) {
        beginStop(within: limit)
        let isRunning = state.withLock { state in
            guard case .running(let listener, let waiters) = state else { return false }
            state = .running(listener, waiters: waiters + [done])
            return true
        }
        if !isRunning { done() }
    }

    /// The same, for those who can wait.
    package func stop(within limit: Duration) async {
        await withCheckedContinuation { continuation in stop(within: limit) { continuation.resume() } }
    }

    /// Does what `stop` does without waiting for it.
    func beginStop(within limit: Duration) {
        guard case .running(let running, _) = state.withLock({ $0 }) else { return }
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
