import Glibc

extension SocketAddress {
    /// Whether `host` is this machine: `localhost`, an IPv4 address of 127.0.0.0/8, or `::1`, in brackets or not.
    ///
    /// No name server is asked. A name such as `127.0.0.1.example` is another machine.
    package static func isLoopback(_ host: String) -> Bool {
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        if name.lowercased() == "localhost" { return true }
        var address = in_addr()
        // In network byte order, so the first byte in memory is the first of the text.
        if inet_pton(AF_INET, name, &address) == 1 { return withUnsafeBytes(of: address) { $0.first == 127 } }
        var longAddress = in6_addr()
        guard inet_pton(AF_INET6, name, &longAddress) == 1 else { return false }
        return withUnsafeBytes(of: longAddress) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }
}
