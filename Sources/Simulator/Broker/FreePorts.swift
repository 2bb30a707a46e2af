import Reactor

/// Unused ports of 127.0.0.1.
package enum FreePorts {
    /// Returns `count` different unused ports. Another program may bind one of them first.
    package static func find(_ count: Int) throws -> [UInt16] {
        var sockets: [ListeningSocket] = []
        defer { for socket in sockets { socket.close() } }
        let loopback = try SocketAddress(numeric: "127.0.0.1", port: 0)
        for _ in 0..<count { sockets.append(try ListeningSocket.open(loopback)) }
        return sockets.map(\.address.port)
    }
}
