import CommandFlags
import Foundation
import Platform
import Testing

@testable import Exporter

@Suite("Commands")
struct CommandTests {
    @Test(arguments: [
        (["forgt"], "unknown command forgt; did you mean \"forget\"? (see bambu_exporter --help)"),
        (["forget"], "forget needs the name of a printer: bambu_exporter forget NAME"),
        (["discover", "x"], "unexpected argument x"),
        (["--web.max-requests=0"], "--web.max-requests: expected a whole number from 1 to 10000, found \"0\""),
        (["--log.level=loud"], "--log.level: expected one of debug, info, warn, error, found \"loud\""),
        (["--web.telemetry-path=metrics"], "--web.telemetry-path: expected a path such as /metrics, found \"metrics\""),
    ])
    func `a wrong command line is rejected with the expected value`(arguments: [String], message: String) {
        #expect(throws: UsageError(message)) { try Options(arguments: arguments) }
    }

    @Test func `flags and commands are accepted in any order`() throws {
        let options = try Options(arguments: ["--config.file", "a", "forget", "garage", "--log.format=json"])
        #expect(options.command == .forget && options.operand == "garage")
        #expect(options.configFile == "a" && options.logFormat == .json)
    }

    @Test func `log lines start with time, level and message and stay on one line`() {
        let lines = Locked<[String]>([])
        let log = Log(output: { line in lines.withLock { $0.append(line) } })
        log.debug("not logged")
        log.info("Connected", ["printer": "a b", "host": "h", "empty": ""])
        log.warn("x\ny\u{1B}[31m\"", ["k": "v=1"])
        log.warn("\u{2029}\u{202E}gnp\u{E0001}\r\u{85}", ["k": "a\u{202E}b"])
        let said = lines.withLock { $0 }
        #expect(said.count == 3)
        #expect(said[0].hasSuffix(" level=info msg=\"Connected\" printer=\"a b\" host=h empty=\"\"\n"))
        #expect(said[1].hasSuffix(" level=warn msg=\"x\\ny\\u001b[31m\\\"\" k=\"v=1\"\n"))
        #expect(
            said[2].hasSuffix(" level=warn msg=\"\\u2029\\u202egnp\\udb40\\udc01\\u000d\\u0085\" k=\"a\\u202eb\"\n"))
        #expect(said.allSatisfy { $0.hasPrefix("time=20") && $0.filter { $0 == "\n" }.count == 1 })
    }

    @Test func `an announcement becomes a configuration entry`() throws {
        let packet = """
            NOTIFY * HTTP/1.1\r
            HOST: 239.255.255.250:1900\r
            Location: 192.168.1.50\r
            NT: urn:bambulab-com:device:3dprinter:1\r
            USN: 01P00A000000001\r
            DevModel.bambu.com: C12\r
            DevName.bambu.com: my "garage"\u{1B}[2J\u{202E}\r
            DevVersion.bambu.com: 01.08.02.00\r
            \r

            """
        let printer = try #require(Announcement(Array(packet.utf8), from: "10.0.0.1"))
        #expect(printer.serial == "01P00A000000001" && printer.model == "P1S" && printer.host == "192.168.1.50")
        #expect(
            printer.configuration
                == #"    { name: "my \"garage\"[2J", serial: "01P00A000000001", host: "192.168.1.50", access_code: "" },"#
        )
    }

    @Test(arguments: [
        "", "M-SEARCH * HTTP/1.1\r\n\r\n", "NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nUSN: x\r\n\r\n",
        "NOTIFY * HTTP/1.1\r\nNT: urn:bambulab-com:device:3dprinter:1\r\n\r\n",
    ])
    func `packets of other devices are ignored`(packet: String) {
        #expect(Announcement(Array(packet.utf8), from: "10.0.0.1") == nil)
    }

    @Test(arguments: ["x\"\u{301}, host: \"evil", "x\"\u{200C}", "x\\\u{301}", "x\\"])
    func `an announced name cannot break out of its quotes`(name: String) throws {
        let packet =
            "NOTIFY * HTTP/1.1\r\nNT: urn:bambulab-com:device:3dprinter:1\r\nUSN: A\r\nDevName.bambu.com: \(name)\r\n"
        let printer = try #require(Announcement(Array(packet.utf8), from: "10.0.0.1"))
        let entry = try JSON5Document(printer.configuration.replacing("},", with: "}")).root
        #expect(entry["host"]?.text == "10.0.0.1" && entry.members.count == 4)
        #expect(entry["name"]?.text.map { Array($0.unicodeScalars) } == Array(name.unicodeScalars))
    }
}
