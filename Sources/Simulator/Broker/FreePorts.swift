import Glibc
import Platform

/// Unused ports of 127.0.0.1.
package enum FreePorts {
    /// Below the ports that Linux gives to outgoing connections, which would occupy the port of a broker that restarts.
    private static let range: Range<UInt16> = 10_000..<32_768

    /// Returns `count` different unused ports. Another program may bind one of them first.
    package static func find(_ count: Int) throws -> [UInt16] {
        var ports: Set<UInt16> = []
        for _ in 0..<(count * 10 + 1000) where ports.count < count {
            let address = try SocketAddress(numeric: "127.0.0.1", port: .random(in: range))
            guard let socket = try? ListeningSocket.open(address) else { continue }
            socket.close()
            ports.insert(address.port)
        }
        guard ports.count == count else { throw SystemError(EADDRINUSE, "bind") }
        return Array(ports)
    }
}
