import CShim
import Glibc

/// A listening socket. Its owner must close it.
package struct ListeningSocket: Sendable {
    package let descriptor: Int32
    /// The bound address, with the port that the kernel chose.
    package let address: SocketAddress

    /// The maximum number of connections that wait to be accepted; the kernel caps it at `net.core.somaxconn`.
    private static let backlog: Int32 = 1024

    /// Binds `address` and listens on it. Port 0 means any free port.
    package static func open(_ address: SocketAddress) throws(SystemError) -> ListeningSocket {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw SystemError(errno, "socket") }
        do throws(SystemError) {
            try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR")
            // Accepted sockets inherit it. A message is sent in one call, so there is nothing to wait for.
            try set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1, "TCP_NODELAY")
            if address.family == AF_INET6 {
                try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0, "IPV6_V6ONLY")
            }
            guard address.withPointer({ bind(descriptor, $0, $1) }) == 0 else { throw SystemError(errno, "bind") }
            guard listen(descriptor, backlog) == 0 else { throw SystemError(errno, "listen") }
            guard let bound = SocketAddress(boundTo: descriptor) else { throw SystemError(errno, "getsockname") }
            return ListeningSocket(descriptor: descriptor, address: bound)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// Accepts a connection. Returns its non-blocking descriptor, or a negated errno.
    package func accept() -> Int32 { shim_accept(descriptor) }

    /// Whether a connection waits to be accepted.
    package var hasClient: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) == 1
    }

    package func close() { _ = Glibc.close(descriptor) }

    private static func set(
        _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32, _ name: String
    ) throws(SystemError) {
        var value = value
        guard setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw SystemError(errno, name)
        }
    }
}
