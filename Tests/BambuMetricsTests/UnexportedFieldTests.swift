import BambuProtocol
import Foundation
import Testing

@testable import BambuMetrics

/// The fields of messages, and whether they are read.
private struct Census {
    private var found: Set<String> = []
    private var read: Set<String> = []

    /// Fields that are neither read nor listed as unexported.
    var unexplained: [String] {
        found.filter { field in !read.contains { $0 == field || $0.hasPrefix("\(field).") } }.sorted()
    }

    /// Adds the fields of a message that earlier messages have not explained.
    ///
    /// A field is read if replacing its value by an object changes the result.
    mutating func record(_ message: [UInt8]) throws {
        let tree = try JSONSerialization.jsonObject(with: Data(message))
        let whole = outcome(of: message)
        for path in Tree.leaves(tree) {
            let field = Self.name(of: path)
            if read.contains(field) || UnexportedField.all.contains(where: { $0.covers(field) }) { continue }
            found.insert(field)
            let changed = try JSONSerialization.data(
                withJSONObject: Tree.replacing(tree, path[...], with: [String: Any]()))
            if outcome(of: Array(changed)) != whole { read.insert(field) }
        }
    }

    private struct Outcome: Equatable {
        let state: PrinterState?
        let firmware: Firmware
        let rejectedFields: Int
    }

    private func outcome(of message: [UInt8]) -> Outcome {
        var printer = Printer(serial: "")
        _ = printer.apply(message, at: 1)
        return Outcome(state: printer.state, firmware: printer.firmware, rejectedFields: printer.rejectedFields)
    }

    /// Returns the path in the notation of `UnexportedField`.
    private static func name(of path: Path) -> String {
        var name = ""
        for step in path {
            switch step {
            case .key(let key): name += name.isEmpty ? key : ".\(key)"
            case .index: name += "[]"
            }
        }
        if name.hasPrefix("print.") { name.removeFirst("print.".count) }
        for spool in ["ams.ams[].tray[].", "vt_tray.", "vir_slot[]."] where name.hasPrefix(spool) {
            return "tray." + name.dropFirst(spool.count)
        }
        return name
    }
}

@Suite("Unexported fields")
struct OmissionTests {
    @Test func `every field of a fixture is read or listed as unexported`() throws {
        var census = Census()
        // The hostile fixture contains fields that no printer sends.
        for fixture in Fixture.all where !fixture.name.contains("hostile") {
            for message in try fixture.messages() { try census.record(message) }
        }
        #expect(census.unexplained == [])
    }

    @Test(.enabled(if: Recordings.arePresent, "no recordings beside this checkout"))
    func `every field of a recording is read or listed as unexported`() throws {
        var census = Census()
        for name in Recordings.files {
            for (_, bytes) in try Recordings.messages(name) { try census.record(bytes) }
        }
        // `_redacted` replaces addresses that were removed from a recording.
        #expect(census.unexplained.filter { $0 != "net._redacted" } == [])
    }

    @Test(arguments: [
        ("bed_temper", []), ("news", ["news"]), ("queue_number", []), ("queue_numbers", ["queue_numbers"]),
    ])
    func `a field that is neither read nor listed is found`(key: String, unexplained: [String]) throws {
        var census = Census()
        try census.record(Array(#"{"print":{"\#(key)":1}}"#.utf8))
        #expect(census.unexplained == unexplained)
    }

    @Test(
        arguments: [
            ("stg", true), ("stg[]", true), ("stg_cur", false), ("job.stage[].type", true), ("hms[].ts_unix", true),
            ("hms[].attr", false), ("tray.k", true), ("upgrade_state.new_version_state", false),
        ] as [(String, Bool)])
    func `a listed field covers the fields below it`(path: String, isLeftOut: Bool) {
        #expect(UnexportedField.all.contains { $0.covers(path) } == isLeftOut)
    }

    @Test func `every unexported field is listed once`() {
        let fields = UnexportedField.all.flatMap(\.fields)
        // `xcam` is both a part of reports and the section of answers to commands.
        #expect(fields.filter { field in fields.count { $0 == field } > 1 } == ["xcam", "xcam"])
    }
}
