import CMosquitto
import Glibc
package import Platform
package import Reactor
package import TLS

/// One MQTT 3.1.1 connection, driven by an `EventLoop` through libmosquitto's external loop API. It is not reusable.
///
/// It is confined to the loop's thread. `mosquitto_loop_start` is not used: it needs a thread for each connection, its
/// `select` fails above descriptor 1023, and it spins while a peer does not answer.
///
/// Callbacks of libmosquitto only record (`CallbackRecorder`). `deliver` reports the records after the library call has
/// returned, so that an event handler may publish, close or release the connection. Methods that the owner calls report
/// no events before they return.
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
    private var keepAliveTimer: TimerQueue.Token?
    /// The topics of subscriptions without an answer, by message id.
    private var subscriptions: [Int32: String] = [:]
    /// The number of published messages that are not sent, or not acknowledged at quality of service 1.
    private var unacknowledged = 0
    private var keepAliveCalls = 0

    /// Whether a peer accepted the TCP connection.
    package private(set) var isReached = false

    /// - Parameter tls: `nil` for a connection without TLS.
    /// - Throws: `SystemError` if libmosquitto is out of memory.
    package init(loop: EventLoop, options: Options, tls: TLSContext?, onEvent: @escaping (Event) -> Void) throws {
        self.loop = loop
        self.options = options
        self.tls = tls
        self.onEvent = onEvent
        client = try MosquittoClient(options, tls)
        budget = ReceiveBudget(limit: options.packetLimit, tls: tls)
    }

    /// Starts to connect to `address`, which is numeric because a name lookup could block.
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

    /// Sends DISCONNECT if a session is open, and closes the connection. No event follows.
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
            exchange(reads: readiness.readable || readiness.broken, writes: readiness.writable)
        }
    }

    private func handshake(isBroken: Bool) {
        tls?.allow(turn: Self.turnLimit, message: options.packetLimit)
        let code = client.read()
        guard let handshake = client.handshake else {
            // The library closed the connection. The call may have completed the handshake and read the answer before.
            if !client.recorder.isEmpty { completeHandshake() }
            if checkResult(code) { end(failure(code)) }
            return
        }
        guard handshake.isDone else {
            guard code == MOSQ_ERR_SUCCESS.rawValue else { return end(failure(code)) }
            // libmosquitto reports a reset as an unfinished handshake, and epoll would report the descriptor again and
            // again.
            guard !isBroken else { return end(failure(MOSQ_ERR_CONN_LOST.rawValue)) }
            return loop.change(descriptor, to: handshake.wantsWrite ? .write : .read)
        }
        completeHandshake()
        // The call that completed the handshake may also have read the broker's answer to CONNECT.
        guard checkResult(code) else { return }
        exchange(reads: false, writes: true)
    }

    private func completeHandshake() {
        stage = .greeting
        if let peer = tls?.peer { onEvent(.secured(peer)) }
    }

    private func exchange(reads: Bool, writes: Bool) {
        if writes, !checkResult(client.write()) { return }
        if reads {
            tls?.allow(turn: Self.turnLimit)
            repeat {
                guard checkResult(client.read()) else { return }
            } while client.hasPending
            guard !budget.isExceeded(on: descriptor) else { return end(.oversize) }
        }
        updateInterest()
    }

    private func updateInterest() {
        guard stage != .closed else { return }
        loop.change(descriptor, to: client.wantsWrite ? [.read, .write] : .read)
    }

    private func sendKeepAlive() {
        keepAliveTimer = nil
        guard stage == .open, checkResult(client.sendKeepAlive()) else { return }
        // libmosquitto does not report answers to its keep-alive packets; at most one in six of these calls gets one.
        keepAliveCalls += 1
        if keepAliveCalls % 6 == 0 { budget.refund(packet: 0) }
        updateInterest()
        scheduleKeepAlive()
    }

    private func scheduleKeepAlive() {
        keepAliveTimer = loop.schedule(after: options.keepAlive / 6) { self.sendKeepAlive() }
    }

    /// Reports the recorded events of a library call, then ends the connection if the call failed. Returns whether the
    /// connection is still open.
    private func checkResult(_ code: Int32) -> Bool {
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

    /// Defers the events of a library call by the owner, which must not receive events before the call returns.
    private func afterCall(_ code: Int32) {
        guard code == MOSQ_ERR_SUCCESS.rawValue else { return endSoon(failure(code)) }
        updateInterest()
        if !client.recorder.isEmpty { loop.schedule(after: .zero) { self.deliver() } }
    }

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
                    return end(.network("the broker sent a message at QoS 2, which was not requested"))
                }
                // A retained message does not prove that the printer is online.
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
            scheduleKeepAlive()
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

    private func end(_ error: ConnectionError) {
        guard stage != .closed else { return }
        release()
        onEvent(.closed(error))
    }

    private func release() {
        stage = .closed
        for timer in [deadline, keepAliveTimer] { if let timer { loop.cancel(timer) } }
        (deadline, keepAliveTimer) = (nil, nil)
        if descriptor >= 0 { loop.unwatch(descriptor) }
        // Keep the object until the next turn: the watch may hold the last reference while its handler runs, and
        // `deinit` calls `mosquitto_destroy`, which closes the socket.
        loop.schedule(after: .zero) { withExtendedLifetime(self) {} }
    }
}
