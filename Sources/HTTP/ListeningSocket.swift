import Glibc
import Reactor

/// A listening socket. Its owner must close it.
struct ListeningSocket {
    let descriptor: Int32
    /// The bound address, with the port that the kernel chose.
    let address: SocketAddress

    /// The maximum number of connections that wait to be accepted; the kernel caps it at `net.core.somaxconn`.
    private static let backlog: Int32 = 1024

    /// Binds the first candidate of `wanted` that is available.
    static func open(_ wanted: ListenAddress) throws(ListenError) -> ListeningSocket {
        var failure = SystemError(EADDRNOTAVAIL, "bind")
        for candidate in wanted.candidates {
            do throws(SystemError) {
                return try open(candidate)
            } catch {
                failure = error
                // The next candidate is for systems without IPv6 only.
                guard [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.code) else { break }
            }
        }
        throw ListenError(wanted.text, failure)
    }

    private static func open(_ address: SocketAddress) throws(SystemError) -> ListeningSocket {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw SystemError(errno, "socket") }
        do throws(SystemError) {
            try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR")
            // Accepted sockets inherit it. Head and body are sent in one call, so there is nothing to wait for.
            try set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1, "TCP_NODELAY")
            if address.family == AF_INET6 {
                try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0, "IPV6_V6ONLY")
            }
            guard address.withPointer({ bind(descriptor, $0, $1) }) == 0 else { throw SystemError(errno, "bind") }
            guard listen(descriptor, backlog) == 0 else { throw SystemError(errno, "listen") }
            guard let bound = SocketAddress(boundTo: descriptor) else { throw SystemError(errno, "getsockname") }
            return ListeningSocket(descriptor: descriptor, address: bound)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Whether a connection waits to be accepted.
    var hasClient: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) == 1
    }

    private static func set(
        _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32, _ name: String
    ) throws(SystemError) {
        var value = value
        guard setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw SystemError(errno, name)
        }
    }
}
