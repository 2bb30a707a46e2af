import JSONScanning

/// Reads answers of the account's REST interface element by element, so that an invalid element does not affect the
/// others.
enum AccountAnswer {
    /// The elements of the array at the key `list` of the answer. Elements for which `read` returns `nil` are left out.
    ///
    /// - Returns: `nil` if the answer is not a JSON object or does not have such an array.
    static func elements<Element>(
        of list: String, in body: [UInt8], limit: Int, _ read: (inout FieldReader) throws -> Element?
    ) -> [Element]? {
        var elements: [Element]?
        let isRead = object(in: body) { reader, key in
            guard key.equals(list) else { return try reader.scanner.skip() }
            var found: [Element] = []
            // An empty list may be sent as null.
            if try reader.scanner.peek() == .null {
                elements = []
                return try reader.scanner.skip()
            }
            let isArray = try reader.array { reader in
                guard let element = try read(&reader), found.count < limit else { return }
                found.append(element)
            }
            if isArray { elements = found }
        }
        return isRead ? elements : nil
    }

    /// Reads the answer and calls `member` for each key.
    ///
    /// - Returns: whether the answer was one object and nothing else.
    static func object(in body: [UInt8], _ member: (inout FieldReader, Text) throws -> Void) -> Bool {
        body.withUnsafeBytes { bytes in
            var reader = FieldReader(bytes)
            do {
                guard try reader.object(member) else { return false }
                try reader.scanner.end()
                return true
            } catch {
                return false
            }
        }
    }

    /// Reads a number; 0 means that it is not known.
    static func positive(
        _ reader: inout FieldReader, in range: ClosedRange<Double>, into target: inout Double?
    ) throws {
        try reader.number(in: range, into: &target)
        if target == 0 { target = nil }
    }

    /// Reads a time, written as RFC 3339 or as seconds since 1970. A time outside of 2015 to 2100 is treated as absent.
    static func time(_ reader: inout FieldReader, into target: inout Double?) throws {
        let plausible = 1_420_070_400.0...4_102_444_800.0
        guard try reader.scanner.peek() == .string else { return try positive(&reader, in: plausible, into: &target) }
        var text: String?
        try reader.text(into: &text)
        guard let text, let seconds = Double(text) ?? RFC3339.seconds(of: text), plausible.contains(seconds) else {
            return
        }
        target = seconds
    }
}
