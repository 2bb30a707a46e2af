import CShim

/// A point in time on the monotonic clock, which is independent of the time of day.
package struct Instant: Comparable, Hashable, Sendable {
    /// Nanoseconds since an arbitrary start, usually the boot of the machine.
    package let nanoseconds: UInt64

    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// Reads the clock. Only the event loop, the assembly layer and tests call it.
    package static func now() -> Instant {
        Instant(nanoseconds: shim_monotonic_nanoseconds())
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The earlier of two instants, each of which may be absent.
    package static func earliest(_ one: Instant?, _ other: Instant?) -> Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    /// Adds a duration; the result saturates at both ends of the clock.
    package static func + (instant: Instant, duration: Duration) -> Instant {
        let nanoseconds = duration.nanoseconds
        if nanoseconds >= 0 {
            let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(UInt64(nanoseconds))
            return Instant(nanoseconds: overflow ? .max : sum)
        }
        let (difference, overflow) = instant.nanoseconds.subtractingReportingOverflow(nanoseconds.magnitude)
        return Instant(nanoseconds: overflow ? 0 : difference)
    }

    /// The duration from `earlier` to `later`; negative if they are in the opposite order.
    package static func - (later: Instant, earlier: Instant) -> Duration {
        later >= earlier
            ? .nanoseconds(Int64(clamping: later.nanoseconds - earlier.nanoseconds))
            : .nanoseconds(-Int64(clamping: earlier.nanoseconds - later.nanoseconds))
    }
}

extension Duration {
    /// The duration in nanoseconds, clamped to 64 bits (292 years).
    package var nanoseconds: Int64 { Int64(clamping: attoseconds / 1_000_000_000) }

    /// The duration in seconds, including fractions.
    package var inSeconds: Double {
        Double(nanoseconds) / 1e9
    }
}
