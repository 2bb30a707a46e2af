import Reactor

/// Where to listen: `:10883`, `127.0.0.1:0` or `[::1]:10883`. Port 0 takes any free one.
package struct ListenAddress: Sendable, Equatable {
    /// As it was given.
    package let text: String
    /// What to bind, the best first: every interface means IPv6 and IPv4 at once, or IPv4 where there is no IPv6.
    let candidates: [SocketAddress]

    /// Reads `text` and asks no name server.
    package init(_ text: String) throws(ListenError) {
        guard let colon = text.lastIndex(of: ":") else { throw .noPort(text) }
        let digits = text[text.index(after: colon)...]
        // `UInt16` alone would take a sign.
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
        // The resolver reads `1` and `0x7f.1` as addresses too, which nobody means.
        let isWritten = isBracketed ? numeric.contains(":") : numeric.split(separator: ".").count == 4
        guard isWritten, let address = try? SocketAddress(numeric: numeric, port: port) else { throw .noAddress(text) }
        candidates = [address]
    }
}
