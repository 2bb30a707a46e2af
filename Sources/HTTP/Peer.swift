package import Reactor

/// The other end of a connection.
package struct Peer: Sendable, Equatable {
    /// The client's address and port, as the kernel tells them.
    package let address: SocketAddress

    /// A client at `address`.
    package init(address: SocketAddress) {
        self.address = address
    }

    /// The client's address as people write it: one that came over IPv4 to an IPv6 socket is shown as IPv4.
    package var host: String {
        let host = address.host
        return host.hasPrefix("::ffff:") && host.contains(".") ? String(host.dropFirst(7)) : host
    }
}
