import JSONScanning

/// Reads the values of a report one by one, and counts those that it cannot use.
///
/// Every method reads exactly one value of any kind.
///
/// - `null` changes nothing and is not counted.
/// - A value of the wrong kind is counted, and the known value is kept.
/// - A value outside its range is counted, and the known value is dropped, because the printer has replaced it by one
///   that cannot be used.
package struct FieldReader {
    var scanner: JSONScanner
    /// Fields of the wrong kind or outside their range, and elements that cannot be used.
    private(set) var rejected = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        scanner = JSONScanner(bytes)
    }

    mutating func reject() {
        rejected += 1
    }

    /// Counts an element that cannot be used, unless one of its fields was counted since `before`.
    mutating func reject(unlessSince before: Int) {
        if rejected == before { reject() }
    }

    /// Restores the count to `before`, if what was counted since then is counted elsewhere or does not matter.
    mutating func restoreRejected(_ before: Int) {
        rejected = before
    }

    /// The result of reading a value.
    enum Reading<Value> {
        /// `null`, or a value of the wrong kind: the known value is kept.
        case nothing
        /// A value outside its range: the known value is dropped.
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
        // Nearly all numbers are written in digits.
        if let number = try scanner.number() { return check(number, range) }
        if let text = try scanner.text() { return check(text, range) }
        switch try scanner.scalar() {
        case .null: return .nothing
        // NaN and infinity are numbers outside every range.
        case .number(let number): return check(number, range)
        case let scalar:
            guard let number = scalar.number else {
                reject()
                return .nothing
            }
            return check(number, range)
        }
    }

    private mutating func check(_ number: Double, _ range: ClosedRange<Double>) -> Reading<Double> {
        guard range.contains(number) else {
            reject()
            return .unusable
        }
        return .value(number)
    }

    private mutating func check(_ text: Text, _ range: ClosedRange<Double>) -> Reading<Double> {
        guard let number = text.number, number.isFinite else {
            reject()
            return .nothing
        }
        return check(number, range)
    }

    /// Reads a number; 0 and "" mean that it is absent.
    mutating func positive(in range: ClosedRange<Double>, into target: inout Double?) throws {
        if let number = try scanner.number() {
            check(number, range).store(in: &target)
        } else if let text = try scanner.text() {
            if text.isEmpty { return }
            check(text, range).store(in: &target)
        } else {
            try number(in: range, into: &target)
        }
        if target == 0 { target = nil }
    }

    mutating func number(in range: ClosedRange<Double>, into target: inout Double?) throws {
        try number(in: range).store(in: &target)
    }

    /// Reads an integer. A fraction is cut off.
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

    /// Reads a 32-bit pattern, which some firmware writes as a signed number.
    mutating func bits(into target: inout UInt32?) throws {
        switch try integer(in: Int(Int32.min)...Int(UInt32.max)) {
        case .nothing: return
        case .unusable: target = nil
        case .value(let value): target = UInt32(truncatingIfNeeded: value)
        }
    }

    /// Reads a hexadecimal string and keeps its low 64 bits.
    mutating func hexadecimal(into target: inout UInt64?) throws {
        guard let text = try scanner.text() else { return try rejectUnlessNull() }
        guard let value = text.hexadecimal else { return reject() }
        target = value
    }

    /// Reads a flag, which may also be written as 0 and 1, as numbers or strings.
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

    /// Skips a value that should be a string, and counts it unless it is `null`.
    mutating func rejectUnlessNull() throws {
        if case .null = try scanner.scalar() { return }
        reject()
    }

    /// Reads an object and calls `member` for each key, to read or skip the value.
    ///
    /// - Returns: whether the value was an object.
    @discardableResult
    mutating func object(
        _ member: (inout FieldReader, Text) throws -> Void
    ) throws -> Bool {
        guard try enterObject() else { return false }
        while let key = try scanner.nextKey() { try member(&self, key) }
        return true
    }

    /// Begins an object. If the next value is not an object, it is skipped, and counted unless it is `null`.
    ///
    /// - Returns: whether the value is an object.
    mutating func enterObject() throws -> Bool {
        if try scanner.openObject() { return true }
        try pass()
        return false
    }

    /// Reads an array and calls `element` before each element, to read or skip it.
    ///
    /// - Returns: whether the value was an array.
    @discardableResult
    mutating func array(_ element: (inout FieldReader) throws -> Void) throws -> Bool {
        guard try scanner.openArray() else {
            try pass()
            return false
        }
        while try scanner.nextElement() { try element(&self) }
        return true
    }

    /// Skips a value that should be an object or array, and counts it unless it is `null`.
    private mutating func pass() throws {
        if try scanner.peek() != .null { reject() }
        try scanner.skip()
    }
}
