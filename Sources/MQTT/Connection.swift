import CMosquitto
import COpenSSL
import CShim
import Glibc
package import Reactor

/// One MQTT 3.1.1 connection over libmosquitto's external loop, from connecting to closing; it is not used again.
///
/// It is driven by an `EventLoop` and confined to its thread. Not `mosquitto_loop_start`: that is a thread for each
/// connection, `select` fails beyond descriptor 1023, and it spins while a peer does not answer.
package final class Connection {
    /// Bytes one connection may read in one turn of the loop, so that no printer starves the others.
    static let turnLimit = 256 << 10

    /// The stage in which a broker has still to answer, as `ConnectionError.timedOut` names it.
    package static let greeting = Stage.greeting.rawValue

    enum Stage: String {
        case connecting, handshake = "TLS handshake", greeting = "MQTT handshake", open, closed
    }

    let loop: EventLoop
    let options: Options
    let tls: TLSContext?
    let onEvent: (Event) -> Void
    let client: OpaquePointer
    var stage = Stage.connecting
    var descriptor: Int32 = -1
    var deadline: TimerQueue.Token?
    var upkeep: TimerQueue.Token?
    /// The broker's answer to CONNECT, noted by a callback and acted upon when libmosquitto has returned.
    var refusal: ConnectionError?

    /// Messages that are still to be sent, or to be acknowledged where their quality of service asks for that.
    var unacknowledged = 0
    /// What a connection without TLS had received when the last message was complete; TLS counts for itself.
    var receivedBefore: Int64 = 0
    /// Whether somebody took the connection.
    package private(set) var isReached = false

    /// The quality of service of the message that `Event.message` is telling of.
    package internal(set) var messageQualityOfService: Int32 = 0

    /// libmosquitto's one-time set-up.
    private static let library: Int32 = mosquitto_lib_init()

    /// Prepares a connection; `open` makes it.
    ///
    /// - Parameter tls: `nil` for a connection without TLS.
    /// - Throws: `SystemError` where libmosquitto is out of memory.
    package init(
        loop: EventLoop, options: Options, tls: TLSContext?, onEvent: @escaping (Event) -> Void
    ) throws {
        guard Self.library == MOSQ_ERR_SUCCESS.rawValue, let client = mosquitto_new(options.clientID, true, nil) else {
            throw SystemError(ENOMEM, "mosquitto_new")
        }
        self.loop = loop
        self.options = options
        self.tls = tls
        self.onEvent = onEvent
        self.client = client
        mosquitto_user_data_set(client, Unmanaged.passUnretained(self).toOpaque())
        setCallbacks()
        if let user = options.user { mosquitto_username_pw_set(client, user, options.password?.revealed) }
        mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1)
        // Without it, 20 that a broker did not acknowledge keep back all that come after them.
        mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, 0)
        if let tls {
            // Without the 0, libmosquitto 2.0.11 asks for a cafile of its own.
            mosquitto_int_option(client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0)
            mosquitto_void_option(client, MOSQ_OPT_SSL_CTX, UnsafeMutableRawPointer(tls.handle))
        }
    }

    deinit {
        mosquitto_destroy(client)
    }

    /// Starts to connect to `address`, which is numeric: names are looked up elsewhere, for that may block.
    package func open(_ address: SocketAddress) {
        let keepAlive = Int32(clamping: max(5, options.keepAlive.nanoseconds / 1_000_000_000))
        let code = mosquitto_connect_async(client, address.host, Int32(address.port), keepAlive)
        descriptor = mosquitto_socket(client)
        guard code == MOSQ_ERR_SUCCESS.rawValue, descriptor >= 0 else {
            // Not from within `open`: the caller does not expect the end before the beginning.
            let error = failure(code)
            loop.schedule(after: .zero) { self.end(error) }
            return
        }
        do {
            try loop.watch(descriptor, for: .write) { self.ready($0) }
        } catch {
            loop.schedule(after: .zero) { self.end(.network("\(error)")) }
            return
        }
        deadline = loop.schedule(after: options.deadline) { self.end(.timedOut(stage: self.stage.rawValue)) }
    }

    /// Subscribes to `topic`; `Event.subscribed` tells what came of it.
    package func subscribe(_ topic: String, qualityOfService: Int32 = 0) {
        guard stage == .open else { return }
        settle(mosquitto_subscribe(client, nil, topic, qualityOfService))
    }

    package func unsubscribe(_ topic: String) {
        guard stage == .open else { return }
        settle(mosquitto_unsubscribe(client, nil, topic))
    }

    package func publish(_ topic: String, _ payload: [UInt8], qualityOfService: Int32 = 1) {
        guard stage == .open else { return }
        unacknowledged += 1
        guard unacknowledged <= options.unacknowledgedLimit else {
            return end(.network("\(options.unacknowledgedLimit) requests were not acknowledged"))
        }
        settle(mosquitto_publish(client, nil, topic, Int32(clamping: payload.count), payload, qualityOfService, false))
    }

    /// Says goodbye to the broker where it can, and closes. No event comes after it.
    package func close() {
        guard stage != .closed else { return }
        if stage == .open {
            _ = mosquitto_disconnect(client)
            _ = mosquitto_loop_write(client, 1)
        }
        release()
    }

    private func ready(_ readiness: EventLoop.Readiness) {
        if stage == .connecting {
            guard connected() else { return }
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
        // During the handshake it is `loop_read` that drives it, in both directions; `loop_write` does nothing.
        let code = mosquitto_loop_read(client, 1)
        guard code == MOSQ_ERR_SUCCESS.rawValue, let ssl = mosquitto_ssl_get(client).map(OpaquePointer.init) else {
            return end(failure(code))
        }
        guard SSL_is_init_finished(ssl) == 1 else {
            // libmosquitto takes a reset for a handshake that needs more time, and epoll would tell of it for ever.
            guard !isBroken else { return end(failure(MOSQ_ERR_CONN_LOST.rawValue)) }
            return loop.change(descriptor, to: SSL_want(ssl) == SSL_WRITING ? .write : .read)
        }
        secured()
        guard stage != .closed else { return }
        exchange(EventLoop.Readiness(writable: true))
    }

    /// The TLS handshake is done. Where the broker is quick, libmosquitto sends CONNECT and reads the answer to it in
    /// the very call that ends the handshake; so whoever learns of it first says so, and says so once.
    func secured() {
        guard stage == .handshake else { return }
        stage = .greeting
        if let peer = tls?.peer { onEvent(.secured(peer)) }
    }

    private func exchange(_ readiness: EventLoop.Readiness) {
        if readiness.writable, !settle(mosquitto_loop_write(client, 1)) { return }
        if readiness.readable || readiness.broken {
            tls?.allow(turn: Self.turnLimit)
            repeat {
                guard settle(mosquitto_loop_read(client, 1)) else { return }
            } while hasPending
            guard !isOverLimit else { return end(.oversize) }
        }
        listen()
    }

    /// Whether TLS holds bytes that it has decrypted already: libmosquitto reads a packet a call, the rest of its
    /// record waits in memory, and no descriptor becomes readable for that.
    private var hasPending: Bool {
        mosquitto_ssl_get(client).map { SSL_pending(OpaquePointer($0)) > 0 } ?? false
    }

    /// Whether a connection without TLS has brought more than one message may have. It is known once libmosquitto returns,
    /// which it does when the kernel has no more: a peer that is quicker than that is stopped some megabytes later.
    private var isOverLimit: Bool {
        tls == nil && shim_bytes_received(descriptor) - receivedBefore > options.packetLimit
    }

    private func listen() {
        guard stage != .closed else { return }
        loop.change(descriptor, to: mosquitto_want_write(client) ? [.read, .write] : .read)
    }

    /// Keeps the session alive and notices a peer that no longer answers.
    func keepUp() {
        upkeep = nil
        guard stage == .open, settle(mosquitto_loop_misc(client)) else { return }
        listen()
        upkeep = loop.schedule(after: options.keepAlive / 6) { self.keepUp() }
    }

    /// Acts on what a call returned and on what callbacks noted meanwhile. Returns whether the connection goes on.
    @discardableResult
    private func settle(_ code: Int32) -> Bool {
        guard stage != .closed else { return false }
        if let refusal {
            end(refusal)
            return false
        }
        guard code == MOSQ_ERR_SUCCESS.rawValue else {
            end(failure(code))
            return false
        }
        listen()
        return true
    }

    /// Ends the connection and says why.
    func end(_ error: ConnectionError) {
        guard stage != .closed else { return }
        release()
        onEvent(.closed(error))
    }

    private func release() {
        stage = .closed
        if let deadline { loop.cancel(deadline) }
        if let upkeep { loop.cancel(upkeep) }
        if descriptor >= 0 { loop.unwatch(descriptor) }
        // The last reference may be the one in the watch. libmosquitto closes its socket when it is destroyed,
        // which must not happen below one of its own callbacks.
        loop.schedule(after: .zero) { withExtendedLifetime(self) {} }
    }
}
