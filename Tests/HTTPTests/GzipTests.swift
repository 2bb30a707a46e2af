import Glibc
import TestSupport
import Testing

@testable import HTTP

@Suite("Gzip")
struct GzipTests {
    /// The output of the system's gzip for `bytes`.
    private func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
        var path = Array("/tmp/gzip-tests-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        try #require(file >= 0)
        defer {
            unlink(path)
            close(file)
        }
        try #require(write(file, bytes, bytes.count) == bytes.count)
        let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pipe = try #require(popen("gzip -dc < \(name)", "r"))
        var (result, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65536))
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            guard count > 0 else { break }
            result.append(contentsOf: buffer.prefix(count))
        }
        try #require(pclose(pipe) == 0)
        return result
    }

    @Test(arguments: [0, 1, 1000, 65_536, 3_000_000])
    func `gzip decompresses the output of repeated calls`(count: Int) throws {
        var random = Seeded(46)
        let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = Array(repeatElement("bambu_printer_up{printer=\"one\"} 1\n".utf8, count: count / 30).joined())
        let gzip = Gzip()
        for body in [noise, text, noise] {
            #expect(try unpacked(try #require(gzip.compress(body))) == body)
        }
    }

    @Test func `exposition text shrinks to less than a tenth`() throws {
        let body = Array(
            (0..<1000).map { "bambu_ams_tray_remaining_percent{tray=\"\($0)\"} \($0 % 7)\n" }.joined().utf8)
        #expect(try #require(Gzip().compress(body)).count < body.count / 10)
    }
}
