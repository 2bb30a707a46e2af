import Foundation
import Testing

@testable import Simulator

@Suite struct FirmwareTests {
    private func printer(_ model: PrinterModel, _ units: [AMSUnit.Kind]? = nil, seed: UInt64 = 7) -> SimulatedPrinter {
        SimulatedPrinter(model: model, serial: model.serial(number: 1), units: units, seed: seed)
    }

    private func object(_ bytes: [UInt8]?) throws -> [String: Any] {
        let bytes = try #require(bytes)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private func report(_ bytes: [UInt8]?) throws -> [String: Any] {
        try #require(try object(bytes)["print"] as? [String: Any])
    }

    private func request(_ text: String) -> SimulatedRequest {
        SimulatedRequest(payload: Array(text.utf8), qualityOfService: 1)
    }

    private let pushall = #"{"pushing":{"sequence_id":"0","command":"pushall","version":1,"push_target":1}}"#

    @Test(arguments: PrinterModel.allCases)
    func `pushall returns a complete report of realistic size`(model: PrinterModel) throws {
        var printer = printer(model)
        printer.advance(to: 5000)
        let answer = try #require(printer.answers(to: request(pushall)).first)
        let report = try report(answer)
        #expect(report["command"] as? String == "push_status")
        #expect(report["gcode_state"] as? String == printer.machine.state.rawValue)
        #expect(model.facts.dialect == .classic ? report["msg"] == nil : report["msg"] as? Int == 0)
        #expect((3000...15_000).contains(answer.count), "\(answer.count) bytes")
        let filament = try #require(report["ams"] as? [String: Any])
        let units = try #require(filament["ams"] as? [[String: Any]])
        #expect(units.count == model.facts.units.count)
        #expect(units.allSatisfy { $0["humidity"] is String && $0["id"] is String })
        #expect((report["device"] != nil) == (model.facts.dialect == .device || model == .x1c || model == .a2l))
    }

    @Test(arguments: [PrinterModel.p1p, .p1s, .a1, .a1mini])
    func `printers without a chamber sensor always report 5`(model: PrinterModel) throws {
        var printer = printer(model)
        printer.advance(to: 20_000)
        #expect(try report(printer.fullReport())["chamber_temper"] as? Int == 5)
    }

    @Test(arguments: [PrinterModel.h2d, .h2dpro, .h2c, .x2d])
    func `printers with two nozzles report packed temperatures`(model: PrinterModel) throws {
        var printer = printer(model)
        printer.apply(.print(.plain(number: 1, tray: 0)))
        printer.advance(to: 1500)
        let device = try #require(try report(printer.fullReport())["device"] as? [String: Any])
        let nozzles = try #require((device["extruder"] as? [String: Any])?["info"] as? [[String: Any]])
        #expect(nozzles.map { $0["id"] as? Int } == [0, 1])
        let packed = try #require(nozzles.first?["temp"] as? Int)
        #expect(packed >> 16 == 220)
        #expect(abs((packed & 0xFFFF) - 220) <= 3)
        #expect(nozzles.first?["snow"] as? Int == 0)
        #expect(nozzles.last?["snow"] as? Int == 65_535)
    }

    @Test func `an AMS Lite has no sensors and tracks no spool`() throws {
        var printer = printer(.a1)
        let filament = try #require(try report(printer.fullReport())["ams"] as? [String: Any])
        let unit = try #require((filament["ams"] as? [[String: Any]])?.first)
        #expect(unit["humidity"] as? String == "5")
        #expect(unit["humidity_raw"] as? String == "0")
        #expect(unit["temp"] as? String == "0.0")
        let spools = try #require(unit["tray"] as? [[String: Any]]).filter { $0["tray_type"] != nil }
        #expect(!spools.isEmpty && spools.allSatisfy { $0["remain"] as? Int == 0 })
    }

    @Test func `bits show the existing units and slots, including AMS HT`() throws {
        var printer = printer(.h2d, [.ams2Pro, .ams, .amsHT])
        let filament = try #require(try report(printer.fullReport())["ams"] as? [String: Any])
        #expect(filament["ams_exist_bits"] as? String == "13")
        let units = try #require(filament["ams"] as? [[String: Any]])
        #expect(units.map { $0["id"] as? String } == ["0", "1", "128"])
        let bits = try #require(Int(filament["tray_exist_bits"] as? String ?? "", radix: 16))
        #expect(bits & 1 == 1 && bits >> 16 & 1 == 1)
    }

    @Test(arguments: [PrinterModel.p1s, .a1, .a2l])
    func `deltas are small, contain changes and count up`(model: PrinterModel) throws {
        var printer = printer(model)
        var last = try #require(Int(try report(printer.fullReport())["sequence_id"] as? String ?? ""))
        var sizes: [Int] = []
        for second in stride(from: 2.0, through: 600, by: 2) {
            printer.advance(to: second)
            guard let bytes = printer.report() else { continue }
            let delta = try report(bytes)
            let sequence = try #require(Int(delta["sequence_id"] as? String ?? ""))
            #expect(sequence == last + 1)
            #expect(delta["msg"] as? Int == 1)
            #expect(delta["ipcam"] == nil)
            last = sequence
            sizes.append(bytes.count)
        }
        #expect(sizes.count > 100)
        #expect(sizes.sorted()[sizes.count / 2] < 250)
    }

    @Test func `X1 printers send full reports with a constant number`() throws {
        var printer = printer(.x1)
        for second in 1...3 {
            printer.advance(to: Double(second) * 2)
            #expect(try report(printer.report())["sequence_id"] as? String == "2021")
        }
    }

    @Test(arguments: [(PrinterModel.h2d, "n3s/128"), (.p1s, "ams/0"), (.a1mini, "ams_f1/0"), (.x1c, "ams/1")])
    func `get_version lists the firmware and the units`(model: PrinterModel, unit: String) throws {
        var printer = printer(model)
        let answers = printer.answers(to: request(#"{"info":{"sequence_id":"42","command":"get_version"}}"#))
        let info = try #require(try object(answers.first)["info"] as? [String: Any])
        #expect(info["sequence_id"] as? String == "42")
        let modules = try #require(info["module"] as? [[String: Any]])
        let names = modules.compactMap { $0["name"] as? String }
        #expect(names.contains("ota") && names.contains(unit))
        #expect(modules.first?["sw_ver"] as? String == model.facts.firmware)
    }

    @Test func `an acknowledgement has a result, unlike a report`() throws {
        var printer = printer(.p1s)
        #expect(try report(printer.acknowledgement())["result"] as? String == "SUCCESS")
        #expect(try report(printer.fullReport())["result"] == nil)
    }

    @Test(arguments: [#"{"print":{"command":"stop"}}"#, "", "nonsense", "[]", #"{"pushing":"pushall"}"#])
    func `other requests are not answered`(text: String) {
        var printer = printer(.p1s)
        #expect(printer.answers(to: request(text)).isEmpty)
    }

    @Test func `a seed gives the same printer at any step size`() {
        var once = printer(.x1c, seed: 3)
        var often = printer(.x1c, seed: 3)
        var other = printer(.x1c, seed: 4)
        once.advance(to: 30_000)
        other.advance(to: 30_000)
        for second in stride(from: 0.0, through: 30_000, by: 7) { often.advance(to: second) }
        often.advance(to: 30_000)
        #expect(once.fullReport() == often.fullReport())
        #expect(once.fullReport() != other.fullReport())
    }

    @Test(arguments: PrinterModel.allCases)
    func `serials follow the patterns of the models`(model: PrinterModel) {
        #expect(model.serial(number: 12).hasPrefix(model.facts.prefix))
        #expect(model.serial(number: 12).utf8.count == 15)
    }
}
