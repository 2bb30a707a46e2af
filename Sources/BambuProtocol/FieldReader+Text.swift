import JSONScanning

extension FieldReader {
    /// The maximum length of a text in Unicode scalars. Longer texts are cut, because they become labels.
    static let textLimit = 256

    /// Reads a text, cuts it to `textLimit`, and replaces control characters except line feeds.
    ///
    /// Bytes that are not UTF-8 are replaced too. They are not counted: the field is usable, and an A1 mini on 01.07
    /// sends such names in every report.
    mutating func text(into target: inout String) throws {
        if let text = try scanner.shortText() {
            target = text
            return
        }
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        if !text.equals(target) { target = readable(text) }
    }

    /// Reads a text as above; the target stays `nil` if there is no text.
    mutating func text(into target: inout String?) throws {
        if let text = try scanner.shortText() {
            target = text
            return
        }
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        if let target, text.equals(target) { return }
        target = readable(text)
    }

    /// Reads a colour, `RRGGBBAA`; "" changes nothing.
    mutating func color(into target: inout String) throws {
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        if text.isEmpty || text.equals(target) { return }
        guard text.count == 8, text.hexadecimal != nil else { return reject() }
        target = text.decoded
    }

    /// Reads the fingerprint of a text, if only a change of the text matters; 0 for "" and for a text of zeros, which
    /// mean that there is no tag.
    mutating func fingerprint(into target: inout UInt64) throws {
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        target = text.isZeros ? 0 : text.fingerprint
    }

    /// Reads a text that may be written as a number, as some ids and the diameter of a nozzle are.
    mutating func textOrNumber(into target: inout String?) throws {
        guard try scanner.peek() == .number else { return try text(into: &target) }
        let reading = try number(in: -1e15...1e15)
        if case .value(let number) = reading { target = Int(exactly: number).map(String.init) ?? "\(number)" }
    }

    private func readable(_ text: Text) -> String {
        if text.isPlain(limit: Self.textLimit) { return text.decoded }
        var readable = String.UnicodeScalarView()
        for scalar in text.decoded.unicodeScalars.prefix(Self.textLimit) {
            let isControl = scalar.value < 0x20 && scalar != "\n" || (0x7F...0x9F).contains(scalar.value)
            readable.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(readable)
    }
}
