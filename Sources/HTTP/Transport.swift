import Glibc
import Reactor

/// How the bytes of one connection travel.
///
/// The only place that knows: encryption belongs in here. What `blocked` waits for need not be what was asked for, as
/// TLS may have to write before it can read. The buffer to receive into holds a whole TLS record, so that nothing
/// stays behind unseen by the event loop.
struct Transport {
    /// What became of an attempt to move bytes.
    enum Outcome {
        case moved(Int)
        /// Nothing moves until the descriptor is ready for this.
        case blocked(EventLoop.Interest)
        /// The peer sends no more.
        case ended
        case failed
    }

    /// The greatest plaintext of a TLS record.
    static let receiveSize = 16 * 1024

    let descriptor: Int32

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .moved(count) }
        return count == 0 ? .ended : Self.failure(waitingFor: .read)
    }

    /// Sends what the kernel takes of `first` and then `second`, in one call.
    func send(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Outcome {
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

    private static func piece(_ bytes: UnsafeRawBufferPointer) -> iovec {
        // The kernel only reads it; `iovec` serves receiving too and so has no constant pointer.
        iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }

    private static func failure(waitingFor interest: EventLoop.Interest) -> Outcome {
        errno == EAGAIN || errno == EINTR ? .blocked(interest) : .failed
    }

    /// Tells the peer that nothing more comes, and goes on receiving.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Lets the kernel deliver what was sent.
    func close() {
        _ = Glibc.close(descriptor)
    }

    /// Drops what was sent and is not delivered, so that the kernel does not hold it for a peer that takes nothing.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}
