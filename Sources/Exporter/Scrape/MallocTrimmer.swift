import CShim
import Platform

/// Returns freed memory to the system after large scrapes.
///
/// Rendering a fleet takes twice the memory of the exposition for some milliseconds: once for its pieces, once for the
/// whole.
final class MallocTrimmer: Sendable {
    /// Smaller bodies are not worth a walk through all free memory.
    private static let smallest = 1 << 20
    /// Trims as often as Prometheus scrapes by default, but not as often as a load test scrapes.
    private static let minimumInterval = Duration.seconds(10)

    private let last = Locked<Instant?>(nil)

    /// Trims memory if a large body was rendered and the last trim is long enough ago.
    func trim(afterRendering bytes: Int, at now: Instant) {
        guard bytes >= Self.smallest else { return }
        let isTime = last.withLock { last in
            if let last, now - last < Self.minimumInterval { return false }
            last = now
            return true
        }
        if isTime { shim_trim_memory() }
    }
}
