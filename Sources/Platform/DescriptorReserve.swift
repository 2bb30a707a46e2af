import CShim
import Glibc

/// The descriptors that connections to printers leave free for scrapes.
///
/// If there are too few descriptors for all printers, those that connect first get one, and scrapes report the others
/// as not connected.
package enum DescriptorReserve {
    /// Whether another connection would use the reserve.
    package static var isReached: Bool {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return false }
        // The kernel assigns the lowest free number, so a high number shows that the lower ones are in use.
        let next = shim_eventfd()
        guard next >= 0 else { return errno == EMFILE }
        close(next)
        let most = UInt64(limit.rlim_cur)
        // Enough for the connections of Prometheus and for files; a quarter of the limit if that is less.
        return UInt64(next) >= most - min(64, most / 4)
    }
}
