/// Looks up host names, each on a thread of its own, because the system's resolver blocks for as long as name servers do.
/// Confined to the loop's thread.
///
/// A name is looked up once at a time, for all who ask, and waits only while somebody waits for it. So there are never more
/// lookups than names.
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
    /// Who waits for each name.
    private var answers: [String: [Int: Answer]] = [:]
    /// The names that are not being looked up yet.
    private var queue: [String] = []
    private var running = 0
    /// The names whose last lookup was of no use: no address, or too late for all who asked.
    private var useless: Set<String> = []
    private var lastNumber = 0

    /// - Parameters:
    ///   - limit: lookups at a time. A thread that waits for a name server costs little, and the more there are the sooner
    ///     comes the turn of a name that is behind hundreds that get no answer.
    ///   - lookUp: blocks until it knows the addresses of a name; for tests.
    package init(
        on loop: EventLoop, limit: Int = 64,
        lookUp: @escaping @Sendable (String) -> [SocketAddress] = { SocketAddress.resolve($0, port: 0) }
    ) {
        self.loop = loop
        self.limit = limit
        self.lookUp = lookUp
    }

    /// Looks up `host` and hands its addresses, none where there are none, to `answer`, after this call has returned.
    package func resolve(_ host: String, port: UInt16, _ answer: @escaping Answer) -> Ticket {
        lastNumber += 1
        let isNew = answers[host] == nil
        answers[host, default: [:]][lastNumber] = { answer($0.map { $0.at(port: port) }) }
        if isNew { begin(host) }
        return Ticket(host: host, number: lastNumber)
    }

    /// Does not answer. A lookup that has not begun is dropped when its last ticket is forgotten.
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

    /// Names whose last lookup was of no use stand behind the others, and leave half of the threads to them.
    private func next() -> String? {
        // Scrapes need descriptors more than a second lookup does.
        guard running < limit, running == 0 || !DescriptorReserve.isReached else { return nil }
        let index = queue.firstIndex { !useless.contains($0) } ?? (running < limit / 2 ? queue.indices.first : nil)
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
            // No thread to be had: then this lookup has failed, as it would have without a name server.
            loop.schedule(after: .zero) { finish.value([]) }
        }
    }

    private func finish(_ host: String, _ addresses: [SocketAddress]) {
        running -= 1
        if addresses.isEmpty || answers[host]?.isEmpty == true {
            useless.insert(host)
        } else {
            useless.remove(host)
        }
        answer(host, addresses)
        admit()
    }

    private func answer(_ host: String, _ addresses: [SocketAddress]) {
        // One by one: an answer may make another one unwanted.
        while let answer = answers[host]?.popFirst()?.value { answer(addresses) }
        answers[host] = nil
    }
}
