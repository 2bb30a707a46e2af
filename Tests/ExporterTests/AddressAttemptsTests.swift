import Platform
import Reactor
import Testing

@testable import Exporter

@Suite("AddressAttempts", .timeLimit(.minutes(1)))
struct AddressAttemptsTests {
    /// Runs consecutive attempts at a host of three addresses.
    ///
    /// Returns the addresses of each attempt, as last digit and time limit.
    ///
    /// - Parameter isThere: whether an address is reachable in an attempt, and whether the right peer answers there.
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
            addressAttempts.begin("garage", port: 8883) { address, limit in
                tried[tried.count - 1].append("\(address.host.suffix(1)): \(Int(limit.inSeconds.rounded())) s")
                let (isReached, isRight) = isThere(tried.count, String(address.host.suffix(1)))
                if isRight { addressAttempts.markReachable() }
                loop.schedule(after: .zero) {
                    if isReached || !addressAttempts.tryNext() { begin() }
                }
            } onUnresolved: { _ in
                loop.stop()
            }
        }
        begin()
        loop.run()
        return tried
    }

    @Test func `unreachable addresses are skipped, and each gets a share of the time`() throws {
        let tried = try tried(attempts: 2) { _, _ in (false, false) }
        #expect(tried == [["1: 4 s", "2: 6 s", "3: 12 s"], ["1: 4 s", "2: 6 s", "3: 12 s"]])
    }

    @Test func `the next attempt starts with the address that answered`() throws {
        let tried = try tried(attempts: 2) { _, address in (address == "2", address == "2") }
        #expect(tried == [["1: 4 s", "2: 6 s"], ["2: 4 s"]])
    }

    @Test func `the next attempt starts after an address with the wrong peer`() throws {
        let tried = try tried(attempts: 3) { _, address in (true, address == "2") }
        #expect(tried == [["1: 4 s"], ["2: 4 s"], ["2: 4 s"]])
    }

    @Test func `the other addresses are tried if the peer has moved`() throws {
        let tried = try tried(attempts: 2) { attempt, address in
            let isThere = address == (attempt == 1 ? "2" : "1")
            return (isThere, isThere)
        }
        #expect(tried == [["1: 4 s", "2: 6 s"], ["2: 4 s", "3: 6 s", "1: 12 s"]])
    }

    @Test func `a name without an address is reported`() throws {
        let loop = try EventLoop()
        let addressAttempts = AddressAttempts(on: loop, resolver: Resolver(on: loop) { _ in [] }, limit: .seconds(12))
        var reason: String?
        addressAttempts.begin("garage", port: 8883) { _, _ in
            loop.stop()
        } onUnresolved: { text in
            reason = text
            loop.stop()
        }
        loop.run()
        #expect(reason == "garage does not resolve to an address")
    }
}
