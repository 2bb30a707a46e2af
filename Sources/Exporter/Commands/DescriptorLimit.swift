import Glibc

/// How many files and connections this process may have open.
struct DescriptorLimit: Equatable {
    /// What it was when the process started.
    var before: UInt64
    /// What it is.
    var now: UInt64

    /// Raises it as far as it goes; `nil` where the system does not tell it.
    static func raise() -> DescriptorLimit? {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return nil }
        let before = UInt64(limit.rlim_cur)
        limit.rlim_cur = limit.rlim_max
        let isRaised = setrlimit(resource, &limit) == 0
        return DescriptorLimit(before: before, now: isRaised ? UInt64(limit.rlim_max) : before)
    }

    /// What so many printers need: three each for libmosquitto, one for a look through the camera, and the listener's
    /// connections beside them.
    static func need(ofPrinters count: Int) -> UInt64 {
        UInt64(clamping: count) * 4 + 600
    }

    /// Says what was done, and warns where it does not do.
    func tell(_ log: Log, printers: Int) {
        let need = Self.need(ofPrinters: printers)
        if now < need {
            log.warn(
                "The limit of open files is too low for so many printers",
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
