import JSONScanning

/// A JSON value as its original bytes. Invalid JSON has no members, no elements and no text.
package struct JSONSlice: Sendable {
    /// The value without surrounding white space.
    package let bytes: ArraySlice<UInt8>

    package init(_ bytes: some Sequence<UInt8>) {
        let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let rest = ArraySlice(bytes).drop(while: isBlank)
        self.bytes = rest[..<(rest.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? rest.startIndex)]
    }

    package var elements: [JSONSlice] {
        scan { scanner throws(ScanError) in
            var found: [JSONSlice] = []
            try scanner.beginArray()
            while try scanner.nextElement() { found.append(try slice(&scanner)) }
            return found
        } ?? []
    }

    package var members: [(name: String, value: JSONSlice)] {
        scan { scanner throws(ScanError) in
            var found: [(name: String, value: JSONSlice)] = []
            try scanner.beginObject()
            while let name = try scanner.nextKey()?.decoded { found.append((name, try slice(&scanner))) }
            return found
        } ?? []
    }

    package func member(_ name: String) -> JSONSlice? {
        members.first { $0.name == name }?.value
    }

    /// The content of a string, or a number as written; `nil` for any other value.
    package var text: String? {
        scan { scanner throws(ScanError) in
            switch try scanner.scalar() {
            case .string(let text): text.decoded
            case .number: String(decoding: bytes, as: UTF8.self)
            case .null, .bool, .container: nil
            }
        } ?? nil
    }

    /// The number, which may be in a string; `nil` if it is not finite.
    package var number: Double? { text.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil } }

    /// Reads the whole value; returns `nil` if it is not JSON.
    private func scan<Found>(_ read: (inout JSONScanner) throws(ScanError) -> Found) -> Found? {
        bytes.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            guard let found = try? read(&scanner), (try? scanner.end()) != nil else { return nil }
            return found
        }
    }

    /// Skips the next value and returns it.
    private func slice(_ scanner: inout JSONScanner) throws(ScanError) -> JSONSlice {
        _ = try scanner.peek()
        let start = scanner.offset
        try scanner.skip()
        return JSONSlice(bytes[(bytes.startIndex + start)..<(bytes.startIndex + scanner.offset)])
    }
}
