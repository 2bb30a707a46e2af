import Reactor

/// The client of a connection.
package struct Peer: Sendable, Equatable {
    /// The address without its port, as people write it: IPv4 for a client that came over IPv4 to an IPv6 socket.
    package let host: String
    /// Whether the listener requires a client certificate and the client has none. Only clients on this machine get so
    /// far, so that `healthcheck` needs no certificate.
    package let lacksCertificate: Bool

    init(_ address: SocketAddress, lacksCertificate: Bool = false) {
        host = Self.host(of: address)
        self.lacksCertificate = lacksCertificate
    }

    static func host(of address: SocketAddress) -> String {
        let host = address.host
        return host.hasPrefix("::ffff:") && host.contains(".") ? String(host.dropFirst(7)) : host
    }
}
