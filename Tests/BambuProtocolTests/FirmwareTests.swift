import Testing

@testable import BambuProtocol

@Suite("Firmware and model")
struct FirmwareTests {
    @Test(arguments: Model.known.map { ($0.serialPrefix, $0.name) })
    func `the serial's prefix determines the model`(prefix: String, name: String) {
        #expect(Printer(serial: prefix + "00A000000000").model.name == name)
    }

    @Test func `the table contains exactly the supported models`() {
        #expect(
            Model.known.map(\.name) == [
                "X1", "X1C", "X1E", "P1P", "P1S", "P2S", "A1", "A1 mini", "A2L", "H2S", "H2D", "H2D Pro", "H2C", "X2D",
                "R1",
            ])
    }

    @Test(arguments: ["", "ZZZ00A", "00m00A000000000", "0"])
    func `another serial has no known model`(serial: String) {
        #expect(Printer(serial: serial).model.name == "")
    }

    @Test(
        arguments: [
            ("Bambu Lab H2D", "H2D"), ("Bambu Lab H2D Pro", "H2D Pro"), ("Bambu Lab X1 Carbon", "X1C"),
            ("Bambu Lab X1-Carbon", "X1C"), ("Bambu Lab A1 mini", "A1 mini"),
            ("Bambu Lab P1S", "P1S"), ("X1E", "X1E"), ("H2DP", "H2D Pro"), ("Bambu Lab H3C", "Bambu Lab H3C"),
            ("Bambu Lab Z9", "Bambu Lab Z9"), ("", "P1S"),
        ] as [(String, String)])
    func `the printer's own report overrides the serial`(product: String, name: String) {
        let printer = Printer(
            serial: "01P00A000000000", Report.version(Report.module("ota", more: #""product_name":"\#(product)""#)))
        #expect(printer.model.name == name)
    }

    @Test(
        arguments: [
            ("C11", "P1P"), ("C12", "P1S"), ("N1", "A1 mini"), ("N2S", "A1"), ("C13", "X1E"), ("P1", ""), ("", ""),
            ("BL-P001", "X1C"), ("O1C2", "H2C"), ("O2D", "H2D Pro"), ("A11", "A1"), ("A12", "A1 mini"),
            ("O1S-V2", "H2S"),
            ("N7-V2", "P2S"), ("N6", "X2D"), ("N8", "R1"), ("C12-V3", ""),
        ] as [(String, String)])
    func `on old firmware the project determines the model`(project: String, name: String) {
        let printer = Printer(
            serial: "",
            Report.version(Report.module("ota"), Report.module("mc", more: #""project_name":"\#(project)""#)))
        #expect(printer.model.name == name)
    }

    @Test func `the configured model overrides all others`() {
        var printer = Printer(serial: "01P00A000000000", model: Model(named: "X1E"))
        printer.apply(Report.version(Report.module("ota", more: #""product_name":"Bambu Lab P1S""#)))
        #expect(printer.model.name == "X1E" && printer.model.hasChamberSensor)
    }

    @Test func `a partial answer keeps the modules that it leaves out`() {
        var printer = Printer(
            Report.version(Report.module("ota", "01.07.00.00"), Report.module("mc", "1"), Report.module("ams/1", "2")))
        printer.apply(Report.version(Report.module("mc", "9")))
        #expect(printer.firmware.modules.map(\.software) == ["01.07.00.00", "9", "2"])
        printer.apply(Report.version(Report.module("ota", "01.08.00.00"), Report.module("mc", "10")))
        #expect(printer.firmware.modules.map(\.name) == ["ota", "mc"] && printer.firmware.version == "01.08.00.00")
    }

    @Test(arguments: [
        #"{"info":{"command":"get_version","module":{}}}"#, #"{"info":{"command":"other","module":[{"name":"ota"}]}}"#,
        #"{"info":{"module":[{"name":"ota"}]}}"#,
        #"{"info":5}"#, #"{"info":{"command":"get_version"}}"#,
    ])
    func `a message that is not a version answer changes nothing`(message: String) {
        var printer = Printer(Report.version(Report.module("ota")))
        #expect(!printer.apply(message).isVersion)
        #expect(printer.firmware.version == "01.00.00.00")
    }

    @Test func `modules are limited and their names unique`() {
        let many = (0..<100).map { Report.module("m\($0)") }.joined(separator: ",")
        #expect(
            Printer(#"{"info":{"command":"get_version","module":[\#(many)]}}"#).firmware.modules.count
                == Firmware.moduleLimit)
        let twice = Printer(Report.version(Report.module("ota", "1"), Report.module("ota", "2"), #"{"name":""}"#, "5"))
        #expect(twice.firmware.modules.map(\.software) == ["1"] && twice.rejectedFields == 2)
    }

    @Test(arguments: PrinterRequest.allCases)
    func `a request is JSON that changes nothing`(request: PrinterRequest) throws {
        #expect(["get_version", "pushall", "start"].contains { request.rawValue.contains("\"command\":\"\($0)\"") })
    }
}
