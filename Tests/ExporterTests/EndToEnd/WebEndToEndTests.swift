import Foundation
import Platform
import Testing

@testable import Exporter

/// The listener with TLS and passwords, with curl and a real Prometheus as clients.
@Suite("TLS and passwords, end to end", .timeLimit(.minutes(3)))
struct WebEndToEndTests {
    private let folder: TemporaryFolder

    /// The example file; its password is "change-me".
    private static let sample = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../examples/web/web-config.json"
    ).standardizedFileURL

    init() throws {
        folder = try TemporaryFolder()
    }

    private var authority: String { folder.url.appending(path: "server.crt").path }

    private func exporter(_ web: String) async throws -> RunningExporter {
        let file = try folder.write("config.json5", #"{ printers: [ { serial: "01P00A000000001" } ] }"#)
        return try await RunningExporter(["--config.file=\(file)", "--web.config.file=\(web)", "--log.level=debug"])
    }

    private func useSample() throws -> String {
        try folder.write("web.json", String(contentsOf: Self.sample, encoding: .utf8))
    }

    /// Returns the status that curl received; "000" without a response.
    private func curl(_ arguments: String...) async throws -> String {
        try await Programs.runInBackground(
            URL(filePath: "/usr/bin/curl"),
            ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "20"] + arguments
        ).output
    }

    @Test func `promtool accepts the example, and the exporter enforces it`() async throws {
        try await folder.makeCertificate()
        let web = try useSample()
        let check = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/promtool"), ["check", "web-config", web])
        #expect(check.status == 0, "\(check.output)")
        let exporter = try await exporter(web)
        let url = "https://\(exporter.host)/metrics"
        #expect(try await curl("--cacert", authority, url) == "401")
        #expect(try await curl("--cacert", authority, "--user", "prometheus:wrong", url) == "401")
        #expect(try await curl("--cacert", authority, "--user", "unknown:change-me", url) == "401")
        #expect(try await curl("--cacert", authority, "--user", "prometheus:change-me", url) == "200")
        #expect(try await curl("--cacert", authority, "--user", "prometheus:change-me", url) == "200")
        #expect(try await curl("--cacert", authority, "https://\(exporter.host)/-/healthy") == "200")
        #expect(try await curl("http://\(exporter.host)/metrics") == "400")
        #expect(try await curl("--cacert", authority, "--tls-max", "1.1", url) == "000")
        let head = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/curl"), ["-sI", "--cacert", authority, "https://\(exporter.host)/-/healthy"]
        ).output
        #expect(head.contains("X-Frame-Options: deny\r\n"))
        let program = try Programs.url(of: "bambu_exporter")
        for (flags, status) in [(["--web.config.file=\(web)"], Int32(0)), ([], 1)] {
            let health = try await Programs.runInBackground(
                program, ["healthcheck", "--web.listen-address=\(exporter.host)"] + flags)
            #expect(health.status == status)
        }
        #expect(!exporter.log.contains("change-me") && !exporter.log.contains("$2"))
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a real Prometheus scrapes it over TLS with a password`() async throws {
        try await folder.makeCertificate()
        let exporter = try await exporter(try useSample())
        let common = """
            scheme: https
                tls_config: { ca_file: \(authority) }
            """
        let prometheus = try await RunningPrometheus(
            """
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: right
                \(common)
                basic_auth: { username: prometheus, password: change-me }
                static_configs: [ { targets: ["\(exporter.host)"] } ]
              - job_name: wrong
                \(common)
                basic_auth: { username: prometheus, password: other }
                static_configs: [ { targets: ["\(exporter.host)"] } ]
              - job_name: discovered
                \(common)
                basic_auth: { username: prometheus, password: change-me }
                http_sd_configs:
                  - url: https://\(exporter.host)/sd
                    tls_config: { ca_file: \(authority) }
                    basic_auth: { username: prometheus, password: change-me }
            """, folder: folder)
        try await exporter.eventually("all are scraped") {
            try prometheus.query(#"up{job="right"}"#) == "1" && prometheus.query(#"up{job="wrong"}"#) == "0"
                && prometheus.query(#"count(up{job="discovered"} == 1)"#) == "2"
        }
        prometheus.stop()
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a renewed certificate is used without a restart if it is valid`() async throws {
        try await folder.makeCertificate()
        let exporter = try await exporter(try useSample())
        let url = "https://\(exporter.host)/-/healthy"
        #expect(try await curl("--cacert", authority, url) == "200")
        let old = try Data(contentsOf: URL(filePath: authority))
        let oldFile = try folder.write("old.crt", String(decoding: old, as: UTF8.self))
        try Data("no certificate".utf8).write(to: URL(filePath: authority))
        try await exporter.eventually("the invalid one is logged") {
            _ = try Programs.run(URL(filePath: "/usr/bin/curl"), ["-s", "--cacert", oldFile, url])
            return exporter.log.contains("The renewed certificate is invalid; the old one stays in use")
        }
        #expect(try await curl("--cacert", oldFile, url) == "200")
        try await folder.makeCertificate()
        try await exporter.eventually("the new one is used") {
            let arguments = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", authority, url]
            return try Programs.run(URL(filePath: "/usr/bin/curl"), arguments).output == "200"
        }
        #expect(try await curl("--cacert", oldFile, url) == "000")
        #expect(try await exporter.stop() == 0)
    }

    @Test func `client certificates of an authority can be required`() async throws {
        try await folder.makeCertificate()
        try await folder.makeCertificate("client", subject: "scraper")
        try await folder.makeCertificate("stranger", subject: "stranger")
        let web = try folder.write(
            "web.json",
            """
            {"tls_server_config": {"cert_file": "server.crt", "key_file": "server.key", "min_version": "TLS13",
             "client_auth_type": "RequireAndVerifyClientCert", "client_ca_file": "client.crt"}}
            """)
        let exporter = try await exporter(web)
        let url = "https://\(exporter.host)/metrics"
        func file(_ name: String) -> String { folder.url.appending(path: name).path }
        // A client on the same machine can only read the health endpoints.
        #expect(try await curl("--cacert", authority, url) == "403")
        #expect(try await curl("--cacert", authority, "https://\(exporter.host)/") == "403")
        #expect(try await curl("--cacert", authority, "https://\(exporter.host)/-/healthy") == "200")
        let other = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/curl"),
            [
                "-s", "-o", "/dev/null", "-w", "%{http_code}", "--interface", "127.0.0.2", "--cacert", authority,
                "https://\(exporter.host)/-/healthy",
            ])
        #expect(other.output == "000")
        let health = try await Programs.runInBackground(
            Programs.url(of: "bambu_exporter"),
            ["healthcheck", "--web.listen-address=\(exporter.host)", "--web.config.file=\(web)"])
        #expect(health.status == 0, "\(health.output)")
        #expect(
            try await curl("--cacert", authority, "--cert", file("stranger.crt"), "--key", file("stranger.key"), url)
                == "000")
        #expect(
            try await curl("--cacert", authority, "--cert", file("client.crt"), "--key", file("client.key"), url)
                == "200")
        #expect(try await exporter.stop() == 0)
    }

    @Test func `healthcheck uses the environment and reports the reason`() async throws {
        try await folder.makeCertificate()
        let exporter = try await exporter(try useSample())
        let program = try Programs.url(of: "bambu_exporter")
        func check(_ environment: [String: String]) throws -> (status: Int32, output: String) {
            try Programs.run(program, ["healthcheck"], environment: environment)
        }
        let web = folder.url.appending(path: "web.json").path
        let good = try check(["BAMBU_WEB_LISTEN_ADDRESS": exporter.host, "BAMBU_WEB_CONFIG_FILE": web])
        #expect(good.status == 0 && good.output.isEmpty, "\(good.output)")
        let plain = try check(["BAMBU_WEB_LISTEN_ADDRESS": exporter.host])
        #expect(plain.status == 1 && plain.output.contains("\(exporter.host): /-/healthy returns 400"))
        let unused = "127.0.0.1:\(try FreePort.find())"
        let refused = try check(["BAMBU_WEB_LISTEN_ADDRESS": unused])
        #expect(refused.status == 1 && refused.output.contains("\(unused): cannot connect: "))
        let tls = try check(["BAMBU_WEB_LISTEN_ADDRESS": unused, "BAMBU_WEB_CONFIG_FILE": web])
        #expect(tls.status == 1 && tls.output.contains("\(unused): nothing listens there"))
        #expect(try check(["BAMBU_WEB_LISTEN_ADDRESS": "nowhere"]).status == 2)
        #expect(try await exporter.stop() == 0)
    }

    @Test func `the duration of a check does not depend on the user's bcrypt cost`() {
        let hash = "$2y$06$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234"
        #expect(BcryptCost.of(hash) == 6 && BcryptCost.of("secret") == nil)
        // 2^6 + 2^6 + 2^7 + 2^8 is 2^9: the same work as for a user with cost 9, and for an unknown user.
        #expect(BcryptCost.missing(to: 9, after: hash) == [6, 7, 8])
        #expect(BcryptCost.missing(to: 6, after: hash) == [])
        #expect(BcryptCost.missing(to: 9, after: nil) == [9])
        #expect(BcryptCost.decoy(of: 4).utf8.count == 60)
    }

    @Test func `password guesses of one client barely delay another client`() async throws {
        let checker = try PasswordChecker()
        let hash = BcryptCost.decoy(of: 8)
        let order = Locked<[String]>([])
        var queued = 0
        for guess in 0..<100 {
            let isQueued = checker.check(Secret("guess\(guess)"), against: hash, cost: 8, for: "greedy") { _ in
                order.withLock { $0.append("greedy") }
            }
            queued += isQueued ? 1 : 0
        }
        #expect(queued < 20)
        let isQueued = checker.check(Secret("x"), against: hash, cost: 8, for: "prometheus") { _ in
            order.withLock { $0.append("prometheus") }
        }
        #expect(isQueued)
        try await eventually("all are checked") { order.withLock { $0.count } == queued + 1 }
        // Its turn comes after the current check and one more.
        #expect(order.withLock { $0.firstIndex(of: "prometheus") ?? 99 } <= queued - 10)
    }

    @Test func `guessing passwords does not delay clients with a known one`() async throws {
        try await folder.makeCertificate()
        let exporter = try await exporter(try useSample())
        let url = "https://\(exporter.host)/metrics"
        #expect(try await curl("--cacert", authority, "--user", "prometheus:change-me", url) == "200")
        let authority = authority
        let statuses = try await withThrowingTaskGroup(of: String.self) { group in
            for guess in 0..<12 {
                group.addTask { try await curl("--cacert", authority, "--user", "prometheus:guess\(guess)", url) }
            }
            var statuses: [String] = []
            for try await status in group { statuses.append(status) }
            return statuses
        }
        #expect(statuses == [String](repeating: "401", count: 12))
        #expect(try await curl("--cacert", authority, "--user", "prometheus:change-me", url) == "200")
        #expect(try await exporter.stop() == 0)
    }
}
