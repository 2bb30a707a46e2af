import Reactor
import Testing

@testable import Exporter

@Suite("AddressAttempts", .timeLimit(.minutes(1)))
struct AddressAttemptsTests {
    /// Begins so many attempts one after the other, at a host of three addresses. Returns what was tried in each, by last
    /// number and seconds.
    ///
    /// - Parameter isThere: says of an attempt and an address whether somebody is there, and whether it is the right one.
    private func tried(
        attempts: Int, _ isThere: @escaping (Int, String) -> (isReached: Bool, isRight: Bool)
    ) throws -> [[String]] {
        let loop = try EventLoop()
        let addresses = try (1...3).map { try SocketAddress(numeric: "192.0.2.\($0)", port: 0) }
        let addressAttempts = AddressAttempts(
            on: loop, resolver: Resolver(on: loop) { _ in addresses }, limit: .seconds(12))
        var tried: [[String]] = []
        func begin() {
            guard tried.count < attempts else { return loop.stop() }
            tried.append([])
            addressAttempts.begin("garage", port: 8883) { step in
                guard case .attempt(let address, let limit) = step else { return loop.stop() }
                tried[tried.count - 1].append("\(address.host.suffix(1)): \(Int(limit.inSeconds.rounded())) s")
                let (isReached, isRight) = isThere(tried.count, String(address.host.suffix(1)))
                if isRight { addressAttempts.markReachable() }
                loop.schedule(after: .zero) {
                    if isReached || !addressAttempts.tryNext() { begin() }
                }
            }
        }
        begin()
        loop.run()
        return tried
    }

    @Test func `one that nobody is at is left at once, and none uses up the time of those behind it`() throws {
        let tried = try tried(attempts: 2) { _, _ in (false, false) }
        #expect(tried == [["1: 4 s", "2: 6 s", "3: 12 s"], ["1: 4 s", "2: 6 s", "3: 12 s"]])
    }

    @Test func `the next attempt begins where the right one answered`() throws {
        let tried = try tried(attempts: 2) { _, address in (address == "2", address == "2") }
        #expect(tried == [["1: 4 s", "2: 6 s"], ["2: 4 s"]])
    }

    @Test func `the next attempt begins behind somebody who was not the right one`() throws {
        let tried = try tried(attempts: 3) { _, address in (true, address == "2") }
        #expect(tried == [["1: 4 s"], ["2: 4 s"], ["2: 4 s"]])
    }

    @Test func `where the right one has moved the others are tried`() throws {
        let tried = try tried(attempts: 2) { attempt, address in
            let isThere = address == (attempt == 1 ? "2" : "1")
            return (isThere, isThere)
        }
        #expect(tried == [["1: 4 s", "2: 6 s"], ["2: 4 s", "3: 6 s", "1: 12 s"]])
    }

    @Test func `a name without an address is said to have none`() throws {
        let loop = try EventLoop()
        let addressAttempts = AddressAttempts(on: loop, resolver: Resolver(on: loop) { _ in [] }, limit: .seconds(12))
        var reason: String?
        addressAttempts.begin("garage", port: 8883) { step in
            if case .unresolved(let text) = step { reason = text }
            loop.stop()
        }
        loop.run()
        #expect(reason == "no address is known for garage")
    }
}
