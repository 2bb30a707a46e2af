import Platform
import Reactor

/// Looks up a host name and tries its addresses one after the other. Confined to the event loop's thread.
///
/// `tryNext` skips an unreachable address within the same attempt. If an address failed for another reason, the next
/// attempt starts with the address after it; if it answered, with the same address.
final class AddressAttempts {
    /// The limit for resolving a name.
    private static let resolveTimeout = Duration.seconds(10)

    private let loop: EventLoop
    private let resolver: Resolver
    private let limit: Duration
    private var onAddress: ((SocketAddress, _ limit: Duration) -> Void)?
    private var onUnresolved: ((_ reason: String) -> Void)?
    private var ticket: Resolver.Ticket?
    private var timer: TimerQueue.Token?
    private var rest: ArraySlice<SocketAddress> = []
    private var end: Instant?
    private var hasAnswered = false
    /// The address of the last attempt.
    private(set) var address: SocketAddress?

    /// - Parameter limit: for all addresses together.
    init(on loop: EventLoop, resolver: Resolver, limit: Duration) {
        self.loop = loop
        self.resolver = resolver
        self.limit = limit
    }

    /// Whether attempts have started and are not cancelled.
    var isActive: Bool { onAddress != nil }

    /// Resolves `host` and reports the first address, or why the name has no address. Reports nothing before it returns.
    func begin(
        _ host: String, port: UInt16, onAddress: @escaping (SocketAddress, _ limit: Duration) -> Void,
        onUnresolved: @escaping (_ reason: String) -> Void
    ) {
        cancel()
        self.onAddress = onAddress
        self.onUnresolved = onUnresolved
        ticket = resolver.resolve(host, port: port) { [weak self] in self?.resolved($0, of: host) }
        timer = loop.schedule(after: Self.resolveTimeout) { [weak self] in
            self?.stopWaiting()
            self?.onUnresolved?("resolving \(host) timed out")
        }
    }

    /// Tries the next address because the current one is unreachable.
    ///
    /// - Returns: Whether an address and time were left.
    func tryNext() -> Bool {
        guard let onAddress, let end, let next = rest.first else { return false }
        // Each address gets a share of the time, so that the first cannot use up all of it.
        let share = (end - Instant.now()) / rest.count
        guard share > .zero else { return false }
        rest = rest.dropFirst()
        (address, hasAnswered) = (next, false)
        onAddress(next, share)
        return true
    }

    /// Records that the expected peer answered at the current address.
    func markReachable() {
        hasAnswered = true
    }

    /// Stops; nothing further is reported.
    func cancel() {
        stopWaiting()
        (onAddress, onUnresolved) = (nil, nil)
        rest = []
    }

    private func resolved(_ addresses: [SocketAddress], of host: String) {
        stopWaiting()
        rest = inOrder(addresses)[...]
        end = Instant.now() + limit
        if addresses.isEmpty { onUnresolved?("\(host) does not resolve to an address") } else { _ = tryNext() }
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
