import Foundation
import Testing

@testable import Exporter
@testable import Simulator

/// Whether this process may create mount namespaces.
private let hasMountNamespaces: Bool = {
    let answer = try? Programs.run(URL(filePath: "/usr/bin/unshare"), ["-m", "true"])
    return answer?.status == 0
}()

@Suite("Account over TLS", .timeLimit(.minutes(1)))
struct AccountTLSTests {
    /// libcurl reads the system's authorities from one file, so the exporter gets another file in its place.
    @Test(.enabled(if: hasMountNamespaces, "only root may mount a file over the system's authorities"))
    func `the REST interface is verified against the system's authorities`()
        async throws
    {
        let folder = try TemporaryFolder()
        var options = FleetOptions()
        options.account.isSecure = true
        var printer = PrinterOptions(.p1s, name: "attic")
        (printer.isBound, printer.hasLAN) = (true, false)
        let fleet = try SimulatedFleet([printer], options: options)
        try await fleet.start()
        defer { fleet.stop() }
        let cloud = try #require(fleet.cloud)
        let token = try folder.write("token", cloud.account.token)
        // The broker is verified against the same authorities, since no ca_file is set.
        let file = try folder.write(
            "config.json5",
            """
            { cloud: { api_url: "\(cloud.url)", token_file: "\(token)", mqtt_host: "localhost", mqtt_port: \(cloud.brokerPort) } }
            """)
        let untrusting = try await RunningExporter(["--config.file=\(file)"])
        try await untrusting.eventually("the certificate is refused") {
            try untrusting.metrics().value("bambu_cloud_request_failures_total", ["api": "bind", "reason": "network"])
                == 1
        }
        #expect(cloud.account.requests.isEmpty && !untrusting.log.contains(cloud.account.token))
        let authorities = "/etc/ssl/certs/ca-certificates.crt"
        let trusting = try await RunningExporter(
            ["--config.file=\(file)"], environment: ["SSL_CERT_FILE": authorities],
            through: "exec unshare -m sh -c 'mount --bind \(fleet.caFile) \(authorities) && exec \"$0\" \"$@\"' \"$@\"")
        try await trusting.eventually("polls succeed") {
            try trusting.metrics().value("bambu_cloud_up") == 1
                && trusting.metrics().value("bambu_cloud_printer_online", ["printer": fleet.printers[0].serial]) == 1
        }
        try await trusting.eventually("reports arrive") { try trusting.metrics().value("bambu_up") == 1 }
        #expect(!trusting.log.contains(cloud.account.token))
    }
}
