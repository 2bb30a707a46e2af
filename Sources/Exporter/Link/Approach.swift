import Reactor

/// The way to somebody at a host: looks its name up, and goes through its addresses until somebody is there. Confined to the
/// loop's thread.
///
/// An address that nobody is at is left at once, by `goOn`. One where an attempt failed for another reason is left by the
/// next attempt, and one that answered is where the next attempt begins.
final class Approach {
    enum Step {
        /// This address is to be tried, for so long.
        case attempt(SocketAddress, within: Duration)
        /// No address is known, and why.
        case lost(String)
    }

    /// How long a name server may take.
    private static let patience = Duration.seconds(10)

    private let loop: EventLoop
    private let resolver: Resolver
    private let limit: Duration
    private var onStep: ((Step) -> Void)?
    private var ticket: Resolver.Ticket?
    private var timer: TimerQueue.Token?
    private var rest: ArraySlice<SocketAddress> = []
    private var end: Instant?
    private var hasAnswered = false
    /// The address that was tried last.
    private(set) var address: SocketAddress?

    /// - Parameter limit: how long all addresses may take together.
    init(on loop: EventLoop, resolver: Resolver, limit: Duration) {
        self.loop = loop
        self.resolver = resolver
        self.limit = limit
    }

    /// Whether it was begun and not cancelled.
    var isUnderWay: Bool { onStep != nil }

    /// Looks for somebody at `host`. No step comes before this has returned.
    func begin(_ host: String, port: UInt16, _ onStep: @escaping (Step) -> Void) {
        cancel()
        self.onStep = onStep
        ticket = resolver.resolve(host, port: port) { [weak self] in self?.take($0, of: host) }
        timer = loop.schedule(after: Self.patience) { [weak self] in
            self?.stopWaiting()
            self?.onStep?(.lost("looking up \(host) took too long"))
        }
    }

    /// Nobody is at the present address. Returns whether there is another one, which is to be tried now.
    func goOn() -> Bool {
        guard let onStep, let end, let next = rest.first else { return false }
        // No address may use up the time of those behind it.
        let share = (end - Instant.now()) / rest.count
        guard share > .zero else { return false }
        rest = rest.dropFirst()
        (address, hasAnswered) = (next, false)
        onStep(.attempt(next, within: share))
        return true
    }

    /// The right one is at the present address.
    func noteAnswer() {
        hasAnswered = true
    }

    /// Does nothing more; no step comes after it.
    func cancel() {
        stopWaiting()
        onStep = nil
        rest = []
    }

    private func take(_ addresses: [SocketAddress], of host: String) {
        stopWaiting()
        rest = inOrder(addresses)[...]
        end = Instant.now() + limit
        if addresses.isEmpty { onStep?(.lost("no address is known for \(host)")) } else { _ = goOn() }
    }

    private func stopWaiting() {
        if let ticket { resolver.forget(ticket) }
        if let timer { loop.cancel(timer) }
        (ticket, timer) = (nil, nil)
    }

    private func inOrder(_ addresses: [SocketAddress]) -> [SocketAddress] {
        guard let last = address.flatMap(addresses.firstIndex) else { return addresses }
        let first = hasAnswered ? last : last + 1
        return Array(addresses[first...] + addresses[..<first])
    }
}
