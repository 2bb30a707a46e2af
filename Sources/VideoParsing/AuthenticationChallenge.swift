/// A server's authentication challenge: the header `WWW-Authenticate`. Source: RFC 2617, 3.2.1 and 2.
package enum AuthenticationChallenge: Sendable, Equatable {
    case basic
    /// - Parameter isStale: Whether only the nonce was too old, and the password was right.
    case digest(realm: String, nonce: String, isStale: Bool)

    /// Selects the strongest supported challenge: MD5 digest, then basic; `nil` if neither is offered.
    package init?(_ headers: [String]) {
        let digests = headers.lazy.compactMap(Self.digest)
        if let digest = digests.first {
            self = digest
        } else if headers.contains(where: { $0.lowercased().hasPrefix("basic") }) {
            self = .basic
        } else {
            return nil
        }
    }

    private static func digest(_ header: String) -> AuthenticationChallenge? {
        guard header.lowercased().hasPrefix("digest ") else { return nil }
        let values = parameters(header.dropFirst(7))
        // A control character would end the header of the answer.
        guard let realm = values["realm"], let nonce = values["nonce"],
            (realm + nonce).unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F && $0 != "\"" }),
            (values["algorithm"] ?? "MD5").uppercased() == "MD5"
        else { return nil }
        return .digest(realm: realm, nonce: nonce, isStale: values["stale"]?.lowercased() == "true")
    }

    /// Parses `name=value, name="value"`; names in lower case. The first value of a name wins.
    private static func parameters(_ text: Substring) -> [String: String] {
        var values: [String: String] = [:]
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].lowercased().filter { $0 != " " && $0 != "," && $0 != "\t" }
            rest = rest[equals...].dropFirst()
            let value: Substring
            if rest.first == "\"" {
                value = rest.dropFirst().prefix { $0 != "\"" }
                rest = rest.dropFirst(value.count + 2)
            } else {
                value = rest.prefix { $0 != "," && $0 != " " }
                rest = rest.dropFirst(value.count)
            }
            if values[name] == nil { values[name] = String(value) }
        }
        return values
    }
}
