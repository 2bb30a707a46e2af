import Glibc
import Testing

@testable import Simulator

@Suite struct RecordingTests {
    private func recording(_ text: String) throws -> Recording {
        let directory = try WorkDirectory.temporary()
        defer { directory.remove() }
        return try Recording(file: try directory.write(Array(text.utf8), to: "recording"))
    }

    private static let message = #"{"print":{"command":"push_status","msg":0,"subtask_name":"a, } \" ] b"}}"#
    private static let delta = #"{"print":{"command":"push_status","msg":1,"mc_percent":7}}"#

    @Test(arguments: [
        (message + "\n" + delta + "\n", [0.0, 1.0]),
        ("[\(message),\n \(delta)]", [0, 1]),
        (
            #"[{"t":"2026-03-01 10:00:00","msg":\#(message)},{"t":"2026-03-01 10:00:32","msg":\#(delta)}]"#, [0, 32]
        ),
        (#"{"t":10,"msg":\#(message)}"# + "\n" + #"{"t":12.5,"msg":\#(delta)}"#, [0, 2.5]),
        (#"[{"t_ms":1500,"payload":\#(message)},{"t_ms":4000,"payload":\#(delta)}]"#, [0, 2.5]),
    ])
    func `every recording format is read with messages and times`(text: String, times: [Double]) throws {
        let recording = try recording(text)
        #expect(recording.entries.map(\.at) == times)
        #expect(recording.entries.map { String(decoding: $0.payload, as: UTF8.self) } == [Self.message, Self.delta])
        #expect(recording.fullReport(before: 1) == Array(Self.message.utf8))
    }

    @Test func `a report over several lines is one message`() throws {
        let recording = try recording("{\n \"print\": {\n  \"command\": \"push_status\"\n }\n}\n")
        #expect(recording.entries.count == 1)
        #expect(recording.fullReport(before: 0) == nil)
    }

    @Test(arguments: ["", "text", "[]", "{", "17"])
    func `a file without reports is rejected by name`(text: String) {
        let error = #expect(throws: SimulatorError.self) { try recording(text) }
        #expect(error?.description.contains("recording") == true)
    }

    @Test func `times that run backwards or out of range stay in order`() throws {
        let recording = try recording(
            #"[{"t":50,"msg":{"a":1}},{"t":10,"msg":{"a":2}},{"t":1e300,"msg":{"a":3}},{"t":"x","msg":{"a":4}}]"#)
        #expect(recording.entries.count == 4)
        #expect(zip(recording.entries, recording.entries.dropFirst()).allSatisfy { $0.at <= $1.at && $1.at < 1e9 })
    }
}
