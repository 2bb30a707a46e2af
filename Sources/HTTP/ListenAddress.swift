import Glibc
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
        guard let colon = text.lastIndex(of: ":") else {
            throw ListenError("\(text) has no port; write an address and a port, such as :10883 or 127.0.0.1:10883")
        }
        let digits = text[text.index(after: colon)...]
        // `UInt16` alone would accept a sign.
        guard digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits) else {
            throw ListenError("\(text) does not end in a port from 0 to 65535 (0 takes any free one)")
        }
        self.text = text
        let host = text[..<colon]
        if host.isEmpty {
            candidates = ["::", "0.0.0.0"].compactMap { try? SocketAddress(numeric: $0, port: port) }
            return
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if !isBracketed, host.contains(":") {
            throw ListenError("\(text) is ambiguous; write IPv6 addresses in brackets, such as [::1]:10883")
        }
        let numeric = isBracketed ? String(host.dropFirst().dropLast()) : String(host)
        // `getaddrinfo` also accepts short forms such as `1` and `0x7f.1`, which are most likely mistakes.
        let isWritten = isBracketed ? numeric.contains(":") : numeric.split(separator: ".").count == 4
        guard isWritten, let address = try? SocketAddress(numeric: numeric, port: port) else {
            throw ListenError(
                """
                \(text) does not begin with an IP address; write :10883 for every interface, or 127.0.0.1:10883
                """)
        }
        candidates = [address]
    }

    /// Binds the first candidate that is available, and listens on it.
    func listen() throws(ListenError) -> ListeningSocket {
        var failure = SystemError(EADDRNOTAVAIL, "bind")
        for candidate in candidates {
            do throws(SystemError) {
                return try ListeningSocket.open(candidate)
            } catch {
                failure = error
                // The next candidate is worth a try only on a machine without IPv6.
                guard [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.code) else { break }
            }
        }
        throw ListenError("cannot listen on \(text): \(Self.reason(of: failure))")
    }

    private static func reason(of error: SystemError) -> String {
        switch error.code {
        case EADDRINUSE: "the port is in use; stop the other program or choose another port"
        case EACCES, EPERM: "permission denied; choose a port from 1024 up, or grant CAP_NET_BIND_SERVICE"
        case EADDRNOTAVAIL: "no interface of this machine has that address"
        default: "\(error)"
        }
    }
}
