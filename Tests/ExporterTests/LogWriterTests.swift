import Foundation
import Testing

@testable import Exporter

@Suite("LogWriter")
struct LogWriterTests {
    @Test func `lines arrive complete and in order, and flush waits for them`() throws {
        let pipe = Pipe()
        let writer = try LogWriter(to: pipe.fileHandleForWriting.fileDescriptor)
        for number in 0..<100 { writer.write("line \(number)\n") }
        writer.flush(within: .seconds(30))
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text == (0..<100).map { "line \($0)\n" }.joined())
        #expect(writer.dropped == 0)
    }

    @Test func `a full pipe blocks no caller, and dropped lines are counted`() throws {
        let pipe = Pipe()
        let writer = try LogWriter(to: pipe.fileHandleForWriting.fileDescriptor, limit: 100_000)
        let line = String(repeating: "x", count: 999) + "\n"
        for _ in 0..<300 { writer.write(line) }
        // The pipe holds 64 KiB, and the lines being written still count.
        #expect(writer.dropped >= 300 - 166 - 1)
        writer.flush(within: .milliseconds(10))
        // When the pipe is read, lines are accepted again.
        let reader = pipe.fileHandleForReading
        var text = ""
        while text.utf8.count < (300 - writer.dropped) * 1000 {
            text += String(decoding: reader.availableData, as: UTF8.self)
        }
        let dropped = writer.dropped
        writer.write("again\n")
        #expect(String(decoding: reader.availableData, as: UTF8.self) == "again\n")
        #expect(writer.dropped == dropped)
    }
}
