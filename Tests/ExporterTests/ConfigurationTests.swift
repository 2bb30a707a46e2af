import Foundation
import Platform
import Testing

@testable import BambuProtocol
@testable import Exporter

@Suite("Configuration")
struct ConfigurationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func load(
        _ text: String?, environment: [String: String] = [:], shard: Options.Shard = Options.Shard()
    ) throws -> Configuration {
        let file = try text.map { try folder.write("config.json5", $0) }
        return try ConfigurationLoader(file: file, shard: shard, environment: environment).load()
    }

    private func problems(_ text: String?, environment: [String: String] = [:]) throws -> [String] {
        do {
            _ = try load(text, environment: environment)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map { problem in
                problem.description.replacing(folder.url.path + "/", with: "")
            }
        }
    }

    @Test(arguments: [
        ("/dev/zero", "/dev/zero: cannot read the configuration: it is too large"),
        ("/", "/: cannot read the configuration: it is a directory"),
        ("/nowhere", "/nowhere: cannot read the configuration: no such file"),
        (
            "",
            "--config.file: the file name is empty. Set a path, or omit the flag to use /etc/bambu_exporter/config.json5"
        ),
    ])
    func `an unreadable file is reported with its name and the reason`(file: String, words: String) throws {
        do {
            _ = try ConfigurationLoader(file: file, environment: [:]).load()
            Issue.record("the file was read")
        } catch {
            #expect(error.problems.map(\.description) == [words])
        }
    }

    @Test(arguments: [("/dev/zero", "it is too large"), ("/", "it is a directory")])
    func `a secret file has a size limit`(file: String, words: String) throws {
        #expect {
            try SecretFile.read(file)
        } throws: {
            "\($0)" == "cannot read the secret file \(file): \(words)"
        }
    }

    @Test func `the sample of the reference is valid`() throws {
        let sample = ConfigurationDocument.sample.replacing(
            "/run/secrets/garage", with: try folder.write("garage", "12345678\n"))
        let configuration = try load(sample)
        #expect(configuration.printers.map(\.name) == ["garage", "desk"])
        #expect(configuration.printers.first?.accessCode == Secret("12345678"))
        #expect(configuration.stateDirectory == "/var/lib/bambu_exporter")
    }

    @Test func `comments, bare keys, single quotes and trailing commas are accepted`() throws {
        let configuration = try load(
            """
            // a printer
            { /* one */ printers: [ { serial: '01P00A000000001', host: "h", access_code: '1', mqtt_port: 0x22B3, }, ],
              "telemetry": { stale_after: "1m30s" }, }
            """)
        #expect(configuration.printers.first?.port == 8883)
        #expect(configuration.telemetry.staleAfter == .seconds(90))
    }

    @Test(arguments: [
        "1e+", "[1E-]", "{ a: 0e+ }", "{ a: 0x }", "{ a: - }", "{ a: 01 }", "{ a: 1.2.3 }", "{ a: 1_000 }",
    ])
    func `invalid numbers are rejected before a decoder that would trap`(text: String) throws {
        #expect(try problems(text).first?.contains("config.json5:1: expected a value, found a word") == true)
    }

    @Test(arguments: [
        ("0x22B3", 8883), ("+8883", 8883), ("8883.", 8883), ("8883.0", 8883), ("8.883e3", 8883), (".8883E+4", 8883),
        ("88830e-1", 8883),
    ])
    func `JSON5 numbers are accepted`(text: String, port: UInt16) throws {
        let printer = "{ serial: 'A', host: 'h', access_code: '1', mqtt_port: \(text) }"
        #expect(try load("{ printers: [ \(printer) ] }").printers.first?.port == port)
    }

    @Test func `defaults apply to printers that do not override them`() throws {
        let configuration = try load(
            """
            { defaults: { mqtt_port: 1, tls: { verify: "none" } }, printers: [
              { serial: "A", host: "h", access_code: "1" },
              { serial: "B", host: "h", access_code: "1", mqtt_port: 2, tls: { verify: "tofu" } } ] }
            """)
        #expect(configuration.printers.map(\.port) == [1, 2])
        #expect(configuration.printers.map(\.trust.mode) == [.none, .tofu])
        #expect(configuration.warnings.contains { $0.hasPrefix("printer A: tls.verify is \"none\"") })
        #expect(!configuration.warnings.contains { $0.hasPrefix("printer B: tls") })
    }

    @Test func `a fingerprint or an authority implies the verification mode`() throws {
        let digits = String(repeating: "a", count: 64)
        let configuration = try load(
            """
            { defaults: { tls: { verify: "none" } }, printers: [
              { serial: "A", tls: { fingerprint: "sha256:\(digits)" } }, { serial: "B" } ] }
            """)
        #expect(configuration.printers.map(\.trust.mode) == [.pin, .none])
        let authority = URL(filePath: #filePath).deletingLastPathComponent().path
        #expect(try problems("{ printers: [ { serial: 'A', tls: { ca_file: '\(authority)' } } ] }").count == 1)
    }

    @Test func `an IPv6 address is a valid host, also with a zone`() throws {
        for host in ["fe80::1", "fe80::1%eth0", "::1", "192.168.1.5", "printer.lan"] {
            #expect(try problems("{ printers: [ { serial: 'A', host: '\(host)', access_code: '1' } ] }").isEmpty)
        }
    }

    @Test func `a serial or access code with a probable typing error is a warning`() throws {
        let configuration = try load(
            """
            { printers: [ { serial: "01P00A00000000", host: "a", access_code: "12345678" },
              { serial: "01p00a000000001", host: "b", access_code: "1234567" },
              { serial: "01P00A000000002", host: "c", access_code: "12345678" } ] }
            """)
        let doubts = configuration.warnings.filter { $0.contains("characters") || $0.contains("letters") }
        #expect(
            doubts == [
                "printer 01P00A00000000: the serial number has 14 characters instead of 15. Check it for a typing error",
                "printer 01p00a000000001: the serial number has lower-case letters. Serial numbers are upper-case",
                "printer 01p00a000000001: the access code has 7 characters instead of 8. Check it for a typing error",
            ])
    }

    @Test(arguments: [
        ("{ printers: [", "config.json5:1: expected a value, found the end of the file"),
        ("{\n  printers: [\n  }\n}", "config.json5:3: expected a value, found \"}\""),
        ("{\n  a: 1\n  b: 2\n}", "config.json5:3: expected a , or }, found \"b\""),
        ("{ a: yes }", "config.json5:1: expected a value, found a word without quotes. Strings need quotes"),
        ("{ a: \"x\n }", "config.json5:1: this string is not closed"),
        ("{ /* a }", "config.json5:1: this comment is not closed"),
        ("{} {}", "config.json5:1: unexpected text after the end of the configuration"),
        ("[]", "config.json5:1: expected an object, found a list"),
        ("1.", "config.json5:1: expected an object, found a number"),
        (
            "{ printers: [\n { serial: \"A\", host: \"h\", access_code: \"1\",\n hots: 1 } ] }",
            "config.json5:3: printers[0].hots: unknown key; did you mean \"host\"?"
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h\", access_code: 12345678 } ] }",
            "config.json5:1: printers[0].access_code: expected a string in quotes, found a number"
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h\", access_code: \"1\", access_code_file: \"/x\" } ] }",
            "config.json5:1: printers[0].access_code: access_code and access_code_file cannot be combined. Remove one of the two"
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h\", access_code_file: \"/nowhere\" } ] }",
            "config.json5:1: printers[0].access_code_file: cannot read the secret file /nowhere: no such file"
        ),
        (
            "{ printers: [ { serial: \"A\", serial: \"B\", host: \"h\", access_code: \"1\" } ] }",
            "config.json5:1: printers[0].serial: this key occurs twice. Remove one of the two"
        ),
        (
            "{ printers: [\n{ serial: \"A\", host: \"h\", access_code: \"1\" },\n{ serial: \"A\", host: \"i\", access_code: \"1\" } ] }",
            "config.json5:3: printers[1].serial: another printer has the same serial number, A"
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h\", access_code: \"1\",\n \"s\\u0065rial\": \"B\" } ] }",
            "config.json5:2: printers[0].serial: this key occurs twice. Remove one of the two"
        ),
        (
            "{ state_dir: \"a\",\n\n shard: {}, 'state\\x5fdir': 'b' }",
            "config.json5:3: state_dir: this key occurs twice. Remove one of the two"
        ),
        (
            "{\n state_dir: \"a\\q\" }",
            "config.json5:2: this string contains an invalid escape or character"
        ),
        ("{\n\u{A0}state_dir: 'a' }", "config.json5:2: expected a key, found the character U+A0"),
        (
            "{ printers: [ { name: \"B\", serial: \"A\" },\n { name: \"x\", serial: \"B\" } ] }",
            "config.json5:1: printers[0].name: another printer has the serial number B"
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h\", access_code: \"1\" },\n { serial: \"B\", host: \"H\", access_code: \"1\" } ] }",
            "config.json5:2: printers[1].host: printer A has the same host and mqtt_port, h and 8883"
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"mqtts://h\", access_code: \"1\" } ] }",
            "config.json5:1: printers[0].host: expected a name or an IP address, found a URL. Remove the scheme and the path"
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h:8883\", access_code: \"1\" } ] }",
            "config.json5:1: printers[0].host: expected a name or an IP address without port and brackets. The port has its own key"
        ),
        (
            "{ broker: { host: \"mqtt.lan:1883\" } }",
            "config.json5:1: broker.host: expected a name or an IP address without port and brackets. The port has its own key"
        ),
        (
            "{ broker: { host: \"h\", tls: { cert_file: \"a\" } } }",
            "config.json5:1: broker.tls: cert_file and key_file belong together, and one is missing"
        ),
        (
            "{ defaults: { tls: { ca_file: \"a\", fingerprint: \"sha256:\(String(repeating: "0", count: 64))\" } }, printers: [ { serial: \"A\" } ] }",
            "config.json5:1: defaults.tls: verify is missing. Set it to \"ca\" to use ca_file, or to \"pin\" to use fingerprint"
        ),
        (
            "{ printers: [ { name: \"x\", serial: \"A\", host: \"h\", access_code: \"1\" }, { name: \"x\", serial: \"B\", host: \"i\", access_code: \"1\" } ] }",
            "config.json5:1: printers[1].name: another printer has the same name, x"
        ),
        (
            "{ printers: [ { host: \"h\", access_code: \"1\" } ] }",
            "config.json5:1: printers[0]: serial is missing. It is on the printer's sticker and on its screen"
        ),
        (
            "{ printers: [ { serial: \"A/#\", host: \"h\", access_code: \"1\" } ] }",
            "config.json5:1: printers[0].serial: expected a serial number of letters and digits"
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h\", access_code: \"1\", mqtt_port: 70000 } ] }",
            "config.json5:1: printers[0].mqtt_port: expected a whole number from 1 to 65535, found 70000"
        ),
        (
            "{ telemetry: { stale_after: \"90\" } }",
            "config.json5:1: telemetry.stale_after: expected a duration such as \"90s\", \"5m\" or \"1h30m\", found \"90\""
        ),
        (
            "{ telemetry: { stale_after: \"1s\" } }",
            "config.json5:1: telemetry.stale_after: expected at least \"2s\", found \"1s\""
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h\", access_code: \"1\", tls: { verify: \"ca\" } } ] }",
            "config.json5:1: printers[0].tls: verify: \"ca\" requires ca_file, a PEM file with the authorities to trust"
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h\", access_code: \"1\", tls: { verify: \"yes\" } } ] }",
            "config.json5:1: printers[0].tls.verify: expected one of tofu, ca, pin, none, found \"yes\""
        ),
        (
            "{ printers: [ { serial: \"A\", host: \"h\", access_code: \"1\", camera: { window: \"30s\", interval: \"20s\" } } ] }",
            "config.json5:1: printers[0].camera.window: 30s is too long. The window must be shorter than the interval of 20s"
        ),
        (
            "{ shard: { index: 2, count: 2 } }",
            "config.json5:1: shard.index: 2 is too large. It must be less than the shard count, 2"
        ),
    ])
    func `a mistake is reported with line, key and remedy`(text: String, message: String) throws {
        #expect(try problems(text).first == message)
    }

    @Test func `a client certificate that cannot be read is an error that names the file`() throws {
        let found = try problems("{ broker: { host: \"h\", tls: { cert_file: \"/dev/null\", key_file: \"b\" } } }")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("config.json5:1: broker.tls: /dev/null: holds no PEM certificate") == true)
    }

    @Test func `all mistakes are reported at once`() throws {
        let found = try problems("{ telemetry: { stale_after: 5, job_info: 1 }, nothing: 1 }")
        #expect(found.count == 3)
    }

    /// Every scalar key of the reference, with a function that writes a value of it as a file.
    private static let keys: [(setting: SettingDescription, file: @Sendable (String) -> String)] = {
        func keys(
            _ settings: [SettingDescription], _ wrap: @escaping @Sendable (String) -> String
        ) -> [(setting: SettingDescription, file: @Sendable (String) -> String)] {
            settings.flatMap { setting -> [(setting: SettingDescription, file: @Sendable (String) -> String)] in
                let inner: @Sendable (String) -> String = {
                    wrap("{ \(setting.key): \(setting.isList ? "[\($0)]" : $0) }")
                }
                return setting.members.isEmpty ? [(setting, inner)] : keys(setting.members, inner)
            }
        }
        return keys(Configuration.descriptions) { $0 }
    }()

    @Test func `every documented key rejects a value of another type`() throws {
        for (setting, file) in Self.keys {
            let found = try problems(file("{ x: 1 }"))
            #expect(found.contains { $0.contains("\(setting.key): expected") }, "\(setting.key): \(found)")
        }
    }

    @Test func `the documented default is the value of a missing key`() throws {
        func read(_ text: String) throws -> Configuration {
            var reading = ConfigurationReading(of: "file")
            var configuration = Configuration()
            configuration.read(try JSON5Document(text).root, at: "", &reading)
            return configuration
        }
        var count = 0
        for (setting, file) in Self.keys where !setting.fallback.isEmpty {
            let (with, without) = (try read(file(setting.fallback)), try read(file("null")))
            #expect("\(with)" == "\(without)", "\(setting.key)")
            count += 1
        }
        #expect(count > 20)
    }

    @Test func `one printer needs no file`() throws {
        let configuration = try load(
            nil,
            environment: [
                "BAMBU_PRINTER_HOST": "192.168.1.50", "BAMBU_PRINTER_SERIAL": "01P00A000000001",
                "BAMBU_PRINTER_ACCESS_CODE": "12345678\n", "STATE_DIRECTORY": "/var/lib/a:/var/lib/b",
            ])
        #expect(configuration.printers.map(\.name) == ["01P00A000000001"])
        #expect(configuration.printers.first?.accessCode == Secret("12345678"))
        #expect(configuration.stateDirectory == "/var/lib/a")
    }

    @Test func `the environment overrides the file for its printer`() throws {
        let configuration = try load(
            "{ printers: [ { name: \"garage\", serial: \"A\", host: \"h\", access_code: \"1\" } ], state_dir: \"/x\" }",
            environment: ["BAMBU_PRINTER_SERIAL": "A", "BAMBU_PRINTER_HOST": "other", "BAMBU_STATE_DIR": "/y"])
        #expect(configuration.printers.map(\.host) == ["other"])
        #expect(configuration.printers.map(\.name) == ["garage"])
        #expect(configuration.stateDirectory == "/y")
    }

    @Test func `a missing environment variable is reported`() throws {
        let found = try problems(nil, environment: ["BAMBU_PRINTER_HOST": "h", "BAMBU_PRINTER_SERIAL": "A"])
        #expect(found.count == 1 && found[0].contains("BAMBU_PRINTER_ACCESS_CODE: is missing"))
    }

    @Test func `an empty configuration is rejected with instructions`() throws {
        #expect(try problems(nil).first?.contains("set BAMBU_PRINTER_HOST") == true)
    }

    @Test(arguments: [("2", "3"), ("exporter-2", "3")])
    func `a shard index can be a number or a pod name`(index: String, count: String) throws {
        let shard = try Options(arguments: ["--shard.index=\(index)"]).shard
        let configuration = try load("{}", environment: ["BAMBU_SHARD_COUNT": count], shard: shard)
        #expect(configuration.shard.index == 2 && configuration.shard.count == 3)
    }

    @Test(arguments: [
        (["BAMBU_SHARD_INDEX": "a-3", "BAMBU_SHARD_COUNT": "3"], [], "environment: BAMBU_SHARD_INDEX: 3 is too large"),
        (["BAMBU_SHARD_INDEX": "exporter"], [], "environment: BAMBU_SHARD_INDEX: expected a whole number or a name"),
        (["BAMBU_SHARD_COUNT": "0"], [], "environment: BAMBU_SHARD_COUNT: expected a whole number from 1 to 100000"),
        (["BAMBU_SHARD_INDEX": "0"], ["--shard.index=1"], "command line: --shard.index: 1 is too large"),
    ])
    func `a wrong shard is reported with the setting that caused it`(
        environment: [String: String], flags: [String], message: String
    )
        throws
    {
        let shard = try Options(arguments: flags).shard
        let error = #expect(throws: ConfigurationError.self) { try load("{}", environment: environment, shard: shard) }
        #expect(error.map { "\($0)".hasPrefix(message) } == true, "\(String(describing: error))")
    }

    @Test func `every printer belongs to exactly one shard`() {
        for number in 0..<200 {
            let serial = "01P00A\(number)"
            let takers = (0..<7).count { Configuration.Shard(index: $0, count: 7).takes(serial) }
            #expect(takers == 1)
        }
        // FNV-1a-64 of "a" is af63dc4c8601ec8c.
        #expect(Configuration.Shard(index: Int(0xAF63_DC4C_8601_EC8C % 10 as UInt64), count: 10).takes("a"))
    }

    @Test func `no message contains a secret`() throws {
        let text = "{ printers: [ { serial: \"A\", host: \"h\", access_code: \"geheim99\", nmae: 1 } ] }"
        #expect(try !problems(text).joined().contains("geheim99"))
        #expect("\(Secret("geheim99"))" == "<secret>")
        #expect(
            !"\(try load("{ printers: [ { serial: \"A\", host: \"h\", access_code: \"geheim99\" } ] }"))".contains(
                "geheim99"))
    }

    @Test(arguments: [
        "access_code: geheim99", "access_code: \"geheim99", "access_code: 'geheim99\"", "access_code: 'it's geheim99'",
        "access_code, \"geheim99\"", "access_code: {\"geheim99\"}", "access_code: 099999999", "access_code: 1e99999999",
        "access_code: 0x99999999999999999999",
    ])
    func `no message contains a secret after a syntax error`(member: String) throws {
        let found = try problems("{ printers: [ { serial: \"A\", host: \"h\", \(member) } ] }")
        #expect(!found.isEmpty)
        #expect(!found.joined().contains("geheim99") && !found.joined().contains("99999999"))
    }

    @Test(arguments: [
        ("300ms", Duration.milliseconds(300)), ("90s", .seconds(90)), ("5m", .seconds(300)), ("1h30m", .seconds(5400)),
        ("1d", .seconds(86400)), ("0", .zero),
    ])
    func `durations have the format of Prometheus`(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
        #expect(DurationText.parse(DurationText.text(of: duration)) == duration)
    }

    @Test(arguments: [
        "", "5", "s", "1m1h", "1s1s", "-5s", "1.5s", "5 s", "99999999999999999999s", "9223372036854775807y",
    ])
    func `invalid durations are rejected`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
