import Glibc

extension SocketAddress {
    /// Whether `host` is this machine: `localhost`, an address in 127.0.0.0/8, or `::1`, with or without brackets.
    ///
    /// There is no name lookup, so `127.0.0.1.example` is not a loopback host.
    package static func isLoopback(_ host: String) -> Bool {
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        if name.lowercased() == "localhost" { return true }
        var address = in_addr()
        // The address is in network byte order, so its first byte in memory is the first one of the text.
        if inet_pton(AF_INET, name, &address) == 1 { return withUnsafeBytes(of: address) { $0.first == 127 } }
        var longAddress = in6_addr()
        guard inet_pton(AF_INET6, name, &longAddress) == 1 else { return false }
        return withUnsafeBytes(of: longAddress) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }
}
