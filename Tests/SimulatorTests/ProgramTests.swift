import CommandFlags
import Foundation
import Testing

@testable import Simulator

@Suite struct ProgramTests {
    @Test(arguments: [["--printer=X1C:ams,ams@lab", "--speed", "5"], ["--printer", "x1c:ams,ams@lab", "--speed=5"]])
    func `a flag's value follows a blank or an equals sign`(arguments: [String]) throws {
        let options = try ProgramOptions(arguments: arguments)
        #expect(options.printers.first?.model == .x1c)
        #expect(options.printers.first?.units == [.ams, .ams])
        #expect(options.printers.first?.name == "lab")
        #expect(options.fleet.speed == 5)
    }

    @Test(arguments: [
        (["--nonsense"], "--nonsense"), (["--printer=Q1"], "not a supported model"),
        (["--printer=P1S:box"], "not an AMS"),
        (["--speed=0"], "--speed"), (["--speed=nan"], "--speed"), (["--port=65536"], "--port"),
        (["--count"], "needs a value"),
        (["--loop=yes"], "no value"), (["word"], "word"), (["--fault=flood"], "not a fault"),
        (["--fault=silence,after=5"], "after=5"), (["--fault=silence,until=5s"], "until"), (["--rate=1"], "--rate"),
        (["--printer=P1S:ams,ams,ams,ams,ams"], "four"),
    ])
    func `an error names the wrong flag and the expected value`(arguments: [String], part: String) {
        let error = #expect(throws: (any Error).self) { try ProgramOptions(arguments: arguments) }
        #expect(error.map { "\($0)".contains(part) } == true)
    }

    @Test func `a fault flag contains printer, delay and duration`() throws {
        let fault = try Fault(parsing: "wrong-certificate@A1 mini,after=1m30s,for=20s")
        #expect(
            fault
                == Fault(
                    .wrongCertificate, target: "A1 mini", after: .seconds(90), lasting: .seconds(20)))
    }

    @Test func `large fleets share brokers except for broker faults`() throws {
        let options = try ProgramOptions(arguments: [
            "--printer=P1S@a", "--printer=P1S@b", "--count=40", "--fault=refuse@b", "--fault=silence@a",
        ])
        let printers = try options.namedPrinters()
        #expect(printers.count == 42)
        #expect(printers.filter(\.hasOwnBroker).map(\.name) == ["b"])
        #expect(Set(printers.map(\.name)).count == 42)
        #expect(Set(printers.map(\.model)).count == PrinterModel.allCases.count)
    }

    @Test func `two printers with the same name are rejected`() throws {
        let options = try ProgramOptions(arguments: ["--printer=A1@x", "--printer=P1S@x"])
        #expect(throws: UsageError.self) { try options.namedPrinters() }
    }

    @Test func `the help lists every flag, model and fault`() {
        for name in ProgramOptions.flags.names { #expect(ProgramOptions.help.contains("--\(name)")) }
        for model in PrinterModel.allCases { #expect(ProgramOptions.help.contains(model.rawValue)) }
        let faults = Fault.Kind.allCases.map(\.rawValue) + CloudFault.Kind.allCases.map(\.rawValue)
        for fault in faults { #expect(ProgramOptions.help.contains("\n  \(fault)  ")) }
    }

    @Test func `the configuration has each printer's port, code and CA`() throws {
        var options = PrinterOptions(.p1s, name: "the \"one\"", serial: "01P00A900000001")
        options.accessCode = "12345678"
        let fleet = try SimulatedFleet([options], key: try TestKey.shared.get())
        defer { fleet.stop() }
        fleet.printers.first?.update { $0.port = 8884 }
        let text = try fleet.exporterConfiguration()
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        struct Content: Decodable {
            struct Printer: Decodable {
                struct TLS: Decodable {
                    let verify: String
                    let ca_file: String
                }
                let name: String
                let serial: String
                let host: String
                let mqtt_port: Int
                let access_code: String
                let tls: TLS
            }
            let printers: [Printer]
        }
        let printer = try #require(try decoder.decode(Content.self, from: Data(text.utf8)).printers.first)
        #expect(printer.name == "the \"one\"" && printer.serial == "01P00A900000001" && printer.host == "127.0.0.1")
        #expect(printer.mqtt_port == 8884 && printer.access_code == "12345678")
        #expect(printer.tls.verify == "ca" && printer.tls.ca_file == fleet.caFile && fleet.caFile.hasPrefix("/"))
    }

    @Test func `writing a file does not follow a symbolic link`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "simulator-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (file, victim) = (folder.appending(path: "sim.json5"), folder.appending(path: "victim"))
        try Data("precious".utf8).write(to: victim)
        for name in ["sim.json5", "sim.json5.new"] {
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: name), withDestinationURL: victim)
        }
        try WorkDirectory.write(Array("{}".utf8), toPath: file.path, mode: 0o600)
        #expect(try String(contentsOf: victim, encoding: .utf8) == "precious")
        #expect(try String(contentsOf: file, encoding: .utf8) == "{}")
    }

    @Test func `an announcement has address, serial, model and name`() {
        let text = Announcement(name: "lab", serial: "01P00A900000001", model: .p1s).text
        #expect(text.hasPrefix("NOTIFY * HTTP/1.1\r\n") && text.hasSuffix("\r\n\r\n"))
        for header in [
            "Location: 127.0.0.1", "USN: 01P00A900000001", "DevModel.bambu.com: C12", "DevName.bambu.com: lab",
        ] {
            #expect(text.contains("\r\n\(header)\r\n"))
        }
    }
}
