import Platform

/// The client of a connection.
package struct Peer: Sendable, Equatable {
    /// The address without its port, in text form. An IPv4 client on an IPv6 socket has an IPv4 address here.
    package let host: String
    /// Whether a client certificate is required and the client has none. The handshake permits this only for clients on
    /// this machine, so that `healthcheck` needs no certificate.
    package let lacksCertificate: Bool

    static func host(of address: SocketAddress) -> String {
        let host = address.host
        return host.hasPrefix("::ffff:") && host.contains(".") ? String(host.dropFirst(7)) : host
    }
}
