import BambuProtocol
import Foundation
import Testing

@testable import BambuMetrics

/// The fields of messages, and which of them are read.
private struct Census {
    private var found: Set<String> = []
    private var read: Set<String> = []

    /// Fields of which nothing is read, and which are not left out with a reason either.
    var unexplained: [String] {
        found.filter { field in !read.contains { $0 == field || $0.hasPrefix("\(field).") } }.sorted()
    }

    /// Looks at the fields of a message that were not explained by one before.
    ///
    /// A field is read where it makes a difference when something else, an object, stands in its place.
    mutating func take(_ message: [UInt8]) throws {
        let tree = try JSONSerialization.jsonObject(with: Data(message))
        let whole = outcome(of: message)
        for path in Tree.leaves(tree) {
            let field = Self.name(of: path)
            if read.contains(field) || UnexportedField.all.contains(where: { $0.covers(field) }) { continue }
            found.insert(field)
            let spoilt = try JSONSerialization.data(
                withJSONObject: Tree.replacing(tree, path[...], with: [String: Any]()))
            if outcome(of: Array(spoilt)) != whole { read.insert(field) }
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

    /// The field's path as `UnexportedField` writes it.
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

@Suite("Omissions")
struct OmissionTests {
    @Test func `every field of a fixture is read, or left out with a reason`() throws {
        var census = Census()
        // The hostile one is made of what no printer says.
        for fixture in Fixture.all where !fixture.name.contains("hostile") {
            for message in try fixture.messages() { try census.take(message) }
        }
        #expect(census.unexplained == [])
    }

    @Test(.enabled(if: Recordings.arePresent, "no recordings lie beside this checkout"))
    func `every field of a recording is read, or left out with a reason`() throws {
        var census = Census()
        for name in Recordings.files {
            for (_, bytes) in try Recordings.messages(name) { try census.take(bytes) }
        }
        // The mark of somebody who took the address out.
        #expect(census.unexplained.filter { $0 != "net._redacted" } == [])
    }

    @Test(arguments: [
        ("bed_temper", []), ("news", ["news"]), ("queue_number", []), ("queue_numbers", ["queue_numbers"]),
    ])
    func `a field that is neither is found`(key: String, unexplained: [String]) throws {
        var census = Census()
        try census.take(Array(#"{"print":{"\#(key)":1}}"#.utf8))
        #expect(census.unexplained == unexplained)
    }

    @Test(
        arguments: [
            ("stg", true), ("stg[]", true), ("stg_cur", false), ("job.stage[].type", true), ("hms[].ts_unix", true),
            ("hms[].attr", false), ("tray.k", true), ("upgrade_state.new_version_state", false),
        ] as [(String, Bool)])
    func `what is below a field is left out with it`(path: String, isLeftOut: Bool) {
        #expect(UnexportedField.all.contains { $0.covers(path) } == isLeftOut)
    }

    @Test func `every field is left out once`() {
        let fields = UnexportedField.all.flatMap(\.fields)
        // `xcam` is a part of reports, and the section of answers to commands.
        #expect(fields.filter { field in fields.count { $0 == field } > 1 } == ["xcam", "xcam"])
    }
}
