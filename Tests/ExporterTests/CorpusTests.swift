import BambuProtocol
import Foundation
import Platform
import TLS
import Testing

@testable import Cloud
@testable import Exporter
@testable import HTTP

/// Checks that the seeds of the fuzz targets still parse as their names indicate: a seed that is rejected at once is
/// useless.
@Suite("Seeds of the fuzz targets")
struct CorpusTests {
    private func seed(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: PackageFolder.url.appending(path: "Fuzz/corpus/\(name)")))
    }

    private func text(_ name: String) throws -> String { String(decoding: try seed(name), as: UTF8.self) }

    @Test(arguments: [
        ("absolute", 1), ("accept", 1), ("asterisk", 1), ("http10", 1), ("no-body", 1), ("pipelined", 2),
        ("prometheus", 1), ("folding", 0), ("smuggling", 0), ("version", 0),
    ])
    func `the HTTP seeds parse`(name: String, count: Int) throws {
        var parser = RequestParser()
        try seed("http/\(name)").withUnsafeBytes { parser.append($0) }
        var requests = 0
        while let request = try? parser.next() { requests += request.path.isEmpty ? 0 : 1 }
        #expect(requests == count)
    }

    @Test(arguments: [("prometheus", 4), ("browser", 4), ("codings", 4), ("quoted", 2), ("odd", 0)])
    func `the Accept seeds parse`(name: String, count: Int) throws {
        #expect(AcceptList(try text("accept/\(name)")).items.count == count)
    }

    @Test(arguments: [("notify", "01P00A000000001"), ("answer", "22E00A000000001"), ("hostile", "A\\"), ("other", nil)])
    func `the SSDP seeds parse`(name: String, serial: String?) throws {
        #expect(Announcement(try seed("ssdp/\(name)"), from: "h")?.serial == serial)
    }

    @Test(arguments: ["report", "ams", "device", "spools", "version"])
    func `the report seeds parse`(name: String) throws {
        var printer = Printer(serial: "01P00A000000001")
        let outcome = try seed("scanner/\(name)").withUnsafeBytes { printer.apply($0, at: 1) }
        #expect(outcome.rejection == nil)
    }

    @Test(arguments: [
        ("printers", 2), ("shared", nil), ("mistakes", nil), ("broken", nil), ("exponent", nil), ("number", nil),
    ])
    func `the configuration seeds parse`(name: String, printers: Int?) throws {
        let configuration = try? ConfigurationLoader(file: "f", environment: [:]).load(text("configuration/\(name)"))
        #expect(configuration?.printers.count == printers)
    }

    @Test func `the seeds of configuration values parse`() throws {
        #expect(try JSON5Document(text("configuration/shared")).root.members.count == 2)
        #expect(try JSON5Document(text("configuration/odd")).root.members.count == 3)
        #expect(try JSON5Document(text("configuration/web")).root.members.count == 3)
        #expect(DurationText.parse(try text("configuration/duration")) != nil)
        #expect(Fingerprint(try text("configuration/fingerprint")) != nil)
        #expect(try CertificateList.parse(seed("configuration/certificates")).count == 1)
    }

    @Test func `the REST seeds parse`() throws {
        func body(_ name: String) throws -> [UInt8] {
            let seed = try seed("rest/\(name)")
            return Array(seed[try #require(seed.firstIndex(of: 10))...].dropFirst())
        }
        for name in ["bind", "version", "print"] { #expect(try AccountDevice.all(in: body(name))?.count == 1) }
        #expect(try AccountTask.latest(of: "A", in: body("tasks"))?.shares.count == 2)
        #expect(try AccountOwner.user(in: body("preference")) == "u_1234567")
        #expect(try AccountCamera(in: body("ttcode"))?.type == "tutk")
        for name in ["token", "jwt", "login"] {
            #expect(throws: Never.self) { try Token(text: String(decoding: body(name), as: UTF8.self), written: 0) }
        }
        for (name, status, kind) in [("refused", 401, CloudFailure.Kind.refused), ("limited", 429, .limited)] {
            #expect(CloudResponse(status: status, body: try body(name)).failure(at: 0)?.kind == kind)
        }
    }
}
