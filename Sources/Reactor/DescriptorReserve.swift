import CShim
import Glibc

/// The last descriptors that this process may have, which connections to printers leave to those who scrape.
///
/// Where there are too few for all printers, the first come have theirs, and scrapes say who has none.
package enum DescriptorReserve {
    /// Enough for Prometheus' connections and files that are read; a quarter where there are few at all.
    private static func size(of limit: UInt64) -> UInt64 { min(64, limit / 4) }

    /// Whether one more connection would take from the reserve.
    package static var isReached: Bool {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return false }
        // The kernel gives the lowest free number: once that is among the last, the others are taken.
        let next = shim_eventfd()
        guard next >= 0 else { return errno == EMFILE }
        close(next)
        let most = UInt64(limit.rlim_cur)
        return UInt64(next) >= most - size(of: most)
    }
}
