import JSONScanning

/// Reads the values of a report one by one, leniently, and counts what it cannot use.
///
/// Every method reads exactly one value, whatever it is. `null` is no news: nothing changes and nothing is counted.
/// A value of the wrong kind is counted and what was known stays; a value outside its range is counted and what was
/// known goes, since the printer has spoken and what it said cannot be used.
package struct FieldReader {
    var scanner: JSONScanner
    /// Fields of the wrong kind or outside their range, and elements that nothing can be made of.
    private(set) var rejected = 0

    /// Texts are cut to so many Unicode scalars: they end up in labels.
    static let textLimit = 256

    init(_ bytes: UnsafeRawBufferPointer) {
        scanner = JSONScanner(bytes)
    }

    mutating func reject() {
        rejected += 1
    }

    /// Counts an element that nothing can be made of, unless a field in it was counted since `before`.
    mutating func reject(unlessSince before: Int) {
        if rejected == before { reject() }
    }

    /// Takes back what was counted since `before`: it is counted elsewhere, or does not count.
    mutating func pardon(since before: Int) {
        rejected = before
    }

    /// What became of a value that was read.
    enum Reading<Value> {
        /// `null`, or of the wrong kind: what was known stays.
        case nothing
        /// Outside its range: what was known goes.
        case unusable
        case value(Value)

        func store(in target: inout Value?) {
            switch self {
            case .nothing: return
            case .unusable: target = nil
            case .value(let value): target = value
            }
        }
    }

    mutating func number(in range: ClosedRange<Double>) throws -> Reading<Double> {
        // Nearly all are in digits.
        if let number = try scanner.number() { return judge(number, range) }
        if let text = try scanner.text() { return judge(text, range) }
        switch try scanner.scalar() {
        case .null: return .nothing
        // NaN and infinity are numbers, and in no range.
        case .number(let number): return judge(number, range)
        case let scalar:
            guard let number = scalar.number else {
                reject()
                return .nothing
            }
            return judge(number, range)
        }
    }

    private mutating func judge(_ number: Double, _ range: ClosedRange<Double>) -> Reading<Double> {
        guard range.contains(number) else {
            reject()
            return .unusable
        }
        return .value(number)
    }

    private mutating func judge(_ text: Text, _ range: ClosedRange<Double>) -> Reading<Double> {
        guard let number = text.number, number.isFinite else {
            reject()
            return .nothing
        }
        return judge(number, range)
    }

    /// A number of which 0 and "" mean that there is none.
    mutating func positive(in range: ClosedRange<Double>, into target: inout Double?) throws {
        if let number = try scanner.number() {
            judge(number, range).store(in: &target)
        } else if let text = try scanner.text() {
            if text.isEmpty { return }
            judge(text, range).store(in: &target)
        } else {
            try number(in: range, into: &target)
        }
        if target == 0 { target = nil }
    }

    mutating func number(in range: ClosedRange<Double>, into target: inout Double?) throws {
        try number(in: range).store(in: &target)
    }

    /// A whole number; a fraction is cut off.
    mutating func integer(in range: ClosedRange<Int>) throws -> Reading<Int> {
        if let integer = try scanner.integer() {
            if range.contains(integer) { return .value(integer) }
            reject()
            return .unusable
        }
        switch try number(in: Double(range.lowerBound)...Double(range.upperBound)) {
        case .nothing: return .nothing
        case .unusable: return .unusable
        case .value(let number): return Int(exactly: number.rounded(.towardZero)).map { .value($0) } ?? .unusable
        }
    }

    mutating func integer(in range: ClosedRange<Int>, into target: inout Int?) throws {
        try integer(in: range).store(in: &target)
    }

    /// A 32-bit pattern, which some firmwares write as a signed number.
    mutating func bits(into target: inout UInt32?) throws {
        switch try integer(in: Int(Int32.min)...Int(UInt32.max)) {
        case .nothing: return
        case .unusable: target = nil
        case .value(let value): target = UInt32(truncatingIfNeeded: value)
        }
    }

    /// A hexadecimal string, of which the low 64 bits are kept.
    mutating func hexadecimal(into target: inout UInt64?) throws {
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        guard let value = text.hexadecimal else { return reject() }
        target = value
    }

    /// A flag, also where it is written as 0 and 1 or as a string of them.
    mutating func flag(into target: inout Bool?) throws {
        switch try scanner.scalar() {
        case .null: return
        case .bool(let flag): target = flag
        case .string(let text) where text.equals("true"): target = true
        case .string(let text) where text.equals("false"): target = false
        case let scalar:
            switch scalar.integer {
            case 0: target = false
            case 1: target = true
            default: reject()
            }
        }
    }

    /// A text, cut to `textLimit`, with control characters but line feeds replaced. Bytes that are not UTF-8 are replaced
    /// too, and not counted: the field is used, and an A1 mini on 01.07 sends such names with every report.
    mutating func text(into target: inout String) throws {
        if let text = try scanner.shortText() {
            target = text
            return
        }
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        if !text.equals(target) { target = readable(text) }
    }

    /// A text as above; `nil` stays where there is none.
    mutating func text(into target: inout String?) throws {
        if let text = try scanner.shortText() {
            target = text
            return
        }
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        if let target, text.equals(target) { return }
        target = readable(text)
    }

    /// A colour, `RRGGBBAA`; "" is no news.
    mutating func color(into target: inout String) throws {
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        if text.isEmpty || text.equals(target) { return }
        guard text.count == 8, text.hexadecimal != nil else { return reject() }
        target = text.decoded
    }

    /// A text of which nothing counts but whether it changes: a number that stands for it; 0 for "" and for zeros alone,
    /// which stand for no tag.
    mutating func fingerprint(into target: inout UInt64) throws {
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        target = text.isZeros ? 0 : text.fingerprint
    }

    /// A text, also where it is written as a number: some ids, and the diameter of a nozzle, are either.
    mutating func textOrNumber(into target: inout String?) throws {
        guard try scanner.peek() == .number else { return try text(into: &target) }
        let reading = try number(in: -1e15...1e15)
        if case .value(let number) = reading { target = Int(exactly: number).map(String.init) ?? "\(number)" }
    }

    /// Passes over a value that should have been a string.
    private mutating func rejectUnlessNull() throws {
        if case .null = try scanner.scalar() { return }
        reject()
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

    /// Hands each key of an object to `member`, which reads or skips the value. Returns whether it was an object.
    @discardableResult
    mutating func object(
        _ member: (inout FieldReader, Text) throws -> Void
    ) throws -> Bool {
        guard try enterObject() else { return false }
        while let key = try scanner.nextKey() { try member(&self, key) }
        return true
    }

    /// Begins an object. If the next value is none, it is skipped, and counted unless it is `null`.
    mutating func enterObject() throws -> Bool {
        if try scanner.openObject() { return true }
        try pass()
        return false
    }

    /// Calls `element` before each element of an array, to read or skip it. Returns whether it was an array.
    @discardableResult
    mutating func array(_ element: (inout FieldReader) throws -> Void) throws -> Bool {
        guard try scanner.openArray() else {
            try pass()
            return false
        }
        while try scanner.nextElement() { try element(&self) }
        return true
    }

    /// Passes over a value that should have been an object or array; it is counted unless it is `null`.
    private mutating func pass() throws {
        if try scanner.peek() != .null { reject() }
        try scanner.skip()
    }
}
