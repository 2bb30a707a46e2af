import TestSupport
import Testing

@testable import OpenMetrics

private func line(_ value: Double, labels: LabelSet = LabelSet()) -> String {
    var writer = SampleWriter(capacity: 1)
    labels.bytes.withUnsafeBytes { writer.sample(MetricName("m"), $0, value) }
    return String(decoding: writer.finish(), as: UTF8.self)
}

@Suite("SampleWriter")
struct WriterTests {
    @Test(
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (42, "42"), (1_700_000_000, "1700000000"), (0.1, "0.1"),
            (-41.5, "-41.5"), (9_007_199_254_740_991, "9007199254740991"), (1e21, "1e+21"),
            (.leastNonzeroMagnitude, "5e-324"),
            (0.1 + 0.2, "0.30000000000000004"), (1e-7, "1e-07"), (100, "100"), (-9_999_999, "-9999999"),
            (99.99, "99.99"),
        ] as [(Double, String)])
    func `writes the shortest text that parses to the same number`(value: Double, text: String) {
        #expect(line(value) == "m \(text)\n")
        #expect(Double(text) == value)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `omits values that are not finite`(value: Double) {
        #expect(line(value) == "")
    }

    @Test func `every written number parses to the same value`() {
        var random = Seeded(44)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(Double(line(value).dropFirst(2).dropLast()) == value)
        }
    }

    @Test func `a decimal fraction has the digits of Swift's own description`() {
        var random = Seeded(45)
        for places in [10.0, 100, 1000, 10_000] {
            for _ in 0..<5000 {
                let limit = repeatElement(10, count: Int.random(in: 1...14, using: &random)).reduce(1, *)
                let value = Double(Int.random(in: -limit...limit, using: &random)) / places
                let whole = Int(exactly: value).map(String.init)
                #expect(line(value).dropFirst(2).dropLast() == whole ?? value.description)
            }
        }
    }

    @Test func `samples are complete after the buffer grows`() {
        var writer = SampleWriter(capacity: 1)
        let labels = LabelSet(["a": String(repeating: "ä", count: 300)])
        for number in 0..<1000 { labels.bytes.withUnsafeBytes { writer.sample(MetricName("m"), $0, Double(number)) } }
        let lines = String(decoding: writer.finish(), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 1000)
        #expect(
            lines.enumerated().allSatisfy { $0.element.hasSuffix("\"} \($0.offset)") && $0.element.utf8.count < 640 })
    }
}

@Suite("Labels")
struct LabelTests {
    @Test func `labels are written in order and escaped`() {
        let labels = LabelSet(["a": "x\\y\"z\nw", "b": ""])
        #expect(line(1, labels: labels) == #"m{a="x\\y\"z\nw",b=""} 1"# + "\n")
    }

    @Test func `every written text parses to the same value`() {
        var random = Seeded(44)
        let planes: [ClosedRange<UInt32>] = [
            0...0x7F, 0...0x7FF, 0x800...0xFFFF, 0x10000...0x10FFFF, 0xE0000...0xE007F,
        ]
        for _ in 0..<5000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let number = UInt32.random(in: planes[Int.random(in: 0..<planes.count, using: &random)], using: &random)
                let odd: [Unicode.Scalar] = ["\\", "\"", "\n", "n", "\r", "{", "}", ",", "="]
                let isOdd = Bool.random(using: &random)
                scalars.append(
                    isOdd ? odd[Int.random(in: 0..<odd.count, using: &random)] : Unicode.Scalar(number) ?? "?")
            }
            let written = line(1, labels: LabelSet(["a": String(scalars)]))
            #expect(written.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
            #expect(unescape(written.unicodeScalars).map { Array($0) } == Array(scalars))
        }
    }

    /// The value of the only label, parsed according to the specification; `nil` unless a quote and a brace follow it.
    private func unescape(_ line: String.UnicodeScalarView) -> String.UnicodeScalarView? {
        var value = String.UnicodeScalarView()
        var rest = line.dropFirst("m{a=\"".unicodeScalars.count)
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return String(String.UnicodeScalarView(rest)) == "} 1\n" ? value : nil }
            guard scalar == "\\" else {
                value.append(scalar)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            value.append(escaped == "n" ? "\n" : escaped)
        }
        return nil
    }
}
