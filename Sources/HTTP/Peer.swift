package import Reactor

/// The other end of a connection.
package struct Peer: Sendable, Equatable {
    package let address: SocketAddress

    package init(address: SocketAddress) {
        self.address = address
    }

    /// The client's address as people write it: one that came over IPv4 to an IPv6 socket is shown as IPv4.
    package var host: String {
        let host = address.host
        return host.hasPrefix("::ffff:") && host.contains(".") ? String(host.dropFirst(7)) : host
    }
}
