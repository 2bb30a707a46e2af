import TestSupport
import Testing

@testable import BambuProtocol

@Suite("The account's answers")
struct AccountTests {
    private func devices(_ text: String) -> [AccountDevice]? { AccountDevice.all(in: Array(text.utf8)) }

    @Test func `an invalid device does not affect the others`() throws {
        let found = try #require(
            devices(
                #"""
                {"message":"success","code":null,"devices":[7,null,"x",{"dev_id":null},{"dev_id":"A","online":"yes","name":[]},
                {"dev_id":"B","online":1,"print_status":"RUNNING","dev_product_name":"X1 Carbon"}]}
                """#))
        #expect(found.map(\.serial) == ["A", "B"])
        #expect(found[0].isOnline == nil && found[0].name == nil)
        #expect(found[1].isOnline == true && found[1].status == "running" && found[1].model?.name == "X1C")
    }

    @Test(
        arguments: [
            (#""dev_product_name":"P1S","dev_model_name":"C11""#, "P1S"), (#""dev_model_name":"O1C2-V2""#, "H2C"),
            (#""dev_product_name":"","dev_model_name":"H2DP""#, "H2D Pro"), (#""dev_model_name":"Q9""#, nil),
            (#""dev_product_name":"Bambu Lab H3C""#, "Bambu Lab H3C"),
        ] as [(String, String?)])
    func `a device's model comes from its product, or from its code`(members: String, model: String?) {
        #expect(devices(#"{"devices":[{"dev_id":"A",\#(members)}]}"#)?.first?.model?.name == model)
    }

    @Test func `null is read as an empty list`() {
        #expect(devices(#"{"devices":null}"#)?.isEmpty == true)
        #expect(AccountTask.latest(of: "A", in: Array(#"{"total":0,"hits":null}"#.utf8)) == AccountTask())
    }

    @Test(arguments: ["", "<html>", "[]", "7", "{}", #"{"devices":{}}"#, #"{"devices":["#])
    func `an answer of another shape is rejected`(text: String) {
        #expect(devices(text) == nil)
        #expect(AccountTask.latest(of: "A", in: Array(text.utf8)) == nil)
        #expect(AccountOwner.user(in: Array(text.utf8)) == nil)
        #expect(AccountCamera(in: Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("01.04.00.00", ["01.05.01.00"], true), ("01.05.01.00", ["01.05.01.00"], false),
        ("01.10.00.00", ["01.09.00.00"], false), ("01.09.00.00", ["01.08.00.00", "01.10.00.00"], true),
        ("", ["01.05.01.00"], nil), ("01.05.01.00", [], nil), ("x", ["01.05.01.00"], nil),
    ])
    func `an update is available if a version is newer`(running: String, offered: [String], isAvailable: Bool?) {
        let list = offered.map { #"{"version":"\#($0)","force_update":false,"url":"","status":"release"}"# }
        let text = #"{"devices":[{"dev_id":"A","version":"\#(running)","firmware":[\#(list.joined(separator: ","))]}]}"#
        #expect(devices(text)?.first?.isUpdateAvailable == isAvailable)
    }

    @Test func `the firmware list of a version answer contains no units`() {
        let text =
            #"{"devices":[{"dev_id":"A","ams":[{"address":0,"device_id":"B","firmware":[{"version":"1"}],"firmware_current":null}]}]}"#
        #expect(devices(text)?.first?.ams == nil)
        #expect(devices(text)?.first?.serial == "A")
    }

    @Test(arguments: [
        #""ams":{"ams":[{"id":"1","humidity":"4","tray":[{"id":"2","tray_type":"PLA","remain":40}]}],"tray_exist_bits":"40"}"#,
        #""ams":[{"id":"1","humidity":"4","tray":[{"id":"2","tray_type":"PLA","remain":40}]}]"#,
        #""print":{"ams":{"ams":[{"id":"1","humidity":"4","tray":[{"id":"2","tray_type":"PLA","remain":40}]}]}}"#,
        #""ams_units":[{"trays":[{"tray_id":"2","filament_type":"PLA","remaining":40,"remain":null}],"humidity":4,"unit_id":"1"}]"#,
        #""ams_units":[{"unit_id":1,"humidity":"4","trays":[{"tray_id":2,"filament_type":"PLA","remain":132000,"total_len":330000}]}]"#,
    ])
    func `units are read in the printers' and the published shape`(members: String) throws {
        let ams = try #require(devices(#"{"devices":[{"dev_id":"A",\#(members)}]}"#)?.first?.ams)
        let unit = try #require(ams.units.first)
        #expect(ams.units.count == 1 && unit.id == 1 && unit.humidityIndex == 4)
        #expect(unit.slots.map(\.isPresent) == [false, false, true, false])
        #expect(unit.slots[2].tray.type == "PLA" && unit.slots[2].tray.remaining == 40)
    }

    @Test func `a printer without an AMS may have an external spool`() throws {
        let ams = try #require(
            devices(
                #"{"devices":[{"dev_id":"A","has_ams":false,"ams_units":[],"external_spool":{"tray_id":254,"filament_type":"PLA","filament_color":"FFFFFFFF","remain":0}}]}"#
            )?.first?.ams)
        #expect(ams.units.isEmpty && ams.externals.spools.map(\.id) == [254])
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0.0), ("2000-02-29T12:34:56Z", 951_827_696),
        ("2024-03-01T00:00:00+02:00", 1_709_244_000),
        ("2026-11-25T10:00:00.250Z", 1_795_600_800.25), ("2026-11-25 10:00:00", 1_795_600_800),
    ])
    func `times are parsed as RFC 3339`(text: String, seconds: Double) {
        #expect(RFC3339.seconds(of: text) == seconds)
    }

    @Test(arguments: [
        "", "2024", "2024-13-01T00:00:00Z", "2024-01-01T25:00:00Z", "2024-01-01T00:00:00+2", "x024-01-01T00:00:00Z",
        "2024-01-01T00:00:00ZZ",
    ])
    func `text that is not a time is rejected`(text: String) {
        #expect(RFC3339.seconds(of: text) == nil)
    }

    @Test func `ten thousand mutated answers cause no trap`() {
        var random = Seeded(43)
        let answers = [
            #"{"devices":[{"dev_id":"A","online":true,"version":"01.02.03.04","firmware":[{"version":"01.02.03.05"}],"prediction":7,"start_time":"2026-01-02T03:04:05.5+01:00","ams_units":[{"unit_id":128,"humidity":"3","temperature":"25.0","trays":[{"tray_id":0,"state":3,"filament_type":"PLA","remaining":40,"total_len":330000}]}],"external_spool":{"tray_id":254,"filament_type":"PLA"}}]}"#,
            #"{"hits":[{"deviceId":"A","weight":1.5,"costTime":60,"startTime":"2026-01-02T03:04:05Z","amsDetailMapping":[{"ams":255,"weight":1}]}]}"#,
            #"{"uid":9007199254740993,"type":"tutk","region":"us"}"#,
        ].map { Array($0.utf8) }
        for round in 0..<10_000 {
            var answer = answers[round % answers.count]
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let place = Int.random(in: 0..<answer.count, using: &random)
                // Digits become other digits, so that dates and numbers are damaged more often than the JSON.
                answer[place] =
                    (48...57).contains(answer[place])
                    ? .random(in: 45...57, using: &random) : .random(in: 0...255, using: &random)
            }
            var devices = AccountDevice.all(in: answer) ?? []
            for index in devices.indices {
                devices[index].inferKinds(of: .unknown)
                _ = devices[index].isUpdateAvailable
            }
            _ = AccountTask.latest(of: "A", in: answer)
            _ = AccountOwner.user(in: answer)
            _ = AccountCamera(in: answer)
        }
    }

    @Test func `the owner's id is a number or a text`() {
        #expect(AccountOwner.user(in: Array(#"{"uid":1234567,"name":"x"}"#.utf8)) == "u_1234567")
        #expect(AccountOwner.user(in: Array(#"{"uid":"1234567"}"#.utf8)) == "u_1234567")
    }

    @Test(arguments: [("client.connected", CloudPresence.connected), ("client.disconnected", .disconnected)])
    func `presence events are recognized and are not reports`(event: String, presence: CloudPresence) {
        var printer = Printer(serial: "A")
        let bytes = Array(#"{"event":{"event":"\#(event)","disconnect_reason":"x","timestamp":1}}"#.utf8)
        let outcome = bytes.withUnsafeBytes { printer.apply($0, at: 1) }
        #expect(outcome == Printer.MessageOutcome(presence: presence))
        #expect(printer.state == nil && printer.rejectedFields == 0 && printer.messages == 1)
    }
}
