import Foundation
import Testing

@testable import Exporter
@testable import Simulator

/// Whether this process may give a program file systems of its own.
private let hasMountNamespaces: Bool = {
    let answer = try? Programs.run(URL(filePath: "/usr/bin/unshare"), ["-m", "true"])
    return answer?.status == 0
}()

@Suite("The account over TLS", .timeLimit(.minutes(1)))
struct AccountTLSTests {
    /// libcurl takes the authorities of the system from one file, so the program gets another such file.
    @Test(.enabled(if: hasMountNamespaces, "only root may mount a file over the system's authorities"))
    func `the REST interface is asked over TLS, with the system's authorities, and nobody else is believed`()
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
        // The broker is believed by the same authorities, for no ca_file says otherwise.
        let file = try folder.write(
            "config.json5",
            """
            { cloud: { api_url: "\(cloud.url)", token_file: "\(token)", mqtt_host: "localhost", mqtt_port: \(cloud.brokerPort) } }
            """)
        let stranger = try await RunningExporter(["--config.file=\(file)"])
        try await stranger.eventually("the certificate is refused") {
            try stranger.metrics().value("bambu_cloud_request_failures_total", ["api": "bind", "reason": "network"])
                == 1
        }
        #expect(cloud.account.requests.isEmpty && !stranger.log.contains(cloud.account.token))
        let authorities = "/etc/ssl/certs/ca-certificates.crt"
        let friend = try await RunningExporter(
            ["--config.file=\(file)"], environment: ["SSL_CERT_FILE": authorities],
            through: "exec unshare -m sh -c 'mount --bind \(fleet.caFile) \(authorities) && exec \"$0\" \"$@\"' \"$@\"")
        try await friend.eventually("the account answers") {
            try friend.metrics().value("bambu_cloud_up") == 1
                && friend.metrics().value("bambu_cloud_printer_online", ["printer": fleet.printers[0].serial]) == 1
        }
        try await friend.eventually("reports arrive") { try friend.metrics().value("bambu_up") == 1 }
        #expect(!friend.log.contains(cloud.account.token))
    }
}
