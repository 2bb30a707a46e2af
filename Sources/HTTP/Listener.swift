import CShim
import Glibc
import Platform
import Reactor

/// Accepts connections, enforces the limits and answers requests in turn.
final class Listener: @unchecked Sendable {
    // Sendable: once the event loop runs, all state is confined to its thread; the server reaches it through
    // `loop.perform`.

    /// The time without accepting after the process ran out of descriptors and no connection could be closed.
    private static let pause = Duration.milliseconds(100)
    private static let acceptsPerTurn = 64

    let loop: EventLoop
    let limits: Limits
    /// The receive buffer that all connections share.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Transport.receiveSize, alignment: 16)
    /// The number of responses being written that count against `Limits.answers`.
    var answering = 0
    private(set) var isStopping = false

    private let routing: Server.Routing
    private let rejections: Locked<[RejectionReason: Int]>
    private var sockets: [ListeningSocket] = []
    private var connections: [Int32: Connection] = [:]
    private var isPaused = false
    /// Requests that wait for their turn, by client address.
    private var queue = FairQueue<String, (connection: Connection, request: Request)>()
    private var isServing = false

    init(loop: EventLoop, limits: Limits, routing: Server.Routing, rejections: Locked<[RejectionReason: Int]>) {
        self.loop = loop
        self.limits = limits
        self.routing = routing
        self.rejections = rejections
    }

    deinit {
        buffer.deallocate()
    }

    /// Takes ownership of `sockets` and accepts connections on them.
    func listen(on sockets: [ListeningSocket]) throws {
        self.sockets = sockets
        for socket in sockets {
            try loop.watch(socket.descriptor, for: .read) { [weak self] _ in self?.accept(on: socket) }
        }
    }

    private func accept(on socket: ListeningSocket) {
        var mayFree = true
        for _ in 0..<Self.acceptsPerTurn where !isPaused {
            let accepted = socket.accept()
            if accepted >= 0 {
                admit(accepted)
                mayFree = true
                continue
            }
            switch -accepted {
            case EAGAIN: return
            case EINTR, ECONNABORTED: continue
            // The kernel reserves a descriptor before it checks for a connection, so this error may occur without a
            // client.
            case EMFILE where !socket.hasClient: return
            case EMFILE where mayFree && !connections.isEmpty:
                // Another thread may take the freed descriptor: close only one connection for each new one.
                mayFree = false
                makeRoom(as: .descriptors)
            default: pauseAccepting()
            }
        }
    }

    private func admit(_ descriptor: Int32) {
        let plain = Transport(descriptor: descriptor)
        guard let host = SocketAddress(peerOf: descriptor).map(Peer.host(of:)) else { return plain.close() }
        var transport = plain
        if let tls = routing.accessControl.tls() {
            let isLocal = SocketAddress(boundTo: descriptor).map(Peer.host(of:)) == host
            guard let ssl = tls.session(on: descriptor, isLocal: isLocal, at: loop.now) else { return plain.close() }
            transport = Transport(descriptor: descriptor, ssl: ssl, needsCertificate: tls.needsCertificate)
        }
        if connections.count >= limits.connections { makeRoom(as: .connections) }
        let connection = Connection(transport, host: host, listener: self)
        do {
            try connection.open()
            connections[descriptor] = connection
        } catch {
            transport.close()
        }
    }

    /// Closes one connection: one whose last response was sent, or else one of the client with the most connections.
    private func makeRoom(as reason: RejectionReason) {
        let counts = Self.counts(of: connections.values)
        let least = connections.values.min { left, right in
            let (one, other) = (left.evictionPriority, right.evictionPriority)
            return (one.isNeeded, -(counts[left.host] ?? 0), one.lastSign)
                < (other.isNeeded, -(counts[right.host] ?? 0), other.lastSign)
        }
        guard let least else { return }
        reject(reason)
        least.close()
    }

    private static func counts(of connections: some Sequence<Connection>) -> [String: Int] {
        connections.reduce(into: [:]) { $0[$1.host, default: 0] += 1 }
    }

    /// Aborts the slowest response of the client with the most responses.
    ///
    /// - Returns: Whether a response was aborted: only if the client has more responses than `host`, or if the response
    ///   makes no progress.
    private func abortSlowest(for host: String) -> Bool {
        let answering = connections.values.filter(\.isCounted)
        let counts = Self.counts(of: answering)
        let key = { (one: Connection) in (-(counts[one.host] ?? 0), one.evictionPriority.lastSign) }
        let slowest = answering.min { key($0) < key($1) }
        guard let slowest else { return false }
        let hasMost = (counts[slowest.host] ?? 0) > (counts[host] ?? 0) + 1
        guard hasMost || loop.now - slowest.evictionPriority.lastSign >= limits.stallTime else { return false }
        reject(.slowReader)
        slowest.close()
        return true
    }

    /// Queues `request`. Clients take turns, and the event loop handles connections in between.
    func enqueue(_ request: Request, of connection: Connection) {
        queue.append((connection, request), of: connection.host)
        guard !isServing else { return }
        isServing = true
        serveSoon()
    }

    private func serveSoon() {
        // One nanosecond later, because a timer that is due now would run in this turn.
        loop.schedule(at: loop.now + .nanoseconds(1)) { [weak self] in self?.serve() }
    }

    private func serve() {
        let end = Instant.now() + limits.turnTime
        while let next = queue.popFirst() {
            next.connection.serve(next.request)
            if Instant.now() >= end { return serveSoon() }
        }
        isServing = false
    }

    /// Stops accepting for a moment. The pending connection keeps the socket readable, so the event loop would spin
    /// otherwise.
    private func pauseAccepting() {
        reject(.descriptors)
        isPaused = true
        for socket in sockets { loop.change(socket.descriptor, to: []) }
        loop.schedule(at: loop.now + Self.pause) { [weak self] in
            guard let self, !isStopping else { return }
            isPaused = false
            for socket in sockets { loop.change(socket.descriptor, to: .read) }
        }
    }

    /// The response to `request`: 503 if too many other responses are being written.
    func response(to request: Request, of connection: Connection) -> Response {
        if answering >= limits.answers, !routing.isExempt(request), !abortSlowest(for: connection.host) {
            reject(.busy)
            return Response(
                .serviceUnavailable, text: "\(answering) responses are being written; try again\n",
                headers: ["Retry-After": "1"])
        }
        return routing.handler(request)
    }

    var headers: Headers { routing.accessControl.headers() }

    /// Decides whether `request` is answered. If the decision is asynchronous, `Connection.resume` is called with it.
    func decision(on request: Request, of connection: Connection) -> AccessControl.Decision {
        let decision = routing.accessControl.decision(request, connection.peer)
        guard case .later(let decide) = decision else { return decision }
        let waiting = LoopIsolated(connection)
        decide { [loop] refusal in
            loop.perform { waiting.value.resume(request, refusal) }
        }
        return decision
    }

    func reject(_ reason: RejectionReason) {
        rejections.withLock { $0[reason, default: 0] += 1 }
    }

    func remove(_ connection: Connection) {
        connections[connection.descriptor] = nil
        if isStopping, connections.isEmpty { end() }
    }

    /// Stops the event loop after all responses were written, or after `limit`.
    ///
    /// Until then, new connections are answered with `Connection: close`, so that health checks fail over.
    func stop(within limit: Duration) {
        guard !isStopping else { return }
        isStopping = true
        for connection in connections.values { connection.beginShutdown() }
        if connections.isEmpty { end() }
        loop.schedule(at: loop.now + limit) { [weak self] in
            guard let self else { return }
            for connection in connections.values { connection.close() }
            end()
        }
    }

    private func end() {
        for socket in sockets {
            loop.unwatch(socket.descriptor)
            socket.close()
        }
        sockets = []
        loop.stop()
    }
}
