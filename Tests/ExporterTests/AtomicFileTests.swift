import Foundation
import Platform
import Testing

@testable import Exporter

@Suite("AtomicFile")
struct AtomicFileTests {
    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `a private file and its missing folders are only for their owner`() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.path + "/a/b/c"
        for text in ["first", "second"] {
            try AtomicFile.writePrivate(Array(text.utf8), to: file)
            #expect(FileManager.default.contents(atPath: file) == Data(text.utf8))
        }
        #expect(try permissions(file) == 0o600)
        #expect(try permissions(folder.url.path + "/a/b") == 0o700 && permissions(folder.url.path + "/a") == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/a/b") == ["c"])
    }

    @Test func `an error names the folder that cannot be created`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("file", "")
        let error = #expect(throws: SystemError.self) { try AtomicFile.createFolder(of: file + "/a/b") }
        #expect(error?.description == "creating \(file)/a: Not a directory")
    }

    @Test(arguments: [("a/b", "a"), ("/b", "/"), ("b", "."), ("/a//b", "/a/")])
    func `the folder of a file is the part before its name`(path: String, folder: String) {
        #expect(AtomicFile.folder(of: path) == folder)
    }
}

@Suite("TimeText")
struct TimeTextTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_803_000_000, "2027-02-19T01:20:00Z"), (-1, "1969-12-31T23:59:59Z"),
    ])
    func `a time is written as in RFC 3339`(seconds: Int, text: String) {
        #expect(TimeText.text(ofSeconds: seconds) == text)
    }

    @Test func `the current time has milliseconds`() throws {
        let text = TimeText.now()
        let parsed = try Date(text, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
        #expect(abs(parsed.timeIntervalSinceNow) < 60 && text.utf8.count == "1970-01-01T00:00:00.000Z".utf8.count)
    }
}
