import Glibc
import Reactor

/// Unused ports of 127.0.0.1.
package enum FreePorts {
    /// Below the ports that Linux gives to outgoing connections, which would occupy the port of a broker that restarts.
    private static let range: Range<UInt16> = 10_000..<32_768

    /// Returns `count` different unused ports. Another program may bind one of them first.
    package static func find(_ count: Int) throws -> [UInt16] {
        var ports: Set<UInt16> = []
        for _ in 0..<(count * 10 + 1000) where ports.count < count {
            let port = UInt16.random(in: range)
            if try isFree(port) { ports.insert(port) }
        }
        guard ports.count == count else { throw SystemError(EADDRINUSE, "bind") }
        return Array(ports)
    }

    private static func isFree(_ port: UInt16) throws -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(errno, "socket") }
        defer { close(descriptor) }
        return try SocketAddress(numeric: "127.0.0.1", port: port).withPointer { bind(descriptor, $0, $1) } == 0
    }
}
