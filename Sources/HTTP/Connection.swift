import Reactor

/// One client: reads its requests one after the other, and writes the answer to each before it reads on.
///
/// Belongs to the listener's thread.
final class Connection {
    /// Requests answered before other clients get their turn, as one buffer may hold hundreds.
    private static let requestsPerTurn = 16

    private let transport: Transport
    private let peer: Peer
    private unowned let listener: Listener

    private var parser: RequestParser
    private var outgoing: Outgoing?
    private var closesAfterAnswer = false
    /// Whether the answer being written counts against the limit on them.
    private var isCounted = false
    private var isYielding = false
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

    init(_ transport: Transport, peer: Peer, listener: Listener) {
        self.transport = transport
        self.peer = peer
        self.listener = listener
        parser = RequestParser(limits: listener.limits)
        since = listener.loop.now
        progress = since
    }

    var descriptor: Int32 { transport.descriptor }

    /// What makes one connection go before another when there are too many: those that had their answer first, then
    /// those whose client has been still or slow for longest.
    var standing: (isNeeded: Int, lastSign: Instant) {
        switch phase {
        case .draining, .closed: (0, since)
        case .reading, .idle, .judging: (1, since)
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
        // While it yields, only a broken connection is reported, and its turn comes anyway.
        guard !isYielding else { return }
        switch phase {
        case .reading, .idle: receive()
        case .answering:
            write()
            // More requests may have come in behind the one that is answered now.
            if phase != .answering { advance() }
        case .draining: drain()
        // Nothing is waited for meanwhile, so this is the end of the connection.
        case .judging: close()
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

    /// Answers the requests that are already here.
    private func advance() {
        for _ in 0..<Self.requestsPerTurn {
            guard phase == .reading || phase == .idle else { return }
            do throws(RequestError) {
                guard let request = try parser.next() else {
                    if phase == .idle, parser.isMidway { enter(.reading) }
                    return
                }
                answer(request)
            } catch {
                refuse(error.status, error.description, as: error.reason)
            }
        }
        if phase == .reading || phase == .idle { yield() }
    }

    private func yield() {
        isYielding = true
        // A nanosecond on, because a timer that is due now would still run in this turn.
        listener.loop.schedule(at: listener.loop.now + .nanoseconds(1)) { [weak self] in
            guard let self else { return }
            isYielding = false
            guard phase != .closed else { return }
            advance()
            settle()
        }
    }

    private func answer(_ request: Request) {
        switch listener.verdict(on: request, of: self) {
        case .pass: send(listener.response(to: request, from: peer), to: request)
        case .refuse(let response): send(response, to: request)
        case .later: enter(.judging)
        }
    }

    /// It is decided whether the request is answered.
    func resume(_ request: Request, _ refusal: Response?) {
        guard phase == .judging else { return }
        send(refusal ?? listener.response(to: request, from: peer), to: request)
        if phase != .answering { advance() }
        settle()
    }

    private func send(_ response: Response, to request: Request) {
        let closes = !request.keepsAlive || listener.isStopping
        let fate: Response.Fate = closes ? .close : request.version == .http10 ? .keepAliveOfHTTP10 : .keepAlive
        begin(
            Outgoing(head: response.head(fate, listener.headers), body: request.method == .head ? [] : response.body),
            closing: closes, counted: response.status != .serviceUnavailable)
    }

    private func refuse(_ status: Status, _ text: String, as reason: RejectionReason) {
        listener.reject(reason)
        let response = Response(status, text: text + "\n")
        begin(
            Outgoing(head: response.head(.close, listener.headers), body: response.body), closing: true,
            counted: false)
    }

    private func begin(_ response: Outgoing, closing: Bool, counted: Bool) {
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
        interest = next == .answering ? .write : next == .judging ? [] : .read
    }

    /// Waits for what the phase wants, until its deadline.
    private func settle() {
        guard phase != .closed else { return }
        listener.loop.change(descriptor, to: isYielding ? [] : interest)
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
        case .idle, .judging, .draining, .closed:
            close()
        }
    }

    /// Ends the connection unless its client is still being answered.
    func wind() {
        if phase != .answering { close() }
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
