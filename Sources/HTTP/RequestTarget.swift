/// The decoded target of a request line (RFC 9112, section 3.2).
package struct RequestTarget: Sendable, Equatable {
    /// One `name=value` of a query; the value is empty if there is no equals sign.
    package struct QueryItem: Sendable, Equatable {
        /// The decoded name, such as `collect[]`.
        package let name: String
        package let value: String
    }

    /// The path with its percent escapes decoded. Dot segments and double slashes are kept: a path names a route, never
    /// a file.
    package let path: String
    /// The items of the query in order, with repeated names.
    package let queryItems: [QueryItem]
    /// Host and port of an absolute target such as `http://host:80/metrics`.
    package let authority: String?

    package init(_ text: String, method: Request.Method = .get) throws(RequestError) {
        try self.init(Array(text.utf8)[...], method: method)
    }

    init(_ bytes: ArraySlice<UInt8>, method: Request.Method) throws(RequestError) {
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw .malformed(.target)
        }
        if method == .options, bytes.elementsEqual("*".utf8) {
            (path, queryItems, authority) = ("*", [], nil)
            return
        }
        let (authority, rest) = try Self.split(bytes)
        let mark = rest.firstIndex(of: UInt8(ascii: "?"))
        let rawPath = rest[..<(mark ?? rest.endIndex)]
        let rawQuery = mark.map { rest[$0...].dropFirst() } ?? []
        self.authority = authority
        path = rawPath.isEmpty ? "/" : try Self.decodedPath(rawPath)
        queryItems = rawQuery.split(separator: UInt8(ascii: "&")).map(Self.queryItem)
    }

    /// Splits scheme and authority off an absolute target.
    private static func split(
        _ bytes: ArraySlice<UInt8>
    ) throws(RequestError) -> (authority: String?, rest: ArraySlice<UInt8>) {
        if bytes.first == UInt8(ascii: "/") { return (nil, bytes) }
        let scheme = bytes.prefix { $0 != UInt8(ascii: ":") }
        let afterScheme = bytes[scheme.endIndex...]
        guard ["http", "https"].contains(scheme.lowercasedASCIIText), afterScheme.starts(with: "://".utf8) else {
            throw .malformed(.target)
        }
        let afterSlashes = afterScheme.dropFirst(3)
        let authority = afterSlashes.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard !authority.isEmpty, authority.allSatisfy(\.isHostCharacter) else { throw .malformed(.target) }
        return (String(decoding: authority, as: UTF8.self), afterSlashes[authority.endIndex...])
    }

    /// Decodes a path strictly, since it names a route.
    private static func decodedPath(_ bytes: ArraySlice<UInt8>) throws(RequestError) -> String {
        let decoded = try decoded(bytes) { (rest: inout ArraySlice<UInt8>) throws(RequestError) in
            guard let value = escape(&rest), !value.isControl else { throw .malformed(.escape) }
            return value
        }
        guard let path = String(validating: decoded, as: UTF8.self) else { throw .malformed(.escape) }
        return path
    }

    /// Decodes a name or value of a query. It is lenient, because a query never names a route: an invalid escape is
    /// kept as text, and invalid UTF-8 is repaired.
    private static func decodedText(_ bytes: ArraySlice<UInt8>) -> String {
        let bytes = bytes.map { $0 == UInt8(ascii: "+") ? .space : $0 }
        return String(decoding: decoded(bytes[...]) { escape(&$0) ?? UInt8(ascii: "%") }, as: UTF8.self)
    }

    /// Replaces each percent sign with the result of `unescape`, which consumes the digits after it.
    private static func decoded<Failure: Error>(
        _ bytes: ArraySlice<UInt8>, _ unescape: (inout ArraySlice<UInt8>) throws(Failure) -> UInt8
    ) throws(Failure) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() { decoded.append(byte == UInt8(ascii: "%") ? try unescape(&rest) : byte) }
        return decoded
    }

    /// Consumes the two digits of a percent escape; consumes nothing and returns `nil` if they are missing.
    private static func escape(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let high = rest.first?.hexadecimalValue, let low = rest.dropFirst().first?.hexadecimalValue else {
            return nil
        }
        rest = rest.dropFirst(2)
        return high << 4 | low
    }

    private static func queryItem(_ bytes: ArraySlice<UInt8>) -> QueryItem {
        let name = bytes.prefix { $0 != UInt8(ascii: "=") }
        return QueryItem(name: decodedText(name), value: decodedText(bytes[name.endIndex...].dropFirst()))
    }
}
