import Foundation
import Testing

@testable import JSONScanning

/// A JSON tree, built from the scanner or from Foundation. Only tests build trees.
indirect enum Tree: Equatable {
    case null, bool(Bool), number(Double), string(String), array([Tree]), object([String: Tree])

    init(scanning text: [UInt8], depthLimit: Int = 64) throws {
        self = try text.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes, depthLimit: depthLimit)
            let tree = try Tree(&scanner)
            try scanner.end()
            return tree
        }
    }

    init(_ scanner: inout JSONScanner) throws {
        switch try scanner.peek() {
        case .object:
            var members: [String: Tree] = [:]
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                let name = key.decoded
                members[name] = try Tree(&scanner)
            }
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
        // Parsed from its text: Foundation's `doubleValue` of a decimal number is sometimes off by a bit.
        case let number as NSNumber: self = .number(Double(number.stringValue) ?? number.doubleValue)
        default: self = .null
        }
    }
}

private func scan<Result>(_ text: String, _ body: (inout JSONScanner) throws -> Result) throws -> Result {
    try Array(text.utf8).withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws -> Result in
        var scanner = JSONScanner(bytes)
        return try body(&scanner)
    }
}

@Suite("JSONScanner")
struct ScannerTests {
    @Test(
        arguments: [
            "{}", "[]", "0", "-1.5e3", "\"\"", "null", "[true,false,null]", " { \"a\" : [ 1 , 2.25 ] } ",
            #"{"a":{"b":{"c":"d\u00e9\n\\\"\/"}}}"#, #"["\ud83d\ude00", "ä€😀", "\u0041"]"#,
            "[123456789012345678901234567890, 0.1, 1e-7, 229.9375, -0.0]", #"{"\u0070rint":1}"#,
            "[0.4000000059604645, 3932208, 1E5, 1e+2, 123456.789]",
            "[[[[[[[[[[1]]]]]]]]]]", "\n\t[\r\n1\n]\n",
        ])
    func `valid JSON is read as Foundation reads it`(text: String) throws {
        let oracle = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        #expect(try Tree(scanning: Array(text.utf8)) == Tree(oracle))
    }

    @Test(
        arguments: [
            "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "-",
            "1.",
            ".5", "1e", "+1", "tru", "nul", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "[1 2]", "{\"a\":1 \"b\":2}", "]",
            "}",
            "[}", "{]", "1 2", "{}{}", "NULL", "--1", "'a'",
        ])
    func `text that is not JSON is rejected`(text: String) {
        #expect(throws: ScanError.self) { try Tree(scanning: Array(text.utf8)) }
    }

    @Test func `a report cut at any byte is rejected`() throws {
        let text = Array(#"{"print":{"nozzle_temper":21.5,"a":[1,{"b":"\u00e9x"}],"c":true,"d":null,"e":-1e3}}"#.utf8)
        _ = try Tree(scanning: text)
        for end in 0..<text.count {
            #expect(throws: ScanError.self) { try Tree(scanning: Array(text[..<end])) }
        }
    }

    @Test func `bytes that are not UTF-8 are replaced inside strings`() throws {
        let text = Array("{\"a\":\"x".utf8) + [0xFF, 0xC3] + Array("y\",\"b\":2}".utf8)
        let tree = try Tree(scanning: text)
        guard case .object(let members) = tree, case .string(let name) = members["a"] else {
            Issue.record("\(tree)")
            return
        }
        #expect(name.hasPrefix("x\u{FFFD}") && name.hasSuffix("y"))
        #expect(members["b"] == .number(2))
    }

    @Test func `control characters inside strings are accepted`() throws {
        #expect(try Tree(scanning: Array("\"a\tb\nc\"".utf8)) == .string("a\tb\nc"))
    }

    @Test(arguments: ["NaN", "nan", "Infinity", "-Infinity", "inf"])
    func `NaN and Infinity are accepted without a number`(text: String) throws {
        #expect(try scan(text) { try $0.scalar().number } == nil)
    }

    @Test func `only nesting beyond the limit is rejected`() {
        let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: ScanError.self) { try Tree(scanning: bomb) }
        let closed =
            [UInt8](repeating: UInt8(ascii: "["), count: 65) + [UInt8](repeating: UInt8(ascii: "]"), count: 65)
        #expect(throws: ScanError.self) {
            try scan(String(decoding: closed, as: UTF8.self)) { try $0.skip() }
        }
        #expect(throws: Never.self) { try Tree(scanning: closed, depthLimit: 65) }
    }

    @Test(arguments: [
        ("24.5", 24.5), ("\"24.5\"", 24.5), ("\"-3\"", -3), ("true", 1), ("false", 0), ("1e300", 1e300),
    ])
    func `a number is read from numbers, numeric strings and flags`(text: String, number: Double) throws {
        #expect(try scan(text) { try $0.scalar().number } == number)
    }

    @Test(arguments: ["\"\"", "\"12a\"", "\" 1\"", "null", "[]", "{}", "1e999", "\"nan\"", "\"0x10\""])
    func `a value that is not a number has no number`(text: String) throws {
        #expect(try scan(text) { try $0.scalar().number } == nil)
    }

    @Test(arguments: [1e300, 9.3e18, -9.3e18])
    func `an integer beyond 64 bits is absent`(number: Double) {
        #expect(Scalar.number(number).integer == nil)
    }

    @Test func `hexadecimal digits beyond 64 bits keep the low ones`() throws {
        let value = try scan("\"1234567890ABCDEF01234\"") { scanner -> UInt64? in
            guard case .string(let text) = try scanner.scalar() else { return nil }
            return text.hexadecimal
        }
        #expect(value == 0x6789_0ABC_DEF0_1234)
    }
}

private enum Fruit: String, CaseIterable {
    case apple, pear, grapefruit, bloodOrange = "blood_orange", bloodOranges = "blood_oranges", a, ab, abc
}

@Suite("KeyTable")
struct KeyTableTests {
    @Test func `a table finds its names and no others`() throws {
        let table = KeyTable<Fruit>()
        func find(_ key: String) throws -> Fruit? {
            try scan("{\"\(key)\":1}") { scanner in
                try scanner.beginObject()
                return try table.next(&scanner)
            }
        }
        for fruit in Fruit.allCases { #expect(try find(fruit.rawValue) == fruit) }
        for other in ["", "b", "abcd", "appl", "apples", "blood_orang", "Blood_orange", "xpple"] {
            #expect(try find(other) == nil)
        }
    }
}
