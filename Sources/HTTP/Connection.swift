import Reactor

/// One client: reads its requests one after the other, and writes the answer to each before it reads on.
///
/// Belongs to the listener's thread.
final class Connection {
    private let transport: Transport
    private let address: SocketAddress
    /// The client's address without its port.
    let host: String
    private unowned let listener: Listener

    private var parser: RequestParser
    private var outgoing: ResponseWriter?
    private var closesAfterAnswer = false
    /// Whether the answer being written counts against the limit on them.
    private(set) var isCounted = false
    private var drained = 0

    private var phase = Phase.reading
    /// When the phase began.
    private var since: Instant
    /// When the first byte of the request being read came in.
    private var firstByte: Instant?
    /// When the client last took a part of its response.
    private var progress: Instant
    private var interest = EventLoop.Interest.read
    private var deadline: Deadline?

    init(_ transport: Transport, address: SocketAddress, listener: Listener) {
        self.transport = transport
        self.address = address
        host = Peer.host(of: address)
        self.listener = listener
        parser = RequestParser(limits: listener.limits)
        since = listener.loop.now
        progress = since
    }

    var descriptor: Int32 { transport.descriptor }

    /// Who the client is, once the handshake is over.
    var peer: Peer { Peer(address, lacksCertificate: transport.lacksCertificate) }

    /// What makes one connection go before another when there are too many: those that had their answer first, then
    /// those whose client has been still or slow for longest.
    var standing: (isNeeded: Int, lastSign: Instant) {
        switch phase {
        case .draining, .closed: (0, since)
        case .reading, .idle, .waiting: (1, since)
        case .answering: (1, progress)
        }
    }

    /// Begins to wait for the first request.
    func open() throws {
        try listener.loop.watch(descriptor, for: interest) { _ in self.ready() }
        deadline = Deadline(on: listener.loop) { [weak self] in
            self?.expire()
            self?.settle()
        }
        settle()
    }

    private func ready() {
        switch phase {
        case .reading, .idle: receive()
        case .answering:
            write()
            // More requests may have come in behind the one that is answered now.
            if phase != .answering { advance() }
        case .draining: drain()
        // Nothing is waited for meanwhile, so this is the end of the connection.
        case .waiting: close()
        case .closed: return
        }
        settle()
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
            let response = Response(.badRequest, text: "This is HTTPS: ask with https:// in front.\n")
            transport.answerPlain(response.head(.close) + response.body)
            close()
        case .ended, .failed: close()
        }
    }

    /// Queues the next request that is already here.
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
            refuse(error.status, error.description, as: error.reason)
        }
    }

    /// It is the turn of `request`.
    func serve(_ request: Request) {
        guard phase == .waiting else { return }
        switch listener.verdict(on: request, of: self) {
        case .pass: resume(request, nil)
        case .refuse(let response): resume(request, response)
        case .later: return
        }
    }

    /// It is decided whether `request` is answered.
    func resume(_ request: Request, _ refusal: Response?) {
        guard phase == .waiting else { return }
        send(refusal ?? listener.response(to: request, of: self), to: request)
        if phase != .answering { advance() }
        settle()
    }

    private func send(_ response: Response, to request: Request) {
        let closes = !request.keepsAlive || listener.isStopping
        let fate: Response.Fate = closes ? .close : request.version == .http10 ? .keepAliveOfHTTP10 : .keepAlive
        begin(
            ResponseWriter(
                head: response.head(fate, listener.headers), body: request.method == .head ? [] : response.body),
            closing: closes, counted: response.body.count >= listener.limits.countedBody && request.method != .head)
    }

    private func refuse(_ status: Status, _ text: String, as reason: RejectionReason) {
        listener.reject(reason)
        let response = Response(status, text: text + "\n")
        begin(
            ResponseWriter(head: response.head(.close, listener.headers), body: response.body), closing: true,
            counted: false)
    }

    private func begin(_ response: ResponseWriter, closing: Bool, counted: Bool) {
        outgoing = response
        closesAfterAnswer = closing
        isCounted = counted
        listener.answering += counted ? 1 : 0
        enter(.answering)
        write()
    }

    private func write() {
        switch outgoing?.write(to: transport) {
        case .blocked(let interest):
            progress = listener.loop.now
            self.interest = interest
        case .failed: close()
        case .done, nil: finish()
        }
    }

    private func finish() {
        outgoing = nil
        uncount()
        enter(closesAfterAnswer ? .draining : .idle)
        if listener.isStopping {
            close()
        } else if closesAfterAnswer {
            transport.finishSending()
        }
    }

    private func uncount() {
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

    /// Waits for what the phase wants, until its deadline.
    private func settle() {
        guard phase != .closed else { return }
        listener.loop.change(descriptor, to: interest)
        deadline?.move(to: phase.latest(since: since, firstByte: firstByte, listener.limits))
    }

    private func expire() {
        switch phase {
        case .reading where firstByte != nil:
            refuse(.requestTimeout, "the request did not end in time", as: .timeout)
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

    /// Ends the connection unless its client is still being answered, or will be.
    func wind() {
        if phase != .answering, phase != .waiting { close() }
    }

    /// Ends the connection now, whatever its client waits for.
    func close() {
        guard phase != .closed else { return }
        listener.loop.unwatch(descriptor)
        deadline?.cancel()
        phase == .answering ? transport.reset() : transport.close()
        phase = .closed
        outgoing = nil
        uncount()
        listener.remove(self)
    }
}
