import Testing

@testable import Exporter

@Suite("Looking names up", .timeLimit(.minutes(1)))
struct ResolverTests {
    @Test func `names that no server answers, once tried, keep no other name waiting`() async throws {
        let bench = try ResolverBench(limit: 4)
        let names = (0..<60).map { "mute-\($0)" }
        bench.endSilence(lookups: names.count)
        for name in names { bench.ask(name) }
        try await eventually("all were tried") { bench.answers.count == names.count }
        for name in names { bench.ask(name) }
        bench.ask("garage")
        try await eventually("the other one is known") { bench.answers.last == "garage: 192.0.2.7:8883" }
        // Half of the threads are left to names that may be known.
        #expect(bench.lookups.dropFirst(names.count).sorted() == ["garage", "mute-0", "mute-1"])
    }

    @Test func `two who ask for one name get one answer, each at a port of his own`() async throws {
        let bench = try ResolverBench(limit: 1)
        bench.ask("mute")
        for port: UInt16 in [8883, 6000] { bench.ask("garage", port: port) }
        bench.endSilence(lookups: 1)
        try await eventually("all are answered") { bench.answers.count == 3 }
        #expect(bench.answers.sorted() == ["garage: 192.0.2.7:6000", "garage: 192.0.2.7:8883", "mute: "])
        #expect(bench.lookups == ["mute", "garage"])
    }

    @Test func `a name that nobody wants to know any more is not looked up`() async throws {
        let bench = try ResolverBench(limit: 1)
        bench.ask("mute")
        bench.ask("studio", givesUp: true)
        bench.ask("garage")
        bench.ask("garage", givesUp: true)
        bench.endSilence(lookups: 1)
        try await eventually("the last is known") { bench.answers.last == "garage: 192.0.2.7:8883" }
        #expect(bench.lookups == ["mute", "garage"])
        #expect(bench.answers.count == 2)
    }

    @Test func `a name that became known too late stands behind the others`() async throws {
        let bench = try ResolverBench(limit: 1)
        bench.ask("late", givesUp: true)
        bench.endSilence(lookups: 1)
        bench.ask("garage")
        try await eventually("it is over") { bench.answers == ["garage: 192.0.2.7:8883"] }
        for name in ["mute", "late", "studio"] { bench.ask(name) }
        bench.endSilence(lookups: 1)
        try await eventually("the other one is known") { bench.answers.last == "studio: 192.0.2.7:8883" }
        #expect(bench.lookups.prefix(4) == ["late", "garage", "mute", "studio"])
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::1"])
    func `an address waits for no name`(address: String) async throws {
        let bench = try ResolverBench(limit: 1)
        bench.ask("mute")
        bench.ask(address)
        try await eventually("it is answered") { bench.answers.first?.hasPrefix("\(address): ") == true }
        #expect(bench.lookups == ["mute"])
    }
}
