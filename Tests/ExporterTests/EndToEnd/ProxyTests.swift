import Foundation
import Testing

@testable import Exporter

/// The exporter behind a real nginx with TLS and a path, scraped by a real Prometheus.
@Suite("Behind a proxy, end to end", .timeLimit(.minutes(3)))
struct ProxyTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// - Parameter upstream: the target of nginx; its path, if any, replaces the one of `location`.
    private func startProxy(on port: UInt16, to upstream: String) async throws -> Process {
        let program = URL(filePath: "/usr/sbin/nginx")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw RunningExporter.Failure(description: "nginx is missing: run `make tools`")
        }
        let path = folder.url.path
        let file = try folder.write(
            "nginx.conf",
            """
            daemon off; pid \(path)/nginx.pid; error_log \(path)/nginx.log;
            events {}
            http {
              access_log off;
              client_body_temp_path \(path)/body; proxy_temp_path \(path)/proxy; fastcgi_temp_path \(path)/fastcgi;
              uwsgi_temp_path \(path)/uwsgi; scgi_temp_path \(path)/scgi;
              server {
                listen 127.0.0.1:\(port) ssl;
                ssl_certificate \(path)/server.crt; ssl_certificate_key \(path)/server.key;
                location /bambu/ { proxy_pass \(upstream); }
              }
            }
            """)
        let process = Process()
        process.executableURL = program
        process.arguments = ["-c", file, "-p", path, "-e", "\(path)/nginx.log"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test(arguments: [false, true])
    func `Prometheus discovers and scrapes every target through the proxy`(stripsPath: Bool) async throws {
        try await folder.makeCertificate()
        let port = try FreePort.find()
        let file = try folder.write(
            "config.json5",
            #"{ printers: [ { name: "garage", serial: "01P00A000000001" }, { name: "desk", serial: "01P00A000000002" } ] }"#
        )
        let exporter = try await RunningExporter(
            ["--config.file=\(file)", "--web.external-url=https://localhost:\(port)/bambu"]
                + (stripsPath ? ["--web.route-prefix=/"] : []))
        let proxy = try await startProxy(on: port, to: "http://\(exporter.host)\(stripsPath ? "/" : "")")
        defer { proxy.terminate() }
        let authority = folder.url.appending(path: "server.crt").path
        let prometheus = try await RunningPrometheus(
            """
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: bambu
                tls_config: { ca_file: \(authority) }
                http_sd_configs:
                  - url: https://localhost:\(port)/bambu/sd
                    tls_config: { ca_file: \(authority) }
            """, folder: folder)
        try await exporter.eventually("all targets are scraped") {
            try prometheus.query("count(up == 1)") == "3"
                && prometheus.query(#"count(up{instance="garage"} == 1)"#) == "1"
                && prometheus.query(#"count(up{instance="localhost:\#(port)"} == 1)"#) == "1"
                && prometheus.query(#"bambu_exporter_config_last_reload_successful{instance="localhost:\#(port)"}"#)
                    == "1"
                && prometheus.query(#"bambu_up{instance="desk", printer="desk"}"#) == "0"
        }
        let root = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/curl"),
            ["-s", "--cacert", authority, "https://localhost:\(port)/bambu/"])
        #expect(root.output.contains("href=\"/bambu/metrics\""))
        prometheus.stop()
        #expect(try await exporter.stop() == 0)
    }
}
