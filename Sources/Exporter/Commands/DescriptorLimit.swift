import Glibc

/// The limit of open files and connections of this process.
struct DescriptorLimit: Equatable {
    /// The limit when the process started.
    var before: UInt64
    var now: UInt64

    /// Raises the limit to the maximum; `nil` if the system does not report it.
    static func raise() -> DescriptorLimit? {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return nil }
        let before = UInt64(limit.rlim_cur)
        limit.rlim_cur = limit.rlim_max
        let isRaised = setrlimit(resource, &limit) == 0
        return DescriptorLimit(before: before, now: isRaised ? UInt64(limit.rlim_max) : before)
    }

    /// The descriptors that this many printers need.
    ///
    /// Each printer needs three for libmosquitto and one for a camera probe. 600 are for the listener's connections.
    static func need(ofPrinters count: Int) -> UInt64 {
        UInt64(clamping: count) * 4 + 600
    }

    /// Logs the limit, with a warning if it is too low.
    func log(to log: Log, printers: Int) {
        let need = Self.need(ofPrinters: printers)
        if now < need {
            log.warn(
                "The limit of open files is too low for the number of printers",
                [
                    "limit": now, "printers": printers, "needed": need,
                    "remedy": Remedy.openFiles,
                ])
        } else if before < need {
            log.info("Raised the limit of open files", ["from": before, "to": now])
        } else {
            log.debug("The limit of open files is high enough", ["limit": now])
        }
    }
}
