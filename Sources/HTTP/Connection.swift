import Platform
import Reactor

/// A client connection: reads requests one at a time and writes each response before reading on.
///
/// Confined to the listener's thread.
final class Connection {
    private let transport: Transport
    /// The client's address without its port.
    let host: String
    private unowned let listener: Listener

    private var parser: RequestParser
    private var writer: ResponseWriter?
    private var closesAfterAnswer = false
    /// Whether the current response counts against `Limits.answers`.
    private(set) var isCounted = false
    private var drained = 0

    private var phase = Phase.reading
    /// When the phase began.
    private var since: Instant
    /// When the first byte of the current request was received.
    private var firstByte: Instant?
    /// When the client last accepted part of its response.
    private var progress: Instant
    private var interest = EventLoop.Interest.read
    private lazy var timer = LazyTimer(listener.loop) { [weak self] in self?.expireIfDue() }

    init(_ transport: Transport, host: String, listener: Listener) {
        self.transport = transport
        self.host = host
        self.listener = listener
        parser = RequestParser(limits: listener.limits)
        since = listener.loop.now
        progress = since
    }

    var descriptor: Int32 { transport.descriptor }

    /// The client; complete once the TLS handshake is done.
    var peer: Peer { Peer(host: host, lacksCertificate: transport.lacksCertificate) }

    /// Orders connections for eviction when there are too many; the lowest value is closed first.
    ///
    /// Connections whose last response was sent come first, then those that have been idle or slow for longest.
    var evictionPriority: (isNeeded: Int, lastSign: Instant) {
        switch phase {
        case .draining, .closed: (0, since)
        case .reading, .idle, .waiting: (1, since)
        case .answering: (1, progress)
        }
    }

    /// Starts waiting for the first request.
    func open() throws {
        try listener.loop.watch(descriptor, for: interest) { _ in self.ready() }
        rearm()
    }

    private func ready() {
        switch phase {
        case .reading, .idle: receive()
        case .answering:
            write()
            // More requests may already be in the buffer (pipelining).
            if phase != .answering { advance() }
        case .draining: drain()
        // This phase watches for nothing, so an event means that the connection ended.
        case .waiting: close()
        case .closed: return
        }
        rearm()
    }

    private func receive() {
        let buffer = listener.buffer
        switch transport.receive(into: buffer) {
        case .moved(let count):
            if firstByte == nil { firstByte = listener.loop.now }
            parser.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            advance()
        case .blocked(let interest): self.interest = interest
        case .plainHTTP:
            listener.reject(.badRequest)
            let response = Response(.badRequest, text: "This port serves HTTPS; use https:// in the URL.\n")
            transport.sendPlainResponse(response.head(connection: "close") + response.body)
            close()
        case .ended, .failed: close()
        }
    }

    /// Queues the next request if it is complete in the buffer.
    private func advance() {
        guard phase == .reading || phase == .idle else { return }
        do throws(RequestError) {
            guard let request = try parser.next() else {
                if phase == .idle, parser.isMidway { enter(.reading) }
                return
            }
            enter(.waiting)
            listener.enqueue(request, of: self)
        } catch {
            refuse(error)
        }
    }

    /// Requests the access decision for `request` and answers it if the decision is immediate.
    func serve(_ request: Request) {
        guard phase == .waiting else { return }
        switch listener.decision(on: request, of: self) {
        case .pass: resume(request, nil)
        case .refuse(let response): resume(request, response)
        case .later: return
        }
    }

    /// Answers `request` with `refusal` or, if that is `nil`, with the handler's response.
    func resume(_ request: Request, _ refusal: Response?) {
        guard phase == .waiting else { return }
        send(refusal ?? listener.response(to: request, of: self), to: request)
        if phase != .answering { advance() }
        rearm()
    }

    private func send(_ response: Response, to request: Request) {
        let closes = !request.keepsAlive || listener.isStopping
        // HTTP/1.0 closes by default, HTTP/1.1 does not.
        let connection = closes ? "close" : request.version == .http10 ? "keep-alive" : nil
        begin(
            ResponseWriter(
                head: response.head(connection: connection, listener.headers),
                body: request.method == .head ? [] : response.body),
            closing: closes, counted: response.body.count >= listener.limits.countedBody && request.method != .head)
    }

    private func refuse(_ error: RequestError) {
        listener.reject(error.reason)
        let response = Response(error.status, text: error.description + "\n")
        begin(
            ResponseWriter(head: response.head(connection: "close", listener.headers), body: response.body),
            closing: true, counted: false)
    }

    private func begin(_ response: ResponseWriter, closing: Bool, counted: Bool) {
        writer = response
        closesAfterAnswer = closing
        isCounted = counted
        listener.answering += counted ? 1 : 0
        enter(.answering)
        write()
    }

    private func write() {
        switch writer?.write(to: transport) {
        case .blocked(let interest):
            progress = listener.loop.now
            self.interest = interest
        case .ended, .failed, .plainHTTP: close()
        case .moved, nil: finish()
        }
    }

    private func finish() {
        writer = nil
        stopCounting()
        enter(closesAfterAnswer ? .draining : .idle)
        if listener.isStopping {
            close()
        } else if closesAfterAnswer {
            transport.finishSending()
        }
    }

    private func stopCounting() {
        if isCounted { listener.answering -= 1 }
        isCounted = false
    }

    private func drain() {
        switch transport.receive(into: listener.buffer) {
        case .moved(let count):
            drained += count
            if drained > listener.limits.drainBytes { close() }
        case .blocked(let interest): self.interest = interest
        case .ended, .failed, .plainHTTP: close()
        }
    }

    private func enter(_ next: Phase) {
        phase = next
        since = listener.loop.now
        progress = since
        firstByte = next == .reading ? since : nil
        interest = next == .answering ? .write : next == .waiting ? [] : .read
    }

    /// Updates the watched events and the deadline for the current phase.
    private func rearm() {
        guard phase != .closed else { return }
        listener.loop.change(descriptor, to: interest)
        timer.set(deadline)
    }

    private var deadline: Instant { phase.deadline(since: since, firstByte: firstByte, listener.limits) }

    private func expireIfDue() {
        if listener.loop.now >= deadline { expire() }
        rearm()
    }

    private func expire() {
        switch phase {
        case .reading where firstByte != nil:
            refuse(.timeout)
        case .reading:
            listener.reject(.timeout)
            close()
        case .answering:
            listener.reject(.slowReader)
            close()
        case .idle, .waiting, .draining, .closed:
            close()
        }
    }

    /// Closes the connection unless a response is being written or pending.
    func beginShutdown() {
        if phase != .answering, phase != .waiting { close() }
    }

    /// Closes the connection immediately, in any phase.
    func close() {
        guard phase != .closed else { return }
        listener.loop.unwatch(descriptor)
        timer.cancel()
        phase == .answering ? transport.reset() : transport.close()
        phase = .closed
        writer = nil
        stopCounting()
        listener.remove(self)
    }
}
