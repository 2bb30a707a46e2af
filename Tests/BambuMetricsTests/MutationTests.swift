import Foundation
import TestSupport
import Testing

@testable import BambuMetrics
@testable import BambuProtocol
@testable import OpenMetrics

@Suite("Hostile messages")
struct MutationTests {
    private static let replacements = ["null", "[]", "{}", "\"x\"", "1e300", "true"]

    /// The largest number of series of one printer.
    private static let bound = 400

    /// The largest message of a fixture, and the printer before any message.
    private func report(of fixture: Fixture) throws -> (object: [String: Any], printer: Printer) {
        let lines = try String(contentsOf: fixture.url, encoding: .utf8).split(separator: "\n")
        let longest = lines.max { $0.utf8.count < $1.utf8.count } ?? ""
        let object = try #require(try JSONSerialization.jsonObject(with: Data(longest.utf8)) as? [String: Any])
        return (object, Printer(serial: try fixture.printer().serial))
    }

    private func bytes(_ object: Any) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: object, options: .sortedKeys))
    }

    private func samples(_ printer: Printer) -> [Substring] {
        String(decoding: Exposition.of([.up(printer)], in: .text), as: UTF8.self).split(separator: "\n").filter {
            !$0.hasPrefix("#") && !$0.hasPrefix("bambu_mqtt_message") && !$0.hasPrefix("bambu_report_fields")
        }
    }

    /// Keys whose value affects others: fields below or beside them may change as well.
    private static let decisive: Set = [
        "print", "command", "msg", "id", "info", "gcode_state", "ams", "tray", "tray_exist_bits", "ams_exist_bits",
        "device", "extruder", "nozzle", "state", "node",
        "mode", "attr", "code", "conf", "net", "parts", "airduct", "tray_now", "snow", "hms", "lights_report",
        "vir_slot", "vt_tray", "total_len", "home_flag", "exist",
    ]

    @Test(arguments: Fixture.all)
    func `a value of a wrong type is counted and affects no other`(fixture: Fixture) throws {
        let (object, fresh) = try report(of: fixture)
        var whole = fresh
        _ = whole.apply(try bytes(object), at: 1)
        let before = samples(whole)
        for path in Self.everyKey(of: object) {
            let (head, tail) = try halves(of: object, at: path.steps)
            for value in Self.replacements {
                var printer = fresh
                let outcome = printer.apply(head + Array(value.utf8) + tail, at: 1)
                #expect(outcome.rejection == nil || path.steps == [.key("print")])
                let added = printer.rejectedFields - whole.rejectedFields
                #expect(added <= (path.key == "total_len" ? 2 : 1), "\(path) \(value) counted \(added)")
                if value == "null" { #expect(added <= 0 || Self.inElements.contains(path.key), "\(path)") }
                if printer.state == whole.state { continue }
                let after = samples(printer)
                #expect(after.count <= Self.bound)
                guard !Self.decisive.contains(path.key) else { continue }
                // A field has at most eight series: a flag and its states, before and after.
                let changed = Set(before).symmetricDifference(after)
                #expect(changed.count <= 8, "\(path) \(value): \(changed)")
            }
        }
    }

    /// Keys that an array element or filament length requires; `null` for them is counted as rejected.
    private static let inElements: Set = ["code", "attr", "node", "mode", "id", "total_len"]

    /// Paths of values in a message; at most three for each key, because all slots are similar.
    private static func everyKey(of object: Any) -> [(steps: Path, key: String)] {
        var seen: [String: Int] = [:]
        return Tree.places(object).compactMap { path in
            guard case .key(let key)? = path.last(where: { if case .key = $0 { true } else { false } }) else {
                return nil
            }
            seen[key, default: 0] += 1
            return seen[key, default: 0] <= 3 ? (path, key) : nil
        }
    }

    /// Returns the bytes before and after a value.
    private func halves(of object: Any, at path: Path) throws -> (head: [UInt8], tail: [UInt8]) {
        let mark = "the place of the value"
        let text = try bytes(Tree.replacing(object, path[...], with: mark))
        let place = try #require(text.firstRange(of: Array("\"\(mark)\"".utf8)))
        return (Array(text[..<place.lowerBound]), Array(text[place.upperBound...]))
    }

    @Test(arguments: Fixture.all.filter { !$0.name.contains("hostile") })
    func `known keys with a value of a wrong type are counted`(fixture: Fixture) throws {
        let (object, fresh) = try report(of: fixture)
        let known = [
            "mc_percent", "layer_num", "bed_temper", "spd_lvl", "print_error", "gcode_state", "home_flag", "hms",
            "lights_report", "stg_cur",
        ]
        let print = object["print"] as? [String: Any] ?? [:]
        for key in known where print[key] != nil {
            for value in [[Any](), [String: Any](), "x", 1e300] as [Any]
            where !(value is [Any] && ["hms", "lights_report"].contains(key)) {
                var printer = fresh
                _ = printer.apply(try bytes(Tree.replacing(object, [.key("print"), .key(key)], with: value)), at: 1)
                var whole = fresh
                _ = whole.apply(try bytes(object), at: 1)
                #expect(printer.rejectedFields == whole.rejectedFields + 1, "\(key) \(value)")
            }
        }
    }

    @Test func `10,000 corrupt messages do not exceed the series limit`() throws {
        var random = Seeded(42)
        let messages = try Fixture.all.flatMap { fixture in
            try String(contentsOf: fixture.url, encoding: .utf8).split(separator: "\n").dropFirst().map {
                Array($0.utf8)
            }
        }
        var printer = Printer(serial: "09400A000000000")
        for round in 0..<10_000 {
            var message = messages[Int.random(in: 0..<messages.count, using: &random)]
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let place = Int.random(in: 0..<message.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: message[place] = UInt8.random(in: 0...255, using: &random)
                // Digits and letters usually keep the message valid JSON.
                case 1:
                    message[place] =
                        (48...57).contains(message[place]) ? UInt8.random(in: 48...57, using: &random) : message[place]
                case 2:
                    message[place] =
                        (97...122).contains(message[place])
                        ? UInt8.random(in: 97...122, using: &random) : message[place]
                default: message.removeLast(Int.random(in: 0...1, using: &random))
                }
            }
            _ = printer.apply(message, at: Double(round))
            if round % 100 == 0 { #expect(samples(printer).count <= Self.bound) }
        }
        #expect(samples(printer).count <= Self.bound)
        #expect(printer.messages == 10_000)
        try Validator.expectValid([.up(printer)])
    }

    @Test(arguments: [0, 1, 7, 60])
    func `a truncated message is rejected and changes nothing`(step: Int) throws {
        let (object, fresh) = try report(of: Fixture.all[step % Fixture.all.count])
        let message = try bytes(object)
        for end in 0..<message.count where end % 3 == step % 3 {
            var printer = fresh
            #expect(printer.apply(Array(message[..<end]), at: 1).rejection == .json)
            #expect(printer.state == nil)
        }
    }

    @Test func `a printer with all features stays within the series limit`() {
        func tray(_ id: Int) -> String {
            #"{"id":"\#(id)","state":11,"tray_type":"PLA","remain":50,"tray_weight":"1000","nozzle_temp_min":"190","nozzle_temp_max":"230"}"#
        }
        func unit(_ id: Int) -> String {
            let trays = (0..<(id < 4 ? 4 : 1)).map(tray).joined(separator: ",")
            let air =
                #""humidity":"4","humidity_raw":"20","temp":"30","dry_time":60,"dry_setting":{"dry_temperature":65}"#
            return #"{"id":"\#(id)","info":"1001",\#(air),"tray":[\#(trays)]}"#
        }
        let hms = (0..<300).map { #"{"attr":\#($0),"code":65537}"# }.joined(separator: ",")
        let four = Printer(#"{"print":{"hms":[\#(hms)],"ams":{"ams":[\#((0..<4).map(unit).joined(separator: ","))]}}}"#)
        #expect(samples(four).count <= Self.bound)
        #expect(four.rejectedFields == 44)
    }
}
