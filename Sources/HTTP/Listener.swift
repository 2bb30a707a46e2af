import CShim
import Glibc
import Reactor

/// Accepts connections and keeps them within the limits.
final class Listener: @unchecked Sendable {
    // Sendable, because everything in here is touched by the loop's thread alone, once that runs; the server reaches
    // it through `loop.perform`.

    /// How long no connection is accepted once the process has no descriptor left and none here can be freed.
    private static let pause = Duration.milliseconds(100)
    private static let acceptsPerTurn = 64

    let loop: EventLoop
    let limits: Limits
    /// What every connection receives into.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Transport.receiveSize, alignment: 16)
    /// Responses being written.
    var answering = 0
    private(set) var isStopping = false

    private let routing: Server.Routing
    private let rejections: RejectionCounts
    private var sockets: [ListeningSocket] = []
    private var connections: [Int32: Connection] = [:]
    private var isPaused = false
    /// Requests on which the verdict is awaited.
    private var waiting: [UInt64: (connection: Connection, request: Request)] = [:]
    private var lastTicket: UInt64 = 0
    /// Requests that wait for their turn, by the address of their client.
    private var queue = FairQueue<String, (connection: Connection, request: Request)>()
    private var isServing = false

    init(loop: EventLoop, limits: Limits, routing: Server.Routing, rejections: RejectionCounts) {
        self.loop = loop
        self.limits = limits
        self.routing = routing
        self.rejections = rejections
    }

    deinit {
        buffer.deallocate()
    }

    /// Takes `sockets` over and accepts on them.
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
            // The kernel looks for a free descriptor before it looks for a client.
            case EMFILE where !socket.hasClient: return
            case EMFILE where mayFree && !connections.isEmpty:
                // The freed descriptor may go to another thread: so one try, and no more, for each new connection.
                mayFree = false
                makeRoom(as: .descriptors)
            default: pauseAccepting()
            }
        }
    }

    private func admit(_ descriptor: Int32) {
        let plain = Transport(descriptor: descriptor)
        guard let address = SocketAddress(peerOf: descriptor) else { return plain.close() }
        var transport = plain
        if let tls = routing.protection.tls() {
            let isLocal = SocketAddress(boundTo: descriptor).map(Peer.host(of:)) == Peer.host(of: address)
            guard let ssl = tls.session(on: descriptor, isLocal: isLocal, at: loop.now) else { return plain.close() }
            transport = Transport(descriptor: descriptor, ssl: ssl, needsCertificate: tls.needsCertificate)
        }
        if connections.count >= limits.connections { makeRoom(as: .connections) }
        let connection = Connection(transport, address: address, listener: self)
        do {
            try connection.open()
            connections[descriptor] = connection
        } catch {
            transport.close()
        }
    }

    /// Closes the connection that is missed least: one that had its answer, or else one of the client that has the most.
    private func makeRoom(as reason: RejectionReason) {
        let counts = Self.counts(of: connections.values)
        let least = connections.values.min { left, right in
            let (one, other) = (left.standing, right.standing)
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

    /// Ends the slowest response of the client that has the most of them, if it has more than `host` or stands still.
    /// Returns whether it did.
    private func endAnswer(for host: String) -> Bool {
        let answering = connections.values.filter(\.isCounted)
        let counts = Self.counts(of: answering)
        let slowest = answering.min { left, right in
            (-(counts[left.host] ?? 0), left.standing.lastSign) < (-(counts[right.host] ?? 0), right.standing.lastSign)
        }
        guard let slowest else { return false }
        let hasMost = (counts[slowest.host] ?? 0) > (counts[host] ?? 0) + 1
        guard hasMost || loop.now - slowest.standing.lastSign >= limits.stallTime else { return false }
        reject(.slowReader)
        slowest.close()
        return true
    }

    /// Has `request` answered in its turn. Clients take turns, and connections between them.
    func enqueue(_ request: Request, of connection: Connection) {
        queue.append((connection, request), of: connection.host)
        guard !isServing else { return }
        isServing = true
        serveSoon()
    }

    private func serveSoon() {
        // A nanosecond on, because a timer that is due now would still run in this turn.
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

    /// A waiting connection keeps its socket readable: without a pause the loop would turn without end.
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

    /// The answer to `request`, which is 503 while too many others are being written.
    func response(to request: Request, of connection: Connection) -> Response {
        if answering >= limits.answers, !routing.isExempt(request), !endAnswer(for: connection.host) {
            reject(.busy)
            return Response(
                .serviceUnavailable, text: "\(answering) responses are being written; try again\n",
                headers: ["Retry-After": "1"])
        }
        return routing.handler(request)
    }

    /// Fields for every answer.
    var headers: Headers { routing.protection.headers() }

    /// Judges `request`. Where that takes time, calls the connection's `resume` once it is decided.
    func verdict(on request: Request, of connection: Connection) -> Protection.Verdict {
        let verdict = routing.protection.verdict(request, connection.peer)
        guard case .later(let decide) = verdict else { return verdict }
        lastTicket += 1
        let ticket = lastTicket
        waiting[ticket] = (connection, request)
        decide { [weak self] refusal in
            guard let self else { return }
            loop.perform { self.resume(ticket, refusal) }
        }
        return verdict
    }

    private func resume(_ ticket: UInt64, _ refusal: Response?) {
        guard let (connection, request) = waiting.removeValue(forKey: ticket) else { return }
        connection.resume(request, refusal)
    }

    func reject(_ reason: RejectionReason) {
        rejections.count(reason)
    }

    /// Forgets a closed connection.
    func remove(_ connection: Connection) {
        connections[connection.descriptor] = nil
        waiting = waiting.filter { $0.value.connection !== connection }
        if isStopping, connections.isEmpty { end() }
    }

    /// Waits for the responses being written until `limit` is over, and ends the loop. Who comes meanwhile is answered: a
    /// probe learns so that no more should be sent here.
    func stop(within limit: Duration) {
        guard !isStopping else { return }
        isStopping = true
        for connection in connections.values { connection.wind() }
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
