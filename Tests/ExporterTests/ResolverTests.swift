import Testing

@testable import Exporter

@Suite("Resolver", .timeLimit(.minutes(1)))
struct ResolverTests {
    @Test func `names that did not resolve do not delay other names`() async throws {
        let harness = try ResolverHarness(limit: 4)
        let names = (0..<60).map { "mute-\($0)" }
        harness.endSilence(lookups: names.count)
        for name in names { harness.resolve(name) }
        try await eventually("all were tried") { harness.answers.count == names.count }
        for name in names { harness.resolve(name) }
        harness.resolve("garage")
        try await eventually("the other one is known") { harness.answers.last == "garage: 192.0.2.7:8883" }
        // Half of the threads are reserved for names that may resolve.
        #expect(harness.lookups.dropFirst(names.count).sorted() == ["garage", "mute-0", "mute-1"])
    }

    @Test func `concurrent lookups of a name share a result, each with its port`() async throws {
        let harness = try ResolverHarness(limit: 1)
        harness.resolve("mute")
        for port: UInt16 in [8883, 6000] { harness.resolve("garage", port: port) }
        harness.endSilence(lookups: 1)
        try await eventually("all are answered") { harness.answers.count == 3 }
        #expect(harness.answers.sorted() == ["garage: 192.0.2.7:6000", "garage: 192.0.2.7:8883", "mute: "])
        #expect(harness.lookups == ["mute", "garage"])
    }

    @Test func `a cancelled lookup is not started`() async throws {
        let harness = try ResolverHarness(limit: 1)
        harness.resolve("mute")
        harness.resolve("studio", givesUp: true)
        harness.resolve("garage")
        harness.resolve("garage", givesUp: true)
        harness.endSilence(lookups: 1)
        try await eventually("the last is known") { harness.answers.last == "garage: 192.0.2.7:8883" }
        #expect(harness.lookups == ["mute", "garage"])
        #expect(harness.answers.count == 2)
    }

    @Test func `a name that resolved too late is retried at low priority`() async throws {
        let harness = try ResolverHarness(limit: 1)
        harness.resolve("late", givesUp: true)
        harness.endSilence(lookups: 1)
        harness.resolve("garage")
        try await eventually("it is over") { harness.answers == ["garage: 192.0.2.7:8883"] }
        for name in ["mute", "late", "studio"] { harness.resolve(name) }
        harness.endSilence(lookups: 1)
        try await eventually("the other one is known") { harness.answers.last == "studio: 192.0.2.7:8883" }
        #expect(harness.lookups.prefix(4) == ["late", "garage", "mute", "studio"])
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::1"])
    func `a numeric address does not wait for lookups`(address: String) async throws {
        let harness = try ResolverHarness(limit: 1)
        harness.resolve("mute")
        harness.resolve(address)
        try await eventually("it is answered") { harness.answers.first?.hasPrefix("\(address): ") == true }
        #expect(harness.lookups == ["mute"])
    }
}
