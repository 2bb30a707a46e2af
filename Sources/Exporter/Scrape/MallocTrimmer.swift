import CShim
import Reactor

/// Gives back to the system what large scrapes leave behind: rendering a fleet takes as much memory as its exposition has
/// bytes, and again in the pieces it is put together from, for some milliseconds.
final class MallocTrimmer: Sendable {
    /// Smaller ones are not worth the walk through all free memory.
    private static let smallest = 1 << 20
    /// As often as Prometheus scrapes by default, and not as often as a load test does.
    private static let pace = Duration.seconds(10)

    private let last = Locked<Instant?>(nil)

    /// To be called when a body of so many bytes was put together.
    func note(bytes: Int, at now: Instant) {
        guard bytes >= Self.smallest else { return }
        let isTime = last.withLock { last in
            if let last, now - last < Self.pace { return false }
            last = now
            return true
        }
        if isTime { shim_trim_memory() }
    }
}
