import Glibc
import Platform

/// A peer that accepts connections and never sends a byte.
final class MutePeer: Sendable {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        let address = try SocketAddress(numeric: "127.0.0.1", port: 0)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 8) == 0,
            let bound = SocketAddress(boundTo: descriptor)
        else { throw SystemError(errno, "bind") }
        self.descriptor = descriptor
        port = bound.port
    }

    deinit {
        close(descriptor)
    }
}
