import COpenSSL
import CShim
import Glibc

/// The client's side of a TLS connection, from connecting to closing, for protocols that are bytes in both directions.
///
/// It is driven by an `EventLoop` and confined to its thread. It has no deadline of its own: its owner knows how long a
/// step may take.
package final class TLSStream {
    package enum Event {
        /// The handshake is done and the peer accepted; nothing has been sent.
        case secured(PeerCertificate?)
        /// Bytes from the peer, valid during the call alone.
        case received(UnsafeRawBufferPointer)
        /// The end, said once, unless `close` was called.
        case closed(End)
    }

    /// How far it is.
    package enum Stage: String, Sendable {
        case connecting, handshake = "TLS handshake", open, closed
    }

    /// The bytes that one stream may read in one turn of the loop, so that it cannot starve the others.
    private static let turnLimit = 256 << 10
    /// The time that one stream may take in one turn: records of one byte are work as well.
    private static let turnTime = Duration.milliseconds(2)
    /// What one read takes at most: a record of TLS.
    private static let recordLimit = 16 << 10

    private let loop: EventLoop
    private let tls: TLSContext
    private let onEvent: (Event) -> Void
    private var ssl: OpaquePointer?
    private var descriptor: Int32 = -1
    private var outgoing: [UInt8] = []
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: TLSStream.recordLimit, alignment: 16)
    package private(set) var stage = Stage.connecting

    /// Prepares a stream; `open` makes it.
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

    /// Starts to connect. No event comes before it has returned.
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
        sendAtOnce()
        let code = address.withPointer { Glibc.connect(descriptor, $0, $1) } ?? -1
        guard code == 0 || errno == EINPROGRESS else { throw SystemError(errno, "connect") }
        guard let ssl = SSL_new(tls.handle) else { throw SystemError(ENOMEM, "SSL_new") }
        self.ssl = ssl
        SSL_set_connect_state(ssl)
        // One system call a record and not two.
        SSL_set_read_ahead(ssl, 1)
        guard SSL_set_fd(ssl, descriptor) == 1 else { throw SystemError(ENOMEM, "SSL_set_fd") }
    }

    /// Not when the peer has acknowledged what it got before: that would hold the first of a row of messages back by 40 ms.
    private func sendAtOnce() {
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends bytes, now or as soon as the peer takes them.
    package func send(_ bytes: [UInt8]) {
        guard stage == .open else { return }
        outgoing += bytes
        flush()
    }

    /// Says goodbye where it can, and closes. No event comes after it.
    package func close() {
        guard stage != .closed else { return }
        if stage == .open, let ssl { SSL_shutdown(ssl) }
        release()
    }

    private func ready(_ readiness: EventLoop.Readiness) {
        if stage == .connecting, !isConnected() { return }
        if stage == .handshake, !shakeHands() { return }
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

    /// Goes on with the handshake. Returns whether the stream is open.
    private func shakeHands() -> Bool {
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
        while !outgoing.isEmpty {
            ERR_clear_error()
            let count = SSL_write(ssl, outgoing, Int32(clamping: outgoing.count))
            let code = errno
            guard count > 0 else {
                switch SSL_get_error(ssl, count) {
                case SSL_ERROR_WANT_READ: return
                case SSL_ERROR_WANT_WRITE: return loop.change(descriptor, to: [.read, .write])
                default: return endSoon(failure(code))
                }
            }
            outgoing.removeFirst(min(Int(count), outgoing.count))
        }
        loop.change(descriptor, to: .read)
    }

    private func read() {
        guard let ssl, let base = buffer.baseAddress else { return }
        var left = Self.turnLimit
        let turnEnd = Instant.now() + Self.turnTime
        while stage == .open {
            guard left > 0, turnEnd > Instant.now() else {
                // What OpenSSL has taken in already makes no descriptor readable.
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

    /// What made a call of OpenSSL fail, with what it left behind in `errno`.
    private func failure(_ code: Int32) -> End {
        if let problem = tls.problem {
            // What stays in the queue would be taken for an error of the thread's next connection.
            ERR_clear_error()
            return .certificate(problem)
        }
        let error = ERR_peek_error()
        if error == 0 {
            return code == 0 || code == EAGAIN ? .finished : .broken(SystemError.text(of: code))
        }
        // A peer that goes without saying goodbye: most do.
        if Int32(truncatingIfNeeded: error & 0x7F_FFFF) == SSL_R_UNEXPECTED_EOF_WHILE_READING {
            ERR_clear_error()
            return .finished
        }
        let reason = OpenSSLError.last() ?? "no reason given"
        return stage == .handshake ? .tls(reason) : .broken(reason)
    }

    /// Ends it from within a call of its owner, who does not expect the end before the call has returned.
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
        outgoing = []
        guard descriptor >= 0 else { return }
        // The last reference may be the one in the watch, and the bytes that it is called with are this object's.
        loop.schedule(after: .zero) { withExtendedLifetime(self) {} }
        loop.unwatch(descriptor)
        Glibc.close(descriptor)
        descriptor = -1
    }
}
