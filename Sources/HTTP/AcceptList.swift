/// The items of an `Accept` or `Accept-Encoding` field with their weights (RFC 9110, sections 12.4 and 12.5).
///
/// Negotiation never fails: unreadable items are ignored, and if nothing fits, the caller uses its default.
package struct AcceptList: Sendable, Equatable {
    /// A parameter of an item, such as `version=1.0.0`.
    package struct Parameter: Sendable, Equatable {
        /// In lower case.
        package let name: String
        /// The value as received, without quotes.
        package let value: String
    }

    /// One media range or coding that the client accepts or refuses.
    package struct Item: Sendable, Equatable {
        /// In lower case: a media range such as `text/*`, or a coding such as `gzip`.
        package let name: String
        /// All parameters except `q`.
        package let parameters: [Parameter]
        /// The weight in thousandths, 0 to 1000; 0 means not acceptable.
        package let weight: Int
    }

    /// The limits of a field. A field beyond them is treated as absent; real fields reach a tenth of them.
    private static let limits = (bytes: 8 * 1024, items: 64)

    package let items: [Item]

    /// Parses the value of a field. There are no items if the field is absent or exceeds the limits.
    package init(_ field: String?) {
        guard let field, field.utf8.count <= Self.limits.bytes else {
            items = []
            return
        }
        let parts = Self.split(Array(field.utf8)[...], at: UInt8(ascii: ","))
        items = parts.count <= Self.limits.items ? parts.compactMap(Self.item) : []
    }

    /// Selects the offer with the highest weight.
    ///
    /// Among offers of equal weight, the one whose item comes first in the field wins, then the first of `offers`.
    ///
    /// - Returns: The offer and the most specific item that matches it; `nil` if no offer is acceptable or the field
    ///   has no items.
    package func best(of offers: [MediaType]) -> (offer: MediaType, item: Item)? {
        offers.compactMap { offer in position(of: offer).map { (offer: offer, position: $0) } }
            .filter { items[$0.position].weight > 0 }
            .max { (items[$0.position].weight, -$0.position) < (items[$1.position].weight, -$1.position) }
            .map { ($0.offer, items[$0.position]) }
    }

    /// The position of the most specific item that matches `offer` (RFC 9110, section 12.5.1).
    private func position(of offer: MediaType) -> Int? {
        let matches = items.enumerated().compactMap { position, item in
            offer.specificity(to: item).map { (position: position, specificity: $0) }
        }
        return matches.max { $0.specificity < $1.specificity }?.position
    }

    /// Whether gzip is acceptable, for an `Accept-Encoding` field; false if the field is absent.
    package var acceptsGzip: Bool {
        let named = items.first { $0.name == "gzip" || $0.name == "x-gzip" }
        let meant = named ?? items.first { $0.name == "*" }
        return (meant?.weight ?? 0) > 0
    }

    private static func item(_ bytes: ArraySlice<UInt8>) -> Item? {
        let parts = split(bytes, at: UInt8(ascii: ";"))
        guard let name = parts.first?.trimmed, !name.isEmpty,
            name.allSatisfy({ $0.isTokenCharacter || $0 == UInt8(ascii: "/") })
        else { return nil }
        var weight = 1000
        var parameters: [Parameter] = []
        for part in parts.dropFirst() where !part.trimmed.isEmpty {
            guard let parameter = parameter(part.trimmed) else { return nil }
            if parameter.name == "q" {
                guard let read = Self.weight(parameter.value) else { return nil }
                weight = read
            } else {
                parameters.append(parameter)
            }
        }
        return Item(name: name.lowercasedASCIIText, parameters: parameters, weight: weight)
    }

    private static func parameter(_ bytes: ArraySlice<UInt8>) -> Parameter? {
        let name = bytes.prefix { $0 != UInt8(ascii: "=") }
        guard name.endIndex < bytes.endIndex, !name.trimmed.isEmpty, name.trimmed.allSatisfy(\.isTokenCharacter) else {
            return nil
        }
        let value = bytes[name.endIndex...].dropFirst().trimmed
        return Parameter(
            name: name.trimmed.lowercasedASCIIText, value: String(decoding: unquoted(value), as: UTF8.self))
    }

    /// Parses a weight such as `1` or `0.75` into thousandths; `nil` if it has more than three decimals or is above 1.
    private static func weight(_ text: String) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let (whole, places) = (parts[0], parts.count > 1 ? parts[1] : "")
        guard whole == "0" || whole == "1", places.utf8.count <= 3, places.utf8.allSatisfy(\.isDigit) else {
            return nil
        }
        let weight = Int("\(whole)\(places)" + String(repeating: "0", count: 3 - places.utf8.count))
        return weight.flatMap { $0 <= 1000 ? $0 : nil }
    }

    private static func unquoted(_ value: ArraySlice<UInt8>) -> [UInt8] {
        guard value.count >= 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") else {
            return Array(value)
        }
        var plain: [UInt8] = []
        var rest = value.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            // A backslash stands for the byte after it.
            if let meant = byte == UInt8(ascii: "\\") ? rest.popFirst() : byte { plain.append(meant) }
        }
        return plain
    }

    /// Splits at each `separator` outside quotes.
    private static func split(_ bytes: ArraySlice<UInt8>, at separator: UInt8) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var (isQuoted, isEscaped) = (false, false)
        for (index, byte) in zip(bytes.indices, bytes) {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                parts.append(bytes[start..<index])
                start = index + 1
            }
        }
        parts.append(bytes[start...])
        return parts
    }
}
