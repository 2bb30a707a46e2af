import CMosquitto
import Glibc
package import Reactor

/// One MQTT 3.1.1 connection over libmosquitto's external loop, from connecting to closing; it is not used again.
///
/// It is driven by an `EventLoop` and confined to its thread. Not `mosquitto_loop_start`: that takes a thread for each
/// connection, `select` fails beyond descriptor 1023, and it spins while a peer does not answer.
///
/// Callbacks of libmosquitto only record (`CallbackRecorder`). `deliver` reports the records after the library call has
/// returned, so that an event handler may publish, close or drop the connection. Methods that the owner calls report
/// nothing before they return.
package final class Connection {
    /// The bytes that one connection may read in one turn of the loop, so that it cannot starve the others.
    static let turnLimit = 256 << 10

    private let loop: EventLoop
    private let options: Options
    private let tls: TLSContext?
    private let onEvent: (Event) -> Void
    private let client: MosquittoClient
    private var budget: ReceiveBudget
    private var stage = Stage.connecting
    private var descriptor: Int32 = -1
    private var deadline: TimerQueue.Token?
    private var upkeep: TimerQueue.Token?
    /// The topics of subscriptions that the broker has not answered, by message id.
    private var subscriptions: [Int32: String] = [:]
    /// Published messages that are not sent, or not acknowledged if their quality of service asks for that.
    private var unacknowledged = 0
    private var upkeeps = 0

    /// Whether a peer accepted the TCP connection.
    package private(set) var isReached = false

    /// Prepares a connection; `open` starts it.
    ///
    /// - Parameter tls: `nil` for a connection without TLS.
    /// - Throws: `SystemError` if libmosquitto is out of memory.
    package init(
        loop: EventLoop, options: Options, tls: TLSContext?, onEvent: @escaping (Event) -> Void
    ) throws {
        self.loop = loop
        self.options = options
        self.tls = tls
        self.onEvent = onEvent
        client = try MosquittoClient(options, tls)
        budget = ReceiveBudget(limit: options.packetLimit, tls: tls)
    }

    /// Starts to connect to a numeric `address`; looking up a name could block.
    package func open(_ address: SocketAddress) {
        let keepAlive = Int32(clamping: max(5, options.keepAlive.nanoseconds / 1_000_000_000))
        let code = client.connect(to: address, keepAlive: keepAlive)
        descriptor = client.descriptor
        guard code == MOSQ_ERR_SUCCESS.rawValue, descriptor >= 0 else { return endSoon(failure(code)) }
        do {
            try loop.watch(descriptor, for: .write) { self.ready($0) }
        } catch {
            return endSoon(.network("\(error)"))
        }
        deadline = loop.schedule(after: options.deadline) { self.end(.timedOut(self.stage)) }
    }

    /// Subscribes to `topic`. `Event.subscribed` reports the broker's answer.
    package func subscribe(_ topic: String, qualityOfService: Int32 = 0) {
        guard stage == .open else { return }
        var id: Int32 = 0
        let code = client.subscribe(topic, qualityOfService: qualityOfService, id: &id)
        subscriptions[id] = topic
        afterCall(code)
    }

    package func unsubscribe(_ topic: String) {
        guard stage == .open else { return }
        afterCall(client.unsubscribe(topic))
    }

    package func publish(_ topic: String, _ payload: [UInt8], qualityOfService: Int32 = 1) {
        guard stage == .open else { return }
        unacknowledged += 1
        guard unacknowledged <= options.unacknowledgedLimit else {
            return endSoon(.network("\(options.unacknowledgedLimit) requests were not acknowledged"))
        }
        afterCall(client.publish(topic, payload, qualityOfService: qualityOfService))
    }

    /// Sends DISCONNECT if a session stands, and closes. No event follows.
    package func close() {
        guard stage != .closed else { return }
        if stage == .open { client.disconnect() }
        release()
    }

    private func ready(_ readiness: EventLoop.Readiness) {
        if stage == .connecting {
            if let error = Self.connectFailure(of: descriptor) { return end(error) }
            isReached = true
            stage = tls == nil ? .greeting : .handshake
        }
        if stage == .handshake {
            handshake(isBroken: readiness.broken)
        } else {
            exchange(readiness)
        }
    }

    private func handshake(isBroken: Bool) {
        tls?.allow(turn: Self.turnLimit, message: options.packetLimit)
        let code = client.read()
        guard let handshake = client.handshake else { return end(failure(code)) }
        guard handshake.isDone else {
            guard code == MOSQ_ERR_SUCCESS.rawValue else { return end(failure(code)) }
            // libmosquitto takes a reset for a handshake that needs more time, and epoll would report it again and again.
            guard !isBroken else { return end(failure(MOSQ_ERR_CONN_LOST.rawValue)) }
            return loop.change(descriptor, to: handshake.wantsWrite ? .write : .read)
        }
        stage = .greeting
        if let peer = tls?.peer { onEvent(.secured(peer)) }
        // A quick broker's answer to CONNECT may have arrived in the very call that ended the handshake.
        guard settle(code) else { return }
        exchange(EventLoop.Readiness(writable: true))
    }

    private func exchange(_ readiness: EventLoop.Readiness) {
        if readiness.writable, !settle(client.write()) { return }
        if readiness.readable || readiness.broken {
            tls?.allow(turn: Self.turnLimit)
            repeat {
                guard settle(client.read()) else { return }
            } while client.hasPending
            guard !budget.isExceeded(on: descriptor) else { return end(.oversize) }
        }
        listen()
    }

    private func listen() {
        guard stage != .closed else { return }
        loop.change(descriptor, to: client.wantsWrite ? [.read, .write] : .read)
    }

    /// Sends keep-alive packets and detects a peer that no longer answers.
    private func keepUp() {
        upkeep = nil
        guard stage == .open, settle(client.keepUp()) else { return }
        // libmosquitto does not report the answers to its keep-alive packets, one in six of these calls at most.
        upkeeps += 1
        if upkeeps % 6 == 0 { budget.refund(packet: 0) }
        listen()
        scheduleUpkeep()
    }

    private func scheduleUpkeep() {
        upkeep = loop.schedule(after: options.keepAlive / 6) { self.keepUp() }
    }

    /// Reports what callbacks recorded during a library call of the loop, then ends the connection if the call failed.
    /// Returns whether the connection goes on.
    private func settle(_ code: Int32) -> Bool {
        // Event handlers change `errno`.
        let cause = errno
        deliver()
        guard stage != .closed else { return false }
        guard code == MOSQ_ERR_SUCCESS.rawValue else {
            end(Self.failure(code, at: stage, tls, cause: cause))
            return false
        }
        return true
    }

    /// Defers what followed from a library call of the owner, who expects no event before the call has returned.
    private func afterCall(_ code: Int32) {
        guard code == MOSQ_ERR_SUCCESS.rawValue else { return endSoon(failure(code)) }
        listen()
        if !client.recorder.isEmpty { loop.schedule(after: .zero) { self.deliver() } }
    }

    /// Reports what callbacks recorded.
    private func deliver() {
        while stage != .closed, let record = client.recorder.popFirst() {
            switch record {
            case .answered(let code): answered(code)
            case .subscribed(let id, let isGranted):
                budget.refund(packet: 3)
                guard let topic = subscriptions.removeValue(forKey: id) else { continue }
                onEvent(.subscribed(topic: topic, isGranted: isGranted))
            case .acknowledged:
                budget.refund(packet: 2)
                unacknowledged -= 1
            case .message(let message, let isRetained):
                budget.refund(message)
                guard message.qualityOfService <= options.highestQualityOfService else {
                    return end(.network("the broker sent a message at QoS 2, which was not asked for"))
                }
                // A retained message is no proof that the printer is online.
                if !isRetained { onEvent(.message(message)) }
            }
        }
    }

    /// Handles the broker's answer to CONNECT.
    private func answered(_ code: Int32) {
        guard stage == .greeting else { return }
        switch code {
        case 0:
            stage = .open
            if let deadline { loop.cancel(deadline) }
            deadline = nil
            scheduleUpkeep()
            onEvent(.accepted)
        case 4, 5:
            end(.authentication)
        default:
            end(Self.refusal(code))
        }
    }

    private func failure(_ code: Int32) -> ConnectionError {
        Self.failure(code, at: stage, tls, cause: errno)
    }

    private func endSoon(_ error: ConnectionError) {
        loop.schedule(after: .zero) { self.end(error) }
    }

    /// Ends the connection and reports why.
    private func end(_ error: ConnectionError) {
        guard stage != .closed else { return }
        release()
        onEvent(.closed(error))
    }

    private func release() {
        stage = .closed
        for timer in [deadline, upkeep] { if let timer { loop.cancel(timer) } }
        (deadline, upkeep) = (nil, nil)
        if descriptor >= 0 { loop.unwatch(descriptor) }
        // The watch may hold the last reference, and its handler may be running: libmosquitto closes the socket in
        // `mosquitto_destroy`, at the next turn.
        loop.schedule(after: .zero) { withExtendedLifetime(self) {} }
    }
}
