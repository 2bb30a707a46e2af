import Foundation
import Platform
import TLS
import Testing

@testable import Exporter

@Suite("Known certificates", .timeLimit(.minutes(2)))
struct KnownCertificatesTests {
    private let folder: TemporaryFolder
    private let lines = Locked<[String]>([])

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.url.path }
    private var file: URL { folder.url.appending(path: "known-certificates") }

    private static func fingerprint(_ number: Int) throws -> Fingerprint {
        let digits = String(number, radix: 16)
        return try #require(Fingerprint(String(repeating: "0", count: 64 - digits.count) + digits))
    }

    private func known(in directory: String? = nil) throws -> KnownCertificates {
        let lines = lines
        let known = KnownCertificates(log: Log(output: { line in lines.withLock { $0.append(line) } }))
        known.use(try KnownCertificates.read(in: directory ?? path))
        return known
    }

    private var log: [String] { lines.withLock { $0 } }

    @Test func `certificates are remembered across restarts, by printer and service`() throws {
        let first = try Self.fingerprint(1)
        let certificates = try known()
        certificates.remember(first, of: "A", service: "mqtt")
        certificates.remember(first, of: "B", service: "mqtt")
        certificates.synchronize()
        let again = try known()
        #expect(again.fingerprint(of: "A", service: "mqtt") == first)
        #expect(again.fingerprint(of: "A", service: "camera") == nil)
        #expect(try CertificateFile(in: path).forget("A") == 1)
        let last = try known()
        #expect(last.fingerprint(of: "A", service: "mqtt") == nil)
        #expect(last.fingerprint(of: "B", service: "mqtt") == first)
    }

    @Test func `a running exporter drops entries that another process removed`() throws {
        let certificates = try known()
        certificates.remember(try Self.fingerprint(1), of: "A", service: "mqtt")
        certificates.synchronize()
        #expect(try CertificateFile(in: path).forget("A") == 1)
        certificates.synchronize()
        #expect(certificates.fingerprint(of: "A", service: "mqtt") == nil)
    }

    @Test func `a deleted file drops no entry and is written again`() throws {
        let certificates = try known()
        certificates.remember(try Self.fingerprint(1), of: "A", service: "mqtt")
        certificates.synchronize()
        try FileManager.default.removeItem(at: file)
        certificates.synchronize()
        #expect(try known().fingerprint(of: "A", service: "mqtt") == (try Self.fingerprint(1)))
    }

    @Test func `certificates move to another state_dir, whose entries take precedence`() throws {
        let new = try TemporaryFolder()
        let other = try known(in: new.url.path)
        other.remember(try Self.fingerprint(2), of: "B", service: "mqtt")
        other.synchronize()
        let certificates = try known()
        certificates.remember(try Self.fingerprint(1), of: "A", service: "mqtt")
        certificates.remember(try Self.fingerprint(1), of: "B", service: "mqtt")
        certificates.use(try KnownCertificates.read(in: new.url.path))
        certificates.synchronize()
        for moved in [certificates, try known(in: new.url.path)] {
            #expect(moved.fingerprint(of: "A", service: "mqtt") == (try Self.fingerprint(1)))
            #expect(moved.fingerprint(of: "B", service: "mqtt") == (try Self.fingerprint(2)))
        }
    }

    @Test func `a certificate that could not be written is kept and written later`() throws {
        // A file in place of the directory also prevents root from writing.
        let obstacle = folder.url.appending(path: "state")
        let certificates = try known(in: obstacle.path)
        try Data().write(to: obstacle)
        certificates.remember(try Self.fingerprint(1), of: "A", service: "mqtt")
        certificates.synchronize()
        certificates.synchronize()
        #expect(certificates.fingerprint(of: "A", service: "mqtt") == (try Self.fingerprint(1)))
        #expect(log.count == 1 && log[0].contains("level=error"))
        try FileManager.default.removeItem(at: obstacle)
        certificates.synchronize()
        #expect(log.count == 2 && log[1].contains("in use again"))
        #expect(try known(in: obstacle.path).fingerprint(of: "A", service: "mqtt") == (try Self.fingerprint(1)))
    }

    @Test func `a thousand new printers cause few rewrites of the file`() throws {
        let due = Locked(0)
        let certificates = KnownCertificates(onUnwritten: { _ in due.withLock { $0 += 1 } })
        certificates.use(try KnownCertificates.read(in: path))
        for number in 0..<1000 {
            certificates.remember(try Self.fingerprint(number), of: "P\(number)", service: "mqtt")
        }
        #expect(due.withLock { $0 } == 1)
        certificates.synchronize()
        #expect(try CertificateFile(in: path).read().known.count == 1000)
    }

    @Test func `eight writers on one state_dir lose no entry`() async throws {
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let certificates = KnownCertificates()
                    certificates.use(try KnownCertificates.read(in: path))
                    for number in 0..<15 {
                        certificates.remember(
                            try Self.fingerprint(number), of: "W\(writer)N\(number)", service: "mqtt")
                        certificates.synchronize()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try CertificateFile(in: path).read().known.count == 120)
    }

    /// Kinds of damage to a valid file of three lines, with the line that the error names.
    static let damages: [(name: String, change: @Sendable ([UInt8]) -> [UInt8], line: Int)] = [
        ("cut within a line", { Array($0.dropLast(30)) }, 3),
        ("cut at a line", { Array($0.dropLast("# end\n".utf8.count)) }, 3),
        ("emptied", { _ in [] }, 1),
        ("NULs at its end", { $0.dropLast(8) + [UInt8](repeating: 0, count: 8) }, 3),
        ("NULs in a line", { $0[..<120] + [UInt8](repeating: 0, count: 8) + $0[128...] }, 2),
        ("line ends of Windows", { Array(String(decoding: $0, as: UTF8.self).replacing("\n", with: "\r\n").utf8) }, 1),
        ("garbage", { _ in (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 128) } }, 2),
        ("a word too many", { Array(String(decoding: $0, as: UTF8.self).replacing(" mqtt", with: " mqtt x").utf8) }, 2),
        (
            "a digit too few",
            { Array(String(decoding: $0, as: UTF8.self).replacing("sha256:0", with: "sha256:").utf8) }, 2
        ),
        ("a line twice", { $0.dropLast(6) + "B mqtt sha256:\(String(repeating: "0", count: 64))\n# end\n".utf8 }, 4),
    ]

    @Test(arguments: damages.indices)
    func `a damaged file is rejected with its line and never overwritten`(index: Int) throws {
        let (name, change, line) = Self.damages[index]
        let certificates = try known()
        certificates.remember(try Self.fingerprint(1), of: "A", service: "mqtt")
        certificates.remember(try Self.fingerprint(2), of: "B", service: "mqtt")
        certificates.synchronize()
        let damaged = Data(change(Array(try Data(contentsOf: file))))
        try damaged.write(to: file)
        let error = #expect(throws: ConfigurationError.self, "\(name)") { try known() }
        #expect(error?.problems.first?.place == "\(file.path):\(line)", "\(name): \(String(describing: error))")
        #expect(throws: ConfigurationError.self) { try CertificateFile(in: path).forget("A") }
        // The running exporter keeps its certificates and logs the problem once.
        certificates.remember(try Self.fingerprint(3), of: "C", service: "mqtt")
        for _ in 0..<3 { certificates.synchronize() }
        #expect(certificates.fingerprint(of: "A", service: "mqtt") == (try Self.fingerprint(1)))
        #expect(log.count == 1 && log[0].contains("damaged"))
        #expect(try Data(contentsOf: file) == damaged)
    }

    @Test func `a file without the header is read like those of earlier versions`() throws {
        try Data("# Certificates of printers\nA mqtt \(Self.fingerprint(1))\n".utf8).write(to: file)
        #expect(try known().fingerprint(of: "A", service: "mqtt") == (try Self.fingerprint(1)))
    }

    @Test func `an unreadable file is not treated as empty`() throws {
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        #expect(throws: ConfigurationError.self) { try known() }
    }
}
