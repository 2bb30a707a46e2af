// Rules for the JSON scanner and the report parser, for any bytes: they do not crash, the scanner reads the same values
// as Foundation, skipping accepts the same bytes as reading, and rejected bytes do not change a printer.

import Foundation

@testable import BambuProtocol
@testable import JSONScanning

/// A JSON value, from the scanner or from Foundation.
private indirect enum Tree: Equatable {
    case null, bool(Bool), number(Double), string(String), array([Tree]), object([String: Tree])

    init(_ scanner: inout JSONScanner) throws {
        switch try scanner.peek() {
        case .object:
            var members: [String: Tree] = [:]
            try scanner.beginObject()
            while let key = try scanner.nextKey() { members[key.decoded] = try Tree(&scanner) }
            self = .object(members)
        case .array:
            var elements: [Tree] = []
            try scanner.beginArray()
            while try scanner.nextElement() { elements.append(try Tree(&scanner)) }
            self = .array(elements)
        default:
            switch try scanner.scalar() {
            case .null, .container: self = .null
            case .bool(let flag): self = .bool(flag)
            case .number(let number): self = .number(number)
            case .string(let text): self = .string(text.decoded)
            }
        }
    }

    init(_ value: Any) {
        switch value {
        case let object as [String: Any]: self = .object(object.mapValues(Tree.init))
        case let array as [Any]: self = .array(array.map(Tree.init))
        case let string as String: self = .string(string)
        case let flag as NSNumber where String(cString: flag.objCType) == "c": self = .bool(flag.boolValue)
        // Convert the text: Foundation's `doubleValue` of a decimal number is sometimes off by one bit.
        case let number as NSNumber: self = .number(Double(number.stringValue) ?? number.doubleValue)
        default: self = .null
        }
    }

    /// Whether both values are the same. Foundation's decimal numbers keep 38 digits, and no sign of zero.
    func agrees(_ other: Tree) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)):
            left == right || abs(left - right) <= abs(right) * 1e-14 || !left.isFinite || abs(left) < 1e-100
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.agrees($1) }
        case (.object(let left), .object(let right)):
            left.count == right.count && left.allSatisfy { key, value in right[key].map(value.agrees) == true }
        default: self == other
        }
    }
}

private func scan<Result>(_ bytes: UnsafeRawBufferPointer, _ body: (inout JSONScanner) throws -> Result) -> Result? {
    var scanner = JSONScanner(bytes)
    guard let result = try? body(&scanner), (try? scanner.end()) != nil else { return nil }
    return result
}

/// Whether Foundation and the scanner must agree. Foundation also reads UTF-16 and UTF-32, skips a byte order mark,
/// keeps an arbitrary one of two equal keys, permits deeper nesting, and accepts a comma after the last member of an
/// object.
private func isComparable(_ bytes: UnsafeRawBufferPointer) -> Bool {
    !bytes.prefix(4).contains(0) && !bytes.starts(with: [0xEF, 0xBB, 0xBF]) && !bytes.starts(with: [0xFE, 0xFF])
        && !bytes.starts(with: [0xFF, 0xFE]) && !hasTrailingComma(bytes)
        && bytes.count(where: { $0 == 0x5B || $0 == 0x7B }) <= 64
}

private func hasTrailingComma(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let dense = bytes.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return zip(dense, dense.dropFirst()).contains { $0 == UInt8(ascii: ",") && ($1 | 0x20) == UInt8(ascii: "}") }
}

private func compare(_ bytes: UnsafeRawBufferPointer) {
    let tree = scan(bytes) { try Tree(&$0) }
    let isSkipped = scan(bytes) { try $0.skip() } != nil
    check(isSkipped == (tree != nil), "skipping and reading differ")
    guard isComparable(bytes), bytes.count > 0,
        let oracle = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    else { return }
    guard let tree else { fatalError("Foundation reads bytes that the scanner rejects") }
    check(tree.agrees(Tree(oracle)), "the scanner reads \(tree), Foundation \(Tree(oracle))")
}

private func apply(_ bytes: UnsafeRawBufferPointer) {
    var printer = Printer(serial: "09400A000000001")
    for message in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        let before = printer.state
        let outcome = printer.apply(UnsafeRawBufferPointer(rebasing: message), at: 1)
        if outcome.rejection != nil { check(printer.state == before, "a rejected message changed the printer") }
    }
    check(printer.rejectedFields >= 0 && printer.ams.units.count <= 12, "too many AMS units")
    check(
        (printer.state?.hms ?? []).count <= 256 && (printer.state?.lights ?? []).count <= 8,
        "too many HMS entries or lights")
    check(printer.firmware.modules.count <= 64, "too many firmware modules")
}

extension Printer {
    fileprivate var ams: AMS { state?.ams ?? AMS() }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    compare(bytes)
    apply(bytes)
    return 0
}
