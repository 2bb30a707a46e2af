package import Platform

/// An address to listen on: `:10883`, `127.0.0.1:0` or `[::1]:10883`. Port 0 means any free port.
package struct ListenAddress: Sendable, Equatable {
    /// The text as configured.
    package let text: String
    /// The addresses to bind, in order of preference. Without a host they are `::`, which serves IPv6 and IPv4, and
    /// then `0.0.0.0` for a system without IPv6.
    package let candidates: [SocketAddress]

    /// Parses `text` without a name lookup.
    package init(_ text: String) throws(ListenError) {
        guard let colon = text.lastIndex(of: ":") else { throw .noPort(text) }
        let digits = text[text.index(after: colon)...]
        // `UInt16` alone would accept a sign.
        guard digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits) else { throw .badPort(text) }
        self.text = text
        let host = text[..<colon]
        if host.isEmpty {
            candidates = ["::", "0.0.0.0"].compactMap { try? SocketAddress(numeric: $0, port: port) }
            return
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if !isBracketed, host.contains(":") { throw .noBrackets(text) }
        let numeric = isBracketed ? String(host.dropFirst().dropLast()) : String(host)
        // `getaddrinfo` also accepts short forms such as `1` and `0x7f.1`, which are most likely mistakes.
        let isWritten = isBracketed ? numeric.contains(":") : numeric.split(separator: ".").count == 4
        guard isWritten, let address = try? SocketAddress(numeric: numeric, port: port) else { throw .noAddress(text) }
        candidates = [address]
    }
}
