import COpenSSL
import CShim
import Glibc
package import Platform
package import Reactor

/// The client side of a TLS connection, from connecting to closing, as a stream of bytes in both directions.
///
/// It is driven by an `EventLoop` and confined to its thread. It has no deadline; its owner must set one for each step.
package final class TLSStream {
    package enum Event {
        /// The handshake is done and the peer accepted; no application data was sent yet.
        case secured(PeerCertificate?)
        /// Received bytes, valid during the call.
        case received(UnsafeRawBufferPointer)
        /// The stream ended. It is the last event. After `close` no event follows.
        case closed(End)
    }

    package enum Stage: String, Sendable {
        case connecting, handshake = "TLS handshake", open, closed
    }

    /// The bytes that one stream may read in one turn of the event loop, so that it cannot starve the others.
    private static let turnLimit = 256 << 10
    /// The time that one stream may use in one turn, because many small records take time as well.
    private static let turnTime = Duration.milliseconds(2)
    /// The maximum size of one read: a TLS record.
    private static let recordLimit = 16 << 10

    private let loop: EventLoop
    private let tls: TLSContext
    private let onEvent: (Event) -> Void
    private var ssl: OpaquePointer?
    private var descriptor: Int32 = -1
    private var unsentBytes: [UInt8] = []
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: TLSStream.recordLimit, alignment: 16)
    package private(set) var stage = Stage.connecting

    package init(loop: EventLoop, tls: TLSContext, onEvent: @escaping (Event) -> Void) {
        self.loop = loop
        self.tls = tls
        self.onEvent = onEvent
    }

    deinit {
        SSL_free(ssl)
        if descriptor >= 0 { Glibc.close(descriptor) }
        buffer.deallocate()
    }

    /// Starts to connect. Events are reported only after it has returned.
    package func open(_ address: SocketAddress) {
        do {
            try connect(address)
            try loop.watch(descriptor, for: .write) { self.ready($0) }
        } catch {
            let end = End.unreachable("\(error)")
            loop.schedule(after: .zero) { self.end(end) }
        }
    }

    private func connect(_ address: SocketAddress) throws(SystemError) {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw SystemError(errno, "socket") }
        disableNagle()
        let code = address.withPointer { Glibc.connect(descriptor, $0, $1) } ?? -1
        guard code == 0 || errno == EINPROGRESS else { throw SystemError(errno, "connect") }
        guard let ssl = SSL_new(tls.handle) else { throw SystemError(ENOMEM, "SSL_new") }
        self.ssl = ssl
        SSL_set_connect_state(ssl)
        // One system call per record instead of two.
        SSL_set_read_ahead(ssl, 1)
        guard SSL_set_fd(ssl, descriptor) == 1 else { throw SystemError(ENOMEM, "SSL_set_fd") }
    }

    /// Disables Nagle's algorithm, which delays consecutive messages by 40 ms.
    private func disableNagle() {
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends bytes, immediately or as soon as the peer accepts them.
    package func send(_ bytes: [UInt8]) {
        guard stage == .open else { return }
        unsentBytes += bytes
        flush()
    }

    /// Sends a TLS close_notify if the stream is open, and closes it. No event follows.
    package func close() {
        guard stage != .closed else { return }
        if stage == .open, let ssl { SSL_shutdown(ssl) }
        release()
    }

    private func ready(_ readiness: EventLoop.Readiness) {
        if stage == .connecting, !isConnected() { return }
        if stage == .handshake, !continueHandshake() { return }
        guard stage == .open else { return }
        if readiness.writable { flush() }
        read()
    }

    private func isConnected() -> Bool {
        let code = SystemError.ofConnecting(descriptor)
        switch code {
        case 0:
            stage = .handshake
            return true
        case ETIMEDOUT: end(.timedOut)
        default: end(.unreachable(SystemError.text(of: code)))
        }
        return false
    }

    /// Continues the handshake. Returns whether the stream is open.
    private func continueHandshake() -> Bool {
        guard let ssl else { return false }
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        let code = errno
        guard result == 1 else {
            switch SSL_get_error(ssl, result) {
            case SSL_ERROR_WANT_READ: loop.change(descriptor, to: .read)
            case SSL_ERROR_WANT_WRITE: loop.change(descriptor, to: .write)
            default: end(failure(code))
            }
            return false
        }
        stage = .open
        loop.change(descriptor, to: .read)
        onEvent(.secured(tls.peer))
        return stage == .open
    }

    private func flush() {
        guard let ssl else { return }
        while !unsentBytes.isEmpty {
            ERR_clear_error()
            let count = SSL_write(ssl, unsentBytes, Int32(clamping: unsentBytes.count))
            let code = errno
            guard count > 0 else {
                switch SSL_get_error(ssl, count) {
                case SSL_ERROR_WANT_READ: return
                case SSL_ERROR_WANT_WRITE: return loop.change(descriptor, to: [.read, .write])
                default: return endSoon(failure(code))
                }
            }
            unsentBytes.removeFirst(min(Int(count), unsentBytes.count))
        }
        loop.change(descriptor, to: .read)
    }

    private func read() {
        guard let ssl, let base = buffer.baseAddress else { return }
        var left = Self.turnLimit
        let turnEnd = Instant.now() + Self.turnTime
        while stage == .open {
            guard left > 0, turnEnd > Instant.now() else {
                // Bytes in OpenSSL's buffer do not make the descriptor readable.
                loop.schedule(after: .zero) { [weak self] in self?.read() }
                return
            }
            ERR_clear_error()
            let count = SSL_read(ssl, base, Int32(buffer.count))
            let code = errno
            guard count > 0 else {
                switch SSL_get_error(ssl, count) {
                case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
                default: return end(failure(code))
                }
            }
            left -= Int(count)
            onEvent(.received(UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)])))
        }
    }

    /// The reason of a failed call of OpenSSL, with the `errno` that it left.
    private func failure(_ code: Int32) -> End {
        if let problem = tls.problem {
            // An error left in the queue would be attributed to the thread's next connection.
            ERR_clear_error()
            return .certificate(problem)
        }
        let error = ERR_peek_error()
        if error == 0 {
            return code == 0 || code == EAGAIN ? .finished : .broken(SystemError.text(of: code))
        }
        // Most peers close without a close_notify.
        if Int32(truncatingIfNeeded: error & 0x7F_FFFF) == SSL_R_UNEXPECTED_EOF_WHILE_READING {
            ERR_clear_error()
            return .finished
        }
        let reason = OpenSSLError.last() ?? "no reason given"
        return stage == .handshake ? .tls(reason) : .broken(reason)
    }

    /// Ends the stream after the current call of its owner, which must not receive events before the call returns.
    private func endSoon(_ reason: End) {
        loop.schedule(after: .zero) { [weak self] in self?.end(reason) }
    }

    private func end(_ reason: End) {
        guard stage != .closed else { return }
        release()
        onEvent(.closed(reason))
    }

    private func release() {
        stage = .closed
        unsentBytes = []
        guard descriptor >= 0 else { return }
        // The watch may hold the last reference, and its handler may be using this object's buffer.
        loop.schedule(after: .zero) { withExtendedLifetime(self) {} }
        loop.unwatch(descriptor)
        Glibc.close(descriptor)
        descriptor = -1
    }
}
