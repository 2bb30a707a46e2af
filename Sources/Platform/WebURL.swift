/// A URL with the scheme `http` or `https`. Source: RFC 3986.
package struct WebURL {
    package let isSecure: Bool
    /// A name or an address; an IPv6 address has no brackets.
    package let host: String
    /// `nil` for the port of the scheme.
    package let explicitPort: UInt16?
    /// "", or a path that begins with a slash.
    package let path: String
    package let hasUser: Bool
    package let hasQuery: Bool
    package let hasFragment: Bool

    package var scheme: String { isSecure ? "https" : "http" }
    package var port: UInt16 { explicitPort ?? (isSecure ? 443 : 80) }

    /// The host with its port, if one is written, as in a `Host` field.
    package var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return explicitPort.map { "\(name):\($0)" } ?? name
    }

    /// Parses a URL; `nil` if it has another scheme, no host, or an invalid character.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) }),
            let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://")
        else { return nil }
        switch text[..<colon].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: return nil
        }
        let rest = text[colon...].dropFirst(3)
        let authority = rest.prefix { !"/?#".contains($0) }
        let place = authority.lastIndex(of: "@").map { authority[$0...].dropFirst() } ?? authority
        hasUser = place.startIndex != authority.startIndex
        guard let (host, port) = Self.split(place) else { return nil }
        (self.host, explicitPort) = (host, port)
        let reference = rest[authority.endIndex...].split(
            separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let beforeFragment = reference.first ?? ""
        hasFragment = reference.count > 1
        path = String(beforeFragment.prefix { $0 != "?" })
        hasQuery = path.utf8.count < beforeFragment.utf8.count
    }

    /// The host and the port of an authority without user; `nil` if it is invalid.
    private static func split(_ authority: Substring) -> (host: String, port: UInt16?)? {
        let isBracketed = authority.hasPrefix("[")
        let end = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let end else { return nil }
        let host = isBracketed ? String(authority[..<end].dropFirst()) : String(authority[..<end])
        let rest = authority[end...].dropFirst(isBracketed ? 1 : 0)
        let isHost =
            isBracketed
            ? host.utf8.contains(UInt8(ascii: ":")) && (try? SocketAddress(numeric: host, port: 0)) != nil
            : !host.isEmpty && host.utf8.allSatisfy { !"[]@!$&'()*+,;=%".utf8.contains($0) }
        guard isHost else { return nil }
        if rest.isEmpty { return (host, nil) }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ $0 > 0x2F && $0 < 0x3A }), let port = UInt16(digits) else {
            return nil
        }
        return (host, port)
    }
}
