import Testing

@testable import BambuProtocol

@Suite("AMS")
struct AMSTests {
    private func unit(_ members: String, id: Int = 0, serial: String = "00M00A000000000") -> AMSUnit? {
        Printer(serial: serial, Report.delta(#""ams":{"ams":[{"id":"\#(id)",\#(members)}]}"#)).ams.units.first
    }

    @Test(
        arguments: [
            ("1001", 0, AMSUnit.Kind.ams, 0), ("1002", 0, .lite, 0), ("10002003", 0, .pro, 0), ("2104", 128, .ht, 1),
            ("1005", 16, .lite, 0),
            ("1103", 1, .pro, 1), ("1e01", 3, .ams, nil), ("30001005", 16, .lite, 0), ("2000", 0, nil, 0),
            ("2000", 130, .ht, 0),
        ] as [(String, Int, AMSUnit.Kind?, Int?)])
    func `info contains a unit's kind and nozzle`(info: String, id: Int, kind: AMSUnit.Kind?, nozzle: Int?) {
        let unit = unit(#""info":"\#(info)""#, id: id)
        #expect(unit?.kind == kind && unit?.nozzle == nozzle)
    }

    @Test(
        arguments: [
            ("ams/0", 0, AMSUnit.Kind.ams), ("ams_f1/0", 0, .lite), ("n3f/1", 1, .pro), ("n3s/128", 128, .ht),
            ("ams/10", 1, nil),
        ] as [(String, Int, AMSUnit.Kind?)])
    func `on old firmware the module's name determines the kind`(module: String, id: Int, kind: AMSUnit.Kind?) {
        let ams = Report.delta(#""ams":{"ams":[\#(Report.unit(id))]}"#)
        #expect(Printer(Report.version(Report.module(module)), ams).ams.units.first?.kind == kind)
        #expect(Printer(ams, Report.version(Report.module(module))).ams.units.first?.kind == kind)
    }

    @Test func `on an A1 a unit of no reported kind is an AMS Lite`() {
        #expect(unit(#""humidity":"5""#, serial: "03900A000000000")?.kind == .lite)
        #expect(unit(#""humidity":"5","info":"1003""#, serial: "03900A000000000")?.kind == .pro)
        #expect(unit(#""humidity":"5""#, serial: "01P00A000000000")?.kind == nil)
    }

    @Test(
        arguments: [
            (#""humidity":"5","humidity_raw":"0","temp":"0.0","info":"1002""#, nil, nil, nil),
            (#""humidity":"5","humidity_raw":"0","temp":"0.0""#, nil, nil, nil),
            (#""humidity":"0","humidity_raw":"21","temp":"28.4","info":"2104""#, nil, 21.0, 28.4),
            (#""humidity":"4","temp":"0.0""#, 4, nil, nil), (#""humidity":3,"humidity_raw":28,"temp":0"#, 3, 28, 0.0),
            (#""humidity":"1","humidity_raw":"100","temp":"85""#, 1, 100, 85),
            (#""humidity":"3","temp":"-41.5""#, 3, nil, nil),
            (#""humidity":"6","humidity_raw":"101","temp":"101""#, nil, nil, nil),
        ] as [(String, Int?, Double?, Double?)])
    func `values of a missing sensor are absent`(members: String, index: Int?, raw: Double?, temperature: Double?) {
        let unit = unit(members)
        #expect(unit?.humidityIndex == index && unit?.humidityRaw == raw && unit?.temperature == temperature)
    }

    @Test(
        arguments: [
            (#""dry_time":583,"dry_setting":{"dry_temperature":65}"#, 583.0, 65.0),
            (#""dry_time":0,"dry_setting":{"dry_temperature":65}"#, 0, nil),
            (#""dry_time":5,"dry_settings":{"dry_temperature":-1}"#, 5, nil),
            (#""dry_setting":{"dry_temperature":65}"#, nil, nil),
            (#""dry_time":5,"dry_settings":{"dry_temperature":45}"#, 5, 45),
        ] as [(String, Double?, Double?)])
    func `a target exists only while a unit is drying`(members: String, minutes: Double?, target: Double?) {
        let unit = unit(members)
        #expect(unit?.drying.minutes == minutes && unit?.drying.target == target)
    }

    @Test func `units with an invalid id are dropped and counted`() {
        let ids = ["0", "3", "16", "128", "135"] + ["254", "255", "-1", "x"]
        let printer = Printer(
            Report.delta(#""ams":{"ams":[\#(ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ","))]}"#))
        #expect(printer.ams.units.map(\.id.rawValue) == [0, 3, 16, 128, 135] && printer.rejectedFields == 4)
        #expect(printer.ams.units.map(\.slots.count) == [4, 4, 4, 1, 1])
    }

    @Test func `a thirteenth unit is dropped`() {
        let ids = [0, 1, 2, 3, 16] + Array(128...135)
        let printer = Printer(Report.delta(#""ams":{"ams":[\#(ids.map { Report.unit($0) }.joined(separator: ","))]}"#))
        #expect(printer.ams.units.count == 12 && printer.rejectedFields == 1)
    }

    @Test func `each kind of unit has its own bits`() {
        let units = [0, 3, 16, 128, 135].map { Report.unit($0) }.joined(separator: ",")
        func present(_ exist: String, _ trays: String) -> [String] {
            let bits = #""ams_exist_bits":"\#(exist)","tray_exist_bits":"\#(trays)""#
            return Printer(Report.delta(#""ams":{"ams":[\#(units)],\#(bits)}"#)).ams.units.flatMap { unit in
                unit.slots.enumerated().filter(\.element.isPresent).map { "\(unit.id)/\($0.offset)" }
            }
        }
        #expect(present("1819", "1") == ["0/0"])
        #expect(present("1819", "8000") == ["3/3"])
        #expect(present("1819", "2000000") == ["16/1"])
        #expect(present("1019", "10000") == ["128/0"])
        #expect(present("809", "800000") == ["135/0"])
    }

    @Test(
        arguments: [
            ("00M", "255", FilamentSource.none), ("00M", "254", .external(255)), ("00M", "5", .slot(unit: 1, slot: 1)),
            ("00M", "128", .slot(unit: 128, slot: 0)),
            ("01P", "0", .slot(unit: 0, slot: 0)), ("00M", "14", nil), ("094", "5", nil),
        ] as [(String, String, FilamentSource?)])
    func `with one nozzle tray_now determines the slot`(prefix: String, now: String, source: FilamentSource?) {
        let units = [Report.unit(0), Report.unit(1), Report.unit(128)].joined(separator: ",")
        let printer = Printer(
            serial: prefix + "00A000000000",
            Report.delta(#""vt_tray":{"id":"255"},"ams":{"tray_now":"\#(now)","ams":[\#(units)]}"#))
        #expect(printer.source == source)
    }

    @Test(arguments: [("1", 1), ("3", 3), ("24", 0), ("27", 3)] as [(String, Int)])
    func `an A2L counts slots within its only unit`(now: String, slot: Int) {
        let printer = Printer(
            serial: "26A00A000000000", Report.delta(#""ams":{"tray_now":"\#(now)","ams":[\#(Report.unit(16))]}"#))
        #expect(printer.source == .slot(unit: 16, slot: slot))
    }

    @Test func `the extruder's slot takes precedence over tray_now`() {
        let device = #""device":{"extruder":{"info":[{"id":0,"snow":257}],"state":1}}"#
        let printer = Printer(
            serial: "22E00A000000000",
            Report.delta(#"\#(device),"ams":{"tray_now":"1","ams":[\#(Report.unit(0)),\#(Report.unit(1))]}"#))
        #expect(printer.source == .slot(unit: 1, slot: 1))
    }

    @Test(
        arguments: [
            (#""vt_tray":{"id":"254","tray_type":"PLA"}"#, [254]), (#""vir_slot":[{"id":"255"}]"#, [255]),
            (#""vir_slot":[{"id":"255"},{"id":"254"}]"#, [254, 255]),
            (#""vir_slot":[{"id":"255"},{"id":"254"}],"vt_tray":{"id":"255"}"#, [254, 255]),
            (#""vt_tray":{"id":"255"},"vir_slot":[{"id":"255"},{"id":"254"}]"#, [254, 255]),
            (#""vt_tray":{"id":"7"}"#, []), (#""vt_tray":[{"id":"254"}]"#, []),
            (#""vir_slot":[{"id":"255"},{"id":"255"},{"id":"0"}]"#, [255]),
        ] as [(String, [Int])])
    func `vir_slot takes precedence over vt_tray`(members: String, ids: [Int]) {
        var printer = Printer(Report.delta(members))
        #expect(printer.ams.externals.spools.map(\.id) == ids)
        if ids.count == 2 {
            printer.report(#""vt_tray":{"id":"255","tray_type":"PLA"}"#)
            #expect(printer.ams.externals.spools.map(\.id) == ids)
        }
    }
}

@Suite("Trays")
struct TrayTests {
    private func tray(_ members: String) -> (tray: Tray, rejected: Int) {
        let printer = Printer(Report.delta(#""ams":{"ams":[{"id":"0","tray":[{"id":"0",\#(members)}]}]}"#))
        return (printer.ams.units.first?.slots[0].tray ?? Tray(), printer.rejectedFields)
    }

    @Test(
        arguments: [
            (#""remain":0,"tag_uid":"A2E0000000000100""#, 0.0, 0), (#""remain":0"#, nil, 0),
            (#""remain":0,"tag_uid":"0000000000000000""#, nil, 0), (#""remain":100"#, 100, 0),
            (#""remain":"50""#, 50, 0), (#""remain":-1"#, nil, 0),
            (#""remain":-37"#, nil, 0), (#""remain":-1001"#, nil, 1),
            (#""remain":-2,"tag_uid":"A2E0000000000100""#, 0, 0), (#""remain":-1,"tray_uuid":"E455""#, nil, 0),
            (#""remain":-2,"tag_uid":"0000000000000000","tray_uuid":"00000000""#, nil, 0),
            (#""remain":165000,"total_len":330000"#, 50, 0), (#""total_len":330000,"remain":330000"#, 100, 0),
            (#""remain":330001,"total_len":330000"#, nil, 1),
            (#""remain":101"#, nil, 1), (#""remain":101,"total_len":0"#, nil, 1),
            (#""remain":50,"total_len":330000"#, 50, 0), (#""remain":null"#, nil, 0),
        ] as [(String, Double?, Int)])
    func `remain is a percentage, or millimetres above 100`(members: String, percent: Double?, rejected: Int) {
        let found = tray(members)
        #expect(found.tray.remaining == percent && found.rejected == rejected)
    }

    @Test(
        arguments: [
            (43, "1000", 430.0), (43, "500", 430), (52, "500", 520), (25, "250", 250), (50, "2000", 1000),
            (10, "3000", 300), (50, "0", nil), (50, "", nil), (-1, "1000", nil),
        ] as [(Int, String, Double?)])
    func `percent refer to 1 kg for spools of up to 1 kg`(percent: Int, weight: String, grams: Double?) {
        #expect(tray(#""remain":\#(percent),"tray_weight":"\#(weight)""#).tray.remainingGrams == grams)
    }

    @Test(
        arguments: [
            ("\"ff00AAff\"", "FF00AA", 0), ("\"00000000\"", "", 0), ("\"000000FF\"", "000000", 0), ("\"\"", "", 0),
            ("\"red\"", "", 1), ("\"ＦＦＦＦＦＦＦＦ\"", "", 1),
            ("5", "", 1),
        ] as [(String, String, Int)])
    func `a colour is six digits in capitals`(wire: String, color: String, rejected: Int) {
        let found = tray(#""tray_color":\#(wire)"#)
        #expect(found.tray.color == color && found.rejected == rejected)
    }

    @Test func `a name is the brand's, or the id's if there is no brand`() {
        #expect(tray(#""tray_sub_brands":"PLA Basic","tray_id_name":"A00-W1""#).tray.name == "PLA Basic")
        #expect(tray(#""tray_sub_brands":"","tray_id_name":"A00-W1""#).tray.name == "A00-W1")
    }

    @Test(
        arguments: [("\"1000\"", 1000.0), ("250", 250), ("\"0\"", nil), ("\"\"", nil), ("1e300", nil)]
            as [(String, Double?)])
    func `a weight of 0 is unknown`(wire: String, grams: Double?) {
        #expect(tray(#""tray_weight":\#(wire)"#).tray.grams == grams)
    }

    @Test(
        arguments: [
            // info, remain of four slots, whether it tracks
            ("1001", [0, 0, 0, 0], true), ("1003", [100, 100, 100, 100], true), ("1002", [0, 0, 0, 0], false),
            ("1002", [100, 100, -1, 0], false),
            ("1002", [0, 55, 0, 0], true), ("1005", [100, 100, 100, 100], false), ("1005", [1, -1, -1, -1], true),
            ("1002", [0, 0, 0, 99], true),
        ] as [(String, [Int], Bool)])
    func `an AMS Lite tracks if a slot reports a value in between`(info: String, remain: [Int], isTracking: Bool) {
        let trays = remain.enumerated().map { Report.tray($0.offset, #""remain":\#($0.element)"#) }.joined(
            separator: ",")
        let printer = Printer(Report.delta(#""ams":{"ams":[{"id":"0","info":"\#(info)","tray":[\#(trays)]}]}"#))
        #expect(printer.ams.units.first?.isTracking == isTracking)
    }

    @Test func `an AMS Lite is recognized by its constants`() {
        let constants = #""humidity":"5","humidity_raw":"0","temp":"0.0""#
        let unit = Report.unit(0, Report.tray(0, #""remain":0,"tag_uid":"A2E0000000000100""#), more: constants)
        let printer = Printer(Report.delta(#""ams":{"ams":[\#(unit)],"ams_exist_bits":"1","tray_exist_bits":"1"}"#))
        #expect(printer.ams.units.first?.kind == .lite && printer.ams.units.first?.isTracking == false)
    }

    @Test func `an empty slot does not make an AMS Lite track`() {
        let printer = Printer(
            Report.delta(
                #""ams":{"ams":[{"id":"0","info":"1002","tray":[\#(Report.tray(0, #""remain":100"#)),\#(Report.tray(1, #""remain":50"#))]}],"tray_exist_bits":"1"}"#
            ))
        #expect(printer.ams.units.first?.isTracking == false)
    }
}
