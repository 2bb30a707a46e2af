import Glibc
import Reactor

/// Ports of 127.0.0.1 that are not in use.
package enum FreePorts {
    /// Finds `count` different ports. Another program may take one before it is bound.
    package static func find(_ count: Int) throws -> [UInt16] {
        var sockets: [Int32] = []
        defer { for descriptor in sockets { close(descriptor) } }
        let loopback = try SocketAddress(numeric: "127.0.0.1", port: 0)
        return try (0..<count).map { _ in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { throw SystemError(errno, "socket") }
            sockets.append(descriptor)
            guard loopback.withPointer({ bind(descriptor, $0, $1) }) == 0 else { throw SystemError(errno, "bind") }
            guard let bound = SocketAddress(boundTo: descriptor) else { throw SystemError(errno, "getsockname") }
            return bound.port
        }
    }
}
