import Foundation
import Platform
import Testing

@testable import Exporter

/// Malicious clients of the real exporter.
@Suite("Hostile scrapers, end to end", .timeLimit(.minutes(3)))
struct HostileScraperTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func exporter(_ flags: String...) async throws -> RunningExporter {
        let file = try folder.write("config.json5", #"{ printers: [ { serial: "01P00A000000001" } ] }"#)
        return try await RunningExporter(["--config.file=\(file)"] + flags)
    }

    /// Opens a connection and sends an incomplete request.
    private func half(of request: String, to host: String) throws -> Int32 {
        let address = try SocketAddress(
            numeric: "127.0.0.1", port: #require(host.split(separator: ":").last.flatMap { UInt16($0) }))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else { throw SystemError(errno, "connect") }
        let bytes = Array(request.utf8)
        send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        return descriptor
    }

    /// Whether the peer neither sent data nor closed the connection.
    private func isIdle(_ descriptor: Int32) -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wanted, 1, 0) == 0
    }

    @Test func `three hundred unfinished requests do not delay a scrape`() async throws {
        let exporter = try await exporter()
        let slow = try (0..<300).map { _ in try half(of: "GET /metrics HTTP/1.1\r\nHost: ", to: exporter.host) }
        defer { for descriptor in slow { close(descriptor) } }
        var fastest = Duration.seconds(60)
        // While all connections are open, which is five seconds; one fast scrape proves that no connection is waited
        // for.
        while slow.allSatisfy(isIdle), fastest >= .milliseconds(100) {
            let start = ContinuousClock.now
            #expect(try exporter.get("/metrics").status == 200)
            if slow.allSatisfy(isIdle) { fastest = min(fastest, ContinuousClock.now - start) }
        }
        #expect(fastest < .milliseconds(100))
        try await exporter.eventually("all of them are closed") { slow.allSatisfy { !isIdle($0) } }
        #expect(
            try exporter.metrics().value("bambu_exporter_http_requests_rejected_total", ["reason": "timeout"]) == 300)
        #expect(try await exporter.stop() == 0)
    }

    @Test func `forty pipelining clients do not delay another address`() async throws {
        let printers = (0..<1000).map { #"{ serial: "01P00A0000\#(10_000 + $0)" }"# }.joined(separator: ",")
        let file = try folder.write("config.json5", "{ printers: [ \(printers) ] }")
        let exporter = try await RunningExporter(["--config.file=\(file)"])
        let requests = String(repeating: "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", count: 20)
        var greedy: [Int32] = []
        defer { for descriptor in greedy { close(descriptor) } }
        for _ in 0..<3 {
            greedy += try (0..<45).map { _ in try half(of: requests, to: exporter.host) }
            let other = try await Programs.runInBackground(
                URL(filePath: "/usr/bin/curl"),
                [
                    "-s", "-o", "/dev/null", "-w", "%{http_code}", "--interface", "127.0.0.2",
                    "http://\(exporter.host)/metrics",
                ])
            #expect(other.output == "200")
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `too many connections do not lock out other clients`() async throws {
        let exporter = try await exporter()
        let many = try (0..<600).map { _ in try half(of: "GET ", to: exporter.host) }
        defer { for descriptor in many { close(descriptor) } }
        #expect(try exporter.get("/metrics").status == 200)
        #expect(try exporter.metrics().value("process_open_fds") ?? .infinity < 600)
        #expect(try await exporter.stop() == 0)
    }

    @Test(arguments: [
        "/probe?target=127.0.0.1", "/probe?target=http%3A%2F%2F127.0.0.1%3A22", "/probe?target=localhost:8883",
        "/probe?target=../../etc/passwd", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/metrics/../probe",
    ])
    func `a probe accepts configured printers only, and a path is no file`(path: String) async throws {
        let exporter = try await exporter()
        let answer = try exporter.get(path)
        #expect(answer.status == 404)
        #expect(!answer.body.contains("root:") && !answer.body.contains("target=") && !answer.body.contains("22"))
        #expect(try exporter.get("/probe?target=01P00A000000001").status == 200)
        #expect(try await exporter.stop() == 0)
    }

    @Test func `requests are not echoed in the page, the log or a header`() async throws {
        let exporter = try await exporter("--log.level=debug")
        for path in [
            "/<script>alert(1)</script>", "/%3Cscript%3E", "/x%0d%0aSet-Cookie:%20a=b", "/probe?target=<script>",
        ] {
            let answer = try exporter.get(path, ["Accept": "text/html", "X-Forwarded-For": "time=2026 level=error"])
            #expect([400, 404].contains(answer.status) && !answer.body.lowercased().contains("set-cookie: a=b\r"))
        }
        #expect(!exporter.log.contains("script") && !exporter.log.contains("level=error"))
        #expect(try await exporter.stop() == 0)
    }

    /// Runs a handshake with openssl's client, which is allowed every old version and cipher. Returns its output.
    private func handshake(_ version: String, _ host: String) async throws -> String {
        try await Programs.runInBackground(
            URL(filePath: "/bin/sh"),
            [
                "-c",
                "echo | timeout 20 openssl s_client \(version) -cipher 'ALL:@SECLEVEL=0' -connect \(host) 2>&1",
            ]
        ).output
    }

    @Test func `the exporter rejects old TLS, and plain HTTP gets an error`() async throws {
        try await folder.makeCertificate()
        let web = try folder.write(
            "web.json", #"{"tls_server_config": {"cert_file": "server.crt", "key_file": "server.key"}}"#)
        let exporter = try await exporter("--web.config.file=\(web)")
        for version in ["-tls1", "-tls1_1"] {
            let output = try await handshake(version, exporter.host)
            #expect(output.contains("alert protocol version"), "\(output)")
        }
        #expect(try await handshake("-tls1_2", exporter.host).contains("Cipher    : ECDHE"))
        #expect(try await handshake("-tls1_3", exporter.host).contains("New, TLSv1.3"))
        let plain = try exporter.get("/metrics")
        #expect(plain.status == 400 && !plain.body.contains("bambu_"))
        // Data other than a handshake closes the connection and has no other effect.
        for noise in ["\u{16}\u{3}\u{1}\0\u{5}", "SSH-2.0-x\r\n", String(repeating: "\0", count: 20_000)] {
            close(try half(of: noise, to: exporter.host))
        }
        #expect(try await handshake("-tls1_3", exporter.host).contains("New, TLSv1.3"))
        #expect(try await exporter.stop() == 0)
    }
}
