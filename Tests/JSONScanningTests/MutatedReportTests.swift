import Foundation
import Testing

@testable import JSONScanning

/// Reports with a few changed bytes, from a generator with a fixed seed.
private struct MutatedReports {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    private let reports: [[UInt8]]

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        reports = try ["x1c-printing-four-ams-ht", "p1p-printing-spool-removed", "h2d-printing-six-units"].map { name in
            let file = try String(contentsOf: folder.appending(path: "Fixtures/\(name).jsonl"), encoding: .utf8)
            return Array((file.split(separator: "\n").max { $0.utf8.count < $1.utf8.count } ?? "").utf8)
        }
    }

    private mutating func random(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    /// The keys of a report's `print`, in their order.
    func keys() throws -> [String] {
        try reports[0].withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            try scanner.beginObject()
            guard try scanner.nextKey()?.decoded == "print" else { return [] }
            try scanner.beginObject()
            var keys: [String] = []
            while let key = try scanner.nextKey() {
                keys.append(key.decoded)
                try scanner.skip()
            }
            return keys
        }
    }

    mutating func next() -> [UInt8] {
        var report = reports[random(reports.count)]
        for _ in 0..<1 + random(3) {
            let place = random(report.count)
            let byte = Array("019.-eE\"\\{}[]:, atu".utf8)[random(19)]
            switch random(4) {
            case 0: report[place] = byte
            case 1: report.insert(byte, at: place)
            case 2: report.remove(at: place)
            default: report.insert(UInt8(ascii: " "), at: report[place...].firstIndex(of: UInt8(ascii: ":")) ?? place)
            }
        }
        return report
    }
}

@Suite("Mutated reports")
struct MutatedReportTests {
    @Test func `a mutated report is read as Foundation reads it`() throws {
        var reports = try MutatedReports()
        var read = 0
        for _ in 0..<600 {
            let report = reports.next()
            let tree = try? Tree(scanning: report)
            let oracle = try? JSONSerialization.jsonObject(with: Data(report))
            if let tree, let oracle {
                read += 1
                #expect(tree == Tree(oracle), "\(String(decoding: report, as: UTF8.self))")
            } else if oracle != nil {
                // Foundation accepts a comma after the last member.
                let dense = report.filter { $0 != UInt8(ascii: " ") }
                #expect(zip(dense, dense.dropFirst()).contains { $0 == UInt8(ascii: ",") && "]}".utf8.contains($1) })
            } else {
                // Foundation rejects a number beyond the range of `Double`, which is infinite here.
                #expect(tree.map(Self.isFinite) != true, "\(String(decoding: report, as: UTF8.self))")
            }
        }
        #expect(read > 100)
    }

    private static func isFinite(_ tree: Tree) -> Bool {
        switch tree {
        case .number(let number): number.isFinite
        case .array(let elements): elements.allSatisfy(isFinite)
        case .object(let members): members.values.allSatisfy(isFinite)
        case .null, .bool, .string: true
        }
    }

    @Test(arguments: ["", ";", " ", ":", "\"", ",,", "}", "]"])
    func `a key without a comma before it is rejected`(separator: String) {
        let text = #"{"print":{"a":1"# + separator + #""b":2,"c":"0123456789012345678901234567890123456789"}}"#
        let names = ["a", "b", "c"]
        #expect(throws: ScanError.self) { try Self.members(of: Array(text.utf8), KeyIndex(names), names) }
    }

    @Test func `any number of unread members is skipped`() throws {
        let members = String(repeating: #""unread":0,"other":1,"#, count: 40_000)
        let text = #"{"print":{"# + members + #""read":2,"c":"0123456789012345678901234567890123456789"}}"#
        let names = ["unread", "read"]
        let (found, count) = try Self.members(of: Array(text.utf8), KeyIndex(names, unread: [0]), names)
        #expect(found == ["read": .number(2)])
        #expect(count == 80_002)
    }

    @Test func `an index in any order finds the keys of a plain scan`() throws {
        var reports = try MutatedReports()
        let names = try reports.keys()
        let unread = Set(names.enumerated().filter { $0.offset % 3 == 0 }.map(\.element))
        let indexes = [names, names.reversed()].map { names in
            KeyIndex(names, unread: Set(names.indices.filter { unread.contains(names[$0]) }))
        }
        var read = 0
        for _ in 0..<600 {
            let report = reports.next()
            guard let tree = try? Tree(scanning: report) else {
                #expect(throws: ScanError.self) { try Self.members(of: report, indexes[0], names) }
                continue
            }
            guard case .object(let whole) = tree, case .object(let members)? = whole["print"] else { continue }
            read += 1
            for (index, names) in zip(indexes, [names, names.reversed()]) {
                let (found, count) = try Self.members(of: report, index, names)
                #expect(found == members.filter { names.contains($0.key) && !unread.contains($0.key) })
                #expect(count >= members.count)
            }
        }
        #expect(read > 100)
    }

    /// The members of `print` that the index contains, and the number of all members.
    private static func members(
        of report: [UInt8], _ index: KeyIndex, _ names: [String]
    ) throws -> (found: [String: Tree], count: Int) {
        try report.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            var (found, count): ([String: Tree], Int) = ([:], 0)
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                guard key.equals("print") else {
                    try scanner.skip()
                    continue
                }
                (found, count) = ([:], 0)
                try scanner.beginObject()
                var place = -1
                while let next = try scanner.nextKey(in: index, after: place, count: &count) {
                    found[names[next]] = try Tree(&scanner)
                    place = next
                }
            }
            try scanner.end()
            return (found, count)
        }
    }
}
