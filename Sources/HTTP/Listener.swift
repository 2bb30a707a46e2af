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
            let accepted = shim_accept(socket.descriptor)
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
            guard let ssl = tls.session(on: descriptor, at: loop.now) else { return plain.close() }
            transport = Transport(descriptor: descriptor, ssl: ssl)
        }
        if connections.count >= limits.connections { makeRoom(as: .connections) }
        let connection = Connection(transport, peer: Peer(address: address), listener: self)
        do {
            try connection.open()
            connections[descriptor] = connection
        } catch {
            transport.close()
        }
    }

    /// Closes the connection that is missed least.
    private func makeRoom(as reason: RejectionReason) {
        guard let least = connections.values.min(by: { $0.standing < $1.standing }) else { return }
        reject(reason)
        least.close()
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
    func response(to request: Request, from peer: Peer) -> Response {
        if answering >= limits.answers, !routing.isExempt(request) {
            reject(.busy)
            return Response(
                .serviceUnavailable, text: "\(answering) responses are being written; try again\n",
                headers: ["Retry-After": "1"])
        }
        return routing.handler(request, peer)
    }

    /// Fields for every answer.
    var headers: Headers { routing.protection.headers() }

    /// Judges `request`. Where that takes time, calls the connection's `resume` once it is decided.
    func verdict(on request: Request, of connection: Connection) -> Protection.Verdict {
        let verdict = routing.protection.verdict(request)
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
        routing.onRejected(reason)
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
            close(socket.descriptor)
        }
        sockets = []
        loop.stop()
    }
}
