import Cloud
import Foundation
import Testing

@testable import Exporter

@Suite("Configuration of account and broker")
struct SharedConfigurationTests {
    private let folder: TemporaryFolder
    private let token: String

    init() throws {
        folder = try TemporaryFolder()
        token = try folder.write("token", "AADB1234\n")
    }

    private func load(_ text: String?, environment: [String: String] = [:]) throws -> Configuration {
        let file = try text.map { try folder.write("config.json5", $0) }
        return try ConfigurationLoader(file: file, environment: environment).load()
    }

    private func problems(_ text: String) throws -> [String] {
        do {
            _ = try load(text)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map { $0.description.replacing(folder.url.path + "/", with: "") }
        }
    }

    @Test func `a token file is enough for an account`() throws {
        let cloud = try #require(try load("{ cloud: { token_file: \"\(token)\" } }").cloud)
        #expect(cloud.region == .global && cloud.interval == .seconds(300) && cloud.readsReports && cloud.takes("A"))
        #expect(cloud.hosts == CloudClient.Hosts(api: "https://api.bambulab.com", site: "https://bambulab.com"))
        #expect(cloud.session.host == "us.mqtt.bambulab.com" && cloud.session.port == 8883)
        #expect(cloud.session.security == .verified(authorityFile: nil) && !cloud.wantsCameras)
    }

    @Test(
        arguments: [
            ("cloud: { token_file: 'TOKEN' }", true),
            ("cloud: { token_file: 'TOKEN', api_url: 'http://127.0.0.1:1' }", true),
            ("cloud: { token_file: 'TOKEN', api_url: 'http://127.0.0.1:1', mqtt: false }", false),
            ("fault_texts: {}, broker: { host: 'h', plain: true }", true),
            ("broker: { host: 'h' }", true), ("broker: { host: 'h', tls: { verify: 'none' } }", false),
            ("printers: [ { serial: '01P00A000000001', host: 'h', access_code: '12345678' } ]", false),
        ])
    func `the system's authorities are read if a connection needs them`(text: String, isNeeded: Bool) throws {
        let configuration = try load("{ \(text.replacing("TOKEN", with: token)) }")
        #expect((configuration.authorities[nil] != nil) == isNeeded)
    }

    @Test func `a variable is enough for an account, with a region`() throws {
        let cloud = try #require(
            try load(nil, environment: ["BAMBU_CLOUD_TOKEN_FILE": token, "BAMBU_CLOUD_REGION": "china"]).cloud)
        #expect(cloud.tokenFile == token && cloud.session.host == "cn.mqtt.bambulab.com")
        #expect(cloud.hosts == CloudClient.Hosts(api: "https://api.bambulab.cn", site: "https://bambulab.cn"))
        #expect(throws: ConfigurationError.self) {
            try load(nil, environment: ["BAMBU_CLOUD_TOKEN_FILE": token, "BAMBU_CLOUD_REGION": "mars"])
        }
    }

    @Test func `every default can be overridden`() throws {
        let cloud = try #require(
            try load(
                """
                { cloud: { token_file: "\(token)", region: "china", interval: "1m", mqtt: false, printers: ["A", "B"],
                    camera_credentials: true, api_url: "http://127.0.0.1:1/", mqtt_host: "h", mqtt_port: 1 } }
                """
            ).cloud)
        #expect(cloud.interval == .seconds(60) && !cloud.readsReports && cloud.wantsCameras)
        #expect(cloud.takes("A") && !cloud.takes("C"))
        // The override also applies to the site for signing in.
        #expect(cloud.hosts == CloudClient.Hosts(api: "http://127.0.0.1:1", site: "http://127.0.0.1:1"))
        #expect(cloud.session.host == "h" && cloud.session.port == 1)
    }

    @Test(arguments: [
        ("{ cloud: {} }", "cloud.token_file: is missing"),
        (
            "{ cloud: { token_file: \"/nowhere/token\" } }",
            "cloud.token_file: cannot read the token file /nowhere/token: no such file. To get a token, run: bambu_exporter login"
        ),
        ("{ cloud: { token_file: \"TOKEN\", interval: \"30s\" } }", "cloud.interval: expected at least \"1m\""),
        ("{ cloud: { token_file: \"TOKEN\", region: \"mars\" } }", "cloud.region: expected one of global, china"),
        ("{ cloud: { token_file: \"TOKEN\", api_url: \"api.bambulab.com\" } }", "cloud.api_url: expected a URL"),
        (
            "{ cloud: { token_file: \"TOKEN\", api_url: \"https://me:pw@host\" } }",
            "cloud.api_url: remove user"
        ),
        ("{ cloud: { token_file: \"TOKEN\", api_url: \"file:///etc\" } }", "cloud.api_url: expected a URL"),
        (
            "{ cloud: { token_file: \"TOKEN\", printers: [\"a/b\"] } }",
            "cloud.printers[0]: expected a serial number of letters"
        ),
        ("{ cloud: { token_file: \"TOKEN\", printers: [\"A\", \"A\"] } }", "cloud.printers[1]: A is listed twice"),
        ("{ cloud: { token_file: \"TOKEN\", ca_file: \"/nowhere\" } }", "cloud.ca_file: /nowhere holds no PEM"),
        ("{ cloud: { token_file: \"TOKEN\", password: \"x\" } }", "cloud.password: unknown key"),
        ("{ broker: {} }", "broker: host is missing"),
        (
            "{ broker: { host: \"h\", password: \"a\", username: \"u\", password_file: \"b\" } }",
            "broker.password: password and password_file cannot"
        ),
        ("{ broker: { host: \"h\", password: \"a\" } }", "broker.username: is missing"),
        (
            "{ broker: { host: \"h\", password_file: \"/nowhere\", username: \"u\" } }",
            "broker.password_file: cannot read"
        ),
        ("{ broker: { host: \"h\", topic_prefix: \"a/#\" } }", "broker.topic_prefix: a topic prefix must not"),
        ("{ broker: { host: \"h\", plain: true, tls: {} } }", "broker.plain: is true"),
    ])
    func `invalid settings are reported with their key`(text: String, words: String) throws {
        let found = try problems(text.replacing("TOKEN", with: token))
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }

    @Test(arguments: ["two words", "", "{}"])
    func `an invalid token file is an error that does not show its contents`(contents: String) throws {
        let file = try folder.write("bad", contents)
        let found = try problems("{ cloud: { token_file: \"\(file)\" } }")
        #expect(found.count == 1 && found[0].contains("cloud.token_file") && !found[0].contains("two words"))
    }

    @Test func `unencrypted connections are rejected or cause a warning`() throws {
        func warnings(_ text: String) throws -> [String] { try load(text).warnings }
        for host in ["10.0.0.1", "127.0.0.1.example", "127.example"] {
            #expect(
                try problems("{ cloud: { token_file: \"\(token)\", api_url: \"http://\(host)\" } }").contains {
                    $0.contains("cloud.api_url") && $0.contains("http is not encrypted")
                })
        }
        #expect(try warnings("{ cloud: { token_file: \"\(token)\", api_url: \"http://127.0.0.1:8\" } }") == [])
        #expect(
            try warnings("{ broker: { host: \"h\", tls: { verify: \"none\" } } }").contains {
                $0.contains("broker.tls.verify is \"none\"")
            })
        #expect(
            try warnings("{ broker: { host: \"h\", plain: true, username: \"u\", password: \"p\" } }").contains {
                $0.contains("the password is sent unencrypted")
            })
        #expect(try warnings("{ broker: { host: \"h\" } }") == [])
    }

    @Test func `a broker reads every printer or the listed ones`() throws {
        let all = try #require(try load("{ broker: { host: \"h\", topic_prefix: \"farm/\" } }").broker)
        let open = all.session(of: Configuration.Shard())
        #expect(open.takesEveryPrinter && open.topicPrefix == "farm/" && open.security == .verified(authorityFile: nil))
        let named = try #require(try load("{ broker: { host: \"h\", plain: true, printers: [\"A\"] } }").broker)
        let closed = named.session(of: Configuration.Shard())
        #expect(!closed.takesEveryPrinter && named.takes("A") && !named.takes("B") && closed.security == .plain)
    }

    @Test func `shards of one client id have an id each`() throws {
        let broker = try #require(try load("{ broker: { host: \"h\", client_id: \"farm\" } }").broker)
        #expect(broker.session(of: Configuration.Shard()).clientID == "farm")
        #expect(broker.session(of: Configuration.Shard(index: 2, count: 3)).clientID == "farm-2")
    }
}
