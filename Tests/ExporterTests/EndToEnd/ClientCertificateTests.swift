import Foundation
import Testing

@testable import Exporter

/// A mosquitto that asks its clients for certificates and takes the user's name from them, and the real program.
@Suite("A broker that asks for a certificate", .timeLimit(.minutes(3)))
struct ClientCertificateTests {
    private let folder: TemporaryFolder
    private let broker: RunningMosquitto

    init() async throws {
        folder = try TemporaryFolder()
        try await folder.makeCertificate()
        try await folder.makeCertificate("client", subject: "exporter")
        try await folder.makeCertificate("stranger", subject: "exporter")
        let port = try FreePort.find()
        let path = folder.url.path
        let configuration = try folder.write(
            "mosquitto.conf",
            """
            user root
            log_type all
            listener \(port) 127.0.0.1
            certfile \(path)/server.crt
            keyfile \(path)/server.key
            cafile \(path)/client.crt
            require_certificate true
            use_identity_as_username true
            """)
        broker = try await RunningMosquitto(configuration, port: port, folder: folder)
    }

    /// - Parameter tls: what the broker's `tls` section has beside `ca_file`.
    private func configuration(_ tls: String, _ more: String = "") throws -> String {
        try folder.write(
            "config.json5",
            """
            { broker: { host: "localhost", port: \(broker.port)\(more),
                        tls: { ca_file: "\(folder.url.path)/server.crt"\(tls) } } }
            """)
    }

    private func exporter(_ file: String, _ more: String...) async throws -> RunningExporter {
        try await RunningExporter(["--config.file=\(file)", "--log.level=debug"] + more)
    }

    private func identity(_ name: String) -> String {
        ", cert_file: \"\(folder.url.path)/\(name).crt\", key_file: \"\(folder.url.path)/\(name).key\""
    }

    @Test func `the exporter is known by its certificate`() async throws {
        let exporter = try await exporter(configuration(identity("client")))
        try await exporter.eventually("the session stands") { exporter.log.contains("msg=\"Connected\"") }
        #expect(broker.output.contains("u'exporter'"))
    }

    @Test func `the log says that the broker wants a certificate`() async throws {
        let exporter = try await exporter(configuration(""))
        try await exporter.eventually("it says so") { exporter.log.contains("broker.tls.cert_file") }
        #expect(exporter.log.contains("reason=tls"))
        // The broker's alert is lost if the reset of the connection overtakes it.
        #expect(
            exporter.log.contains("certificate required") || exporter.log.contains("asked for a client certificate"))
    }

    @Test func `the log says that the broker does not know a certificate`() async throws {
        let exporter = try await exporter(configuration(identity("stranger")))
        try await exporter.eventually("it says so") { exporter.log.contains("broker.tls.cert_file") }
        #expect(exporter.log.contains("unknown CA") || exporter.log.contains("asked for a client certificate"))
    }

    @Test func `a renewed certificate is shown after a reload`() async throws {
        let exporter = try await exporter(configuration(identity("stranger")))
        try await exporter.eventually("it is refused") { exporter.log.contains("reason=tls") }
        for ending in ["crt", "key"] {
            let place = folder.url.appending(path: "stranger.\(ending)")
            try Data(contentsOf: folder.url.appending(path: "client.\(ending)")).write(to: place)
        }
        exporter.signal(SIGHUP)
        try await exporter.eventually("the session stands") { exporter.log.contains("msg=\"Connected\"") }
    }

    @Test func `shards of one client id do not take each other's session`() async throws {
        let file = try configuration(identity("client"), ", client_id: \"farm\"")
        let first = try await exporter(file, "--shard.index=0", "--shard.count=2")
        let second = try await exporter(file, "--shard.index=1", "--shard.count=2")
        for (index, exporter) in [first, second].enumerated() {
            try await exporter.eventually("the session stands") { exporter.log.contains("msg=\"Connected\"") }
            #expect(broker.output.contains("as farm-\(index) "))
        }
        #expect(!broker.output.contains("already connected"))
    }
}
