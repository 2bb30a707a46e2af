import COpenSSL
import Glibc
package import Reactor

/// Sends and receives the bytes of one connection, with or without TLS.
///
/// No other type of the module handles TLS records. With TLS, `blocked` may require another event than the operation
/// suggests, since TLS may have to write before it can read. The receive buffer must hold a whole TLS record, so that
/// no bytes stay in OpenSSL, where the event loop does not see them.
package struct Transport {
    package enum Outcome {
        case moved(Int)
        /// The operation would block until the descriptor is ready for this event.
        case blocked(EventLoop.Interest)
        /// The peer closed its sending side.
        case ended
        case failed
        /// The peer sent plain HTTP to a TLS port.
        case plainHTTP
    }

    /// The maximum plaintext size of a TLS record.
    package static let receiveSize = 16 * 1024

    package let descriptor: Int32
    /// OpenSSL's `SSL`; `nil` without TLS.
    private let ssl: OpaquePointer?
    private let needsCertificate: Bool

    /// - Parameters:
    ///   - ssl: A server session on the descriptor; the transport frees it.
    ///   - needsCertificate: Whether the client must present a certificate.
    package init(descriptor: Int32, ssl: OpaquePointer? = nil, needsCertificate: Bool = false) {
        self.descriptor = descriptor
        self.ssl = ssl
        self.needsCertificate = needsCertificate
    }

    /// Whether a required client certificate is missing. Valid once the handshake is done.
    var lacksCertificate: Bool { needsCertificate && ssl.map { SSL_get0_peer_certificate($0) == nil } ?? true }

    /// Receives bytes. The first call also performs the TLS handshake.
    package func receive(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        if let ssl {
            return outcome(ssl, buffer) { SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count)) }
        }
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .moved(count) }
        return count == 0 ? .ended : Self.failure(waitingFor: .read)
    }

    /// Sends as much of `first` and then `second` as the kernel accepts; without TLS, in one call.
    package func send(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Outcome {
        if let ssl {
            let piece = first.isEmpty ? second : first
            return outcome(ssl, piece) { SSL_write(ssl, piece.baseAddress, Int32(clamping: piece.count)) }
        }
        return sendPlain(first, second)
    }

    private func outcome(_ ssl: OpaquePointer, _ piece: some Collection, _ move: () -> Int32) -> Outcome {
        guard !piece.isEmpty else { return .moved(0) }
        ERR_clear_error()
        let count = move()
        if count > 0 { return .moved(Int(count)) }
        switch SSL_get_error(ssl, count) {
        case SSL_ERROR_WANT_READ: return .blocked(.read)
        case SSL_ERROR_WANT_WRITE: return .blocked(.write)
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            let reason = Int32(truncatingIfNeeded: ERR_peek_error() & 0x7F_FFFF)
            ERR_clear_error()
            return reason == SSL_R_HTTP_REQUEST ? .plainHTTP : .failed
        }
    }

    private func sendPlain(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Outcome {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { pieces in
            pieces.initializeElement(at: 0, to: Self.piece(first))
            pieces.initializeElement(at: 1, to: Self.piece(second))
            var message = msghdr()
            message.msg_iov = pieces.baseAddress
            message.msg_iovlen = 2
            // Without the flag, SIGPIPE would terminate the process if the client is gone.
            let count = sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
            return count >= 0 ? .moved(count) : Self.failure(waitingFor: .write)
        }
    }

    /// Sends one response without TLS, to a peer that sent plain HTTP.
    func sendPlainResponse(_ response: [UInt8]) {
        response.withUnsafeBytes { _ = sendPlain($0, UnsafeRawBufferPointer(start: nil, count: 0)) }
    }

    private static func piece(_ bytes: UnsafeRawBufferPointer) -> iovec {
        // The kernel only reads the bytes; `iovec` has no constant pointer, because it is used for receiving too.
        iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }

    private static func failure(waitingFor interest: EventLoop.Interest) -> Outcome {
        errno == EAGAIN || errno == EINTR ? .blocked(interest) : .failed
    }

    /// Closes the sending side; receiving stays possible.
    package func finishSending() {
        if let ssl {
            ERR_clear_error()
            SSL_shutdown(ssl)
        }
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Closes the connection; the kernel still delivers what was sent.
    package func close() {
        SSL_free(ssl)
        _ = Glibc.close(descriptor)
    }

    /// Closes the connection and discards undelivered bytes.
    ///
    /// Otherwise the kernel would keep them for a peer that does not read.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}
