import TestSupport
import Testing

@testable import OpenMetrics

@Suite("Schema")
struct SchemaTests {
    private let schema = Schema([
        Descriptor("room_temperature_celsius", .gauge, "How \"warm\" \\ it is."),
        Descriptor("doors_total", .counter, "Doors."),
        Descriptor("spare", .gauge, "Never there."),
        Descriptor("used_grams_total", .counter, "Grams.", labels: ["type"]),
    ])

    /// A block with these samples of each family.
    private func block(_ samples: [[Double]]) -> SampleBlock {
        var writer = SampleWriter()
        var ends: [Int] = []
        for (descriptor, values) in zip(schema.descriptors, samples) {
            for value in values {
                writer.sample(MetricName(descriptor.name), UnsafeRawBufferPointer(start: nil, count: 0), value)
            }
            ends.append(writer.count)
        }
        return SampleBlock(writer, ends: ends)
    }

    private func text(_ format: ExpositionFormat, _ blocks: [SampleBlock]) -> String {
        var body: [UInt8] = []
        schema.assemble(blocks, in: format, into: &body)
        Schema.finish(&body, in: format)
        return String(decoding: body, as: UTF8.self)
    }

    @Test func `OpenMetrics has TYPE, UNIT, HELP, EOF and stripped _total`() {
        let blocks = [block([[20.5], [], [], [3]]), block([[21], [2], [], []])]
        #expect(
            text(.openMetrics, blocks) == #"""
                # TYPE room_temperature_celsius gauge
                # UNIT room_temperature_celsius celsius
                # HELP room_temperature_celsius How \"warm\" \\ it is.
                room_temperature_celsius 20.5
                room_temperature_celsius 21
                # TYPE doors counter
                # HELP doors Doors.
                doors_total 2
                # TYPE used_grams counter
                # UNIT used_grams grams
                # HELP used_grams Grams.
                used_grams_total 3
                # EOF

                """#)
    }

    @Test func `the text format has HELP and TYPE with the sample's name`() {
        #expect(
            text(.text, [block([[20.5], [2], [], []])]) == #"""
                # HELP room_temperature_celsius How "warm" \\ it is.
                # TYPE room_temperature_celsius gauge
                room_temperature_celsius 20.5
                # HELP doors_total Doors.
                # TYPE doors_total counter
                doors_total 2

                """#)
    }

    @Test func `an exposition without samples has only its end`() {
        #expect(text(.openMetrics, []) == "# EOF\n")
        #expect(text(.text, [block([[], [], [], []])]) == "")
    }

    @Test func `samples are identical in both formats`() {
        let blocks = [block([[20.5], [1, 2], [], [3]]), block([[21], [2], [7], []])]
        func samples(_ format: ExpositionFormat) -> [Substring] {
            text(format, blocks).split(separator: "\n").filter { !$0.hasPrefix("#") }
        }
        #expect(samples(.text) == samples(.openMetrics))
    }

    @Test func `a block counts its samples`() {
        #expect(block([[1, 2], [.nan], [3], []]).sampleCount == 3)
    }

    @Test(
        arguments: [
            ("a_seconds", .gauge, "seconds"), ("a_seconds_total", .counter, "seconds"), ("a_info", .gauge, nil),
            ("a_percent", .gauge, "percent"),
            ("seconds", .gauge, nil), ("a_wifi_dbm", .gauge, "dbm"), ("a_bytes_total", .counter, "bytes"),
            ("a_total", .counter, nil),
        ] as [(String, Descriptor.Kind, String?)])
    func `the unit is the end of the name`(name: String, kind: Descriptor.Kind, unit: String?) {
        #expect(Descriptor(name, kind, "A.").unit == unit)
    }
}

@Suite("Lint")
struct LintTests {
    @Test(arguments: [
        Descriptor("a_total", .gauge, "A."), Descriptor("a", .counter, "A."), Descriptor("A", .gauge, "A."),
        Descriptor("a", .gauge, "A"),
        Descriptor("a", .gauge, "a."), Descriptor("a", .gauge, ""), Descriptor("a", .gauge, "A\nb."),
        Descriptor("a:b", .gauge, "A."),
        Descriptor("a_minutes", .gauge, "A."), Descriptor("a_gauge", .gauge, "A."),
        Descriptor("a", .gauge, "A.", labels: ["job"]),
        Descriptor("a", .gauge, "A.", labels: ["severity"]), Descriptor("a", .gauge, "A.", labels: ["x", "x"]),
        Descriptor("a", .gauge, "A.", labels: ["X"]),
    ])
    func `reports invalid metrics`(metric: Descriptor) {
        #expect(Lint.findings(on: metric).count >= 1)
    }

    @Test func `accepts a valid metric`() {
        #expect(Lint.findings(on: Descriptor("a_seconds_total", .counter, "A good one.", labels: ["reason"])).isEmpty)
    }
}
