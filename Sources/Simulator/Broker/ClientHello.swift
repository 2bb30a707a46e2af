/// Parses the ClientHello of TLS. Source: RFC 8446, sections 4.1.2 and 4.2.1.
enum ClientHello {
    /// Returns whether the extension `supported_versions` lists TLS 1.3.
    static func offersTLS13(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        func number(_ length: Int) -> Int {
            defer { rest = rest.dropFirst(length) }
            return rest.prefix(length).reduce(0) { $0 << 8 | Int($1) }
        }
        // Skips the record header, the handshake header, the version and the random number.
        rest = rest.dropFirst(5 + 4 + 2 + 32)
        // Skips session id, cipher suites and compression methods, each with its length.
        for lengthBytes in [1, 2, 1] {
            let length = number(lengthBytes)
            rest = rest.dropFirst(length)
        }
        _ = number(2)
        while rest.count > 4 {
            let kind = number(2)
            let length = number(2)
            if kind == 43 {
                let versions = Array(rest.prefix(length).dropFirst())
                return stride(from: 0, to: versions.count - 1, by: 2).contains {
                    versions[$0] == 3 && versions[$0 + 1] == 4
                }
            }
            rest = rest.dropFirst(length)
        }
        return false
    }
}
