import COpenSSL
import Glibc
package import Reactor

/// How the bytes of one connection travel: as they are, or inside TLS.
///
/// The only place that knows. What `blocked` waits for need not be what was asked for, as TLS may have to write before
/// it can read. The buffer to receive into holds a whole TLS record, so that nothing stays behind unseen by the event
/// loop.
package struct Transport {
    /// What became of an attempt to move bytes.
    package enum Outcome {
        case moved(Int)
        /// Nothing moves until the descriptor is ready for this.
        case blocked(EventLoop.Interest)
        /// The peer sends no more.
        case ended
        case failed
        /// The peer speaks HTTP where TLS is spoken.
        case plainHTTP
    }

    /// The greatest plaintext of a TLS record.
    package static let receiveSize = 16 * 1024

    package let descriptor: Int32
    /// OpenSSL's `SSL`; `nil` without TLS.
    private let ssl: OpaquePointer?
    private let needsCertificate: Bool

    /// - Parameters:
    ///   - ssl: the server's side of a session on the descriptor; the transport frees it.
    ///   - needsCertificate: whether the client must show a certificate.
    package init(descriptor: Int32, ssl: OpaquePointer? = nil, needsCertificate: Bool = false) {
        self.descriptor = descriptor
        self.ssl = ssl
        self.needsCertificate = needsCertificate
    }

    /// Whether the client has not shown the certificate that it needs, once the handshake is over.
    var lacksCertificate: Bool { needsCertificate && ssl.map { SSL_get0_peer_certificate($0) == nil } ?? true }

    /// The first call makes the handshake too.
    package func receive(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        if let ssl {
            return outcome(ssl, buffer) { SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count)) }
        }
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .moved(count) }
        return count == 0 ? .ended : Self.failure(waitingFor: .read)
    }

    /// Sends what the kernel takes of `first` and then `second`; without TLS, in one call.
    package func send(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Outcome {
        if let ssl {
            let piece = first.isEmpty ? second : first
            return outcome(ssl, piece) { SSL_write(ssl, piece.baseAddress, Int32(clamping: piece.count)) }
        }
        return sendPlain(first, second)
    }

    /// Moves bytes by a call of OpenSSL.
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
            // Without the flag a client that went away would end the process by SIGPIPE.
            let count = sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
            return count >= 0 ? .moved(count) : Self.failure(waitingFor: .write)
        }
    }

    /// Answers, once and without TLS, a peer that does not speak it.
    func answerPlain(_ response: [UInt8]) {
        response.withUnsafeBytes { _ = sendPlain($0, UnsafeRawBufferPointer(start: nil, count: 0)) }
    }

    private static func piece(_ bytes: UnsafeRawBufferPointer) -> iovec {
        // The kernel only reads it; `iovec` serves receiving too and so has no constant pointer.
        iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }

    private static func failure(waitingFor interest: EventLoop.Interest) -> Outcome {
        errno == EAGAIN || errno == EINTR ? .blocked(interest) : .failed
    }

    /// Tells the peer that nothing more comes, and goes on receiving.
    package func finishSending() {
        if let ssl {
            ERR_clear_error()
            SSL_shutdown(ssl)
        }
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Lets the kernel deliver what was sent.
    package func close() {
        SSL_free(ssl)
        _ = Glibc.close(descriptor)
    }

    /// Drops what was sent and is not delivered, so that the kernel does not hold it for a peer that takes nothing.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}
