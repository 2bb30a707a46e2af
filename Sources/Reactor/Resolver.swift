package import Platform

/// Looks up host names on separate threads, because the system's resolver blocks. Confined to the loop's thread.
///
/// Concurrent lookups of a host are coalesced, and cancelled when unused. So there are never more lookups than host
/// names.
package final class Resolver {
    /// Identifies a lookup for `forget`.
    package struct Ticket {
        fileprivate let host: String
        fileprivate let number: Int
    }

    package typealias Answer = ([SocketAddress]) -> Void

    private let loop: EventLoop
    private let lookUp: @Sendable (String) -> [SocketAddress]
    private let limit: Int
    /// The callbacks that wait for each host.
    private var answers: [String: [Int: Answer]] = [:]
    /// The hosts whose lookup has not started.
    private var queue: [String] = []
    private var running = 0
    /// The hosts whose last lookup failed, or ended after all its callers had cancelled.
    private var failed: Set<String> = []
    private var lastNumber = 0

    /// - Parameters:
    ///   - limit: The maximum number of concurrent lookups. A thread that waits for a name server costs little, and
    ///     more threads shorten the delay of a host behind hundreds that do not resolve.
    ///   - lookUp: Blocks until it returns the addresses of a host; for tests.
    package init(
        on loop: EventLoop, limit: Int = 64,
        lookUp: @escaping @Sendable (String) -> [SocketAddress] = { SocketAddress.resolve($0, port: 0) }
    ) {
        self.loop = loop
        self.limit = limit
        self.lookUp = lookUp
    }

    /// Looks up `host` and passes its addresses to `answer`, after this call has returned. The list is empty if the
    /// lookup failed.
    package func resolve(_ host: String, port: UInt16, _ answer: @escaping Answer) -> Ticket {
        lastNumber += 1
        let isNew = answers[host] == nil
        answers[host, default: [:]][lastNumber] = { answer($0.map { $0.at(port: port) }) }
        if isNew { begin(host) }
        return Ticket(host: host, number: lastNumber)
    }

    /// Cancels a request. A lookup that has not started is dropped when its last request is cancelled.
    package func forget(_ ticket: Ticket) {
        answers[ticket.host]?[ticket.number] = nil
        guard answers[ticket.host]?.isEmpty == true, let index = queue.firstIndex(of: ticket.host) else { return }
        queue.remove(at: index)
        answers[ticket.host] = nil
    }

    private func begin(_ host: String) {
        if let address = try? SocketAddress(numeric: host, port: 0) {
            loop.schedule(after: .zero) { [weak self] in self?.answer(host, [address]) }
        } else {
            queue.append(host)
            admit()
        }
    }

    private func admit() {
        while let host = next() { start(host) }
    }

    /// Hosts that failed last time have low priority and may use half of the threads only.
    private func next() -> String? {
        // Descriptors are reserved for scrapes; one lookup may always run.
        guard running < limit, running == 0 || !DescriptorReserve.isReached else { return nil }
        let index = queue.firstIndex { !failed.contains($0) } ?? (running < limit / 2 ? queue.indices.first : nil)
        return index.map { queue.remove(at: $0) }
    }

    private func start(_ host: String) {
        running += 1
        let (loop, lookUp) = (loop, lookUp)
        let finish = LoopIsolated { [weak self] (addresses: [SocketAddress]) in self?.finish(host, addresses) }
        do {
            try Thread(named: "resolver") {
                let addresses = lookUp(host)
                loop.perform { finish.value(addresses) }
            }.detach()
        } catch {
            // If the thread cannot be created, the lookup has failed.
            loop.schedule(after: .zero) { finish.value([]) }
        }
    }

    private func finish(_ host: String, _ addresses: [SocketAddress]) {
        running -= 1
        if addresses.isEmpty || answers[host]?.isEmpty == true {
            failed.insert(host)
        } else {
            failed.remove(host)
        }
        answer(host, addresses)
        admit()
    }

    private func answer(_ host: String, _ addresses: [SocketAddress]) {
        // One at a time: a callback may cancel another request.
        while let answer = answers[host]?.popFirst()?.value { answer(addresses) }
        answers[host] = nil
    }
}
