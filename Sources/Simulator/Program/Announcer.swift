import Glibc
import Platform

/// Sends announcements by multicast on the loopback interface only.
final class Announcer: Sendable {
    private let descriptor: Int32
    private let group: SocketAddress

    init() throws {
        group = try SocketAddress(numeric: "239.255.255.250", port: 2021)
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(errno, "socket") }
        var loopback = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        var hops: UInt8 = 0
        let length = socklen_t(MemoryLayout<in_addr>.size)
        guard setsockopt(descriptor, Int32(IPPROTO_IP), IP_MULTICAST_IF, &loopback, length) == 0,
            setsockopt(descriptor, Int32(IPPROTO_IP), IP_MULTICAST_TTL, &hops, 1) == 0
        else {
            let code = errno
            close(descriptor)
            throw SystemError(code, "setsockopt")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Sends one announcement. Errors are ignored, because announcements are repeated.
    func send(_ announcement: Announcement) {
        let bytes = Array(announcement.text.utf8)
        _ = group.withPointer { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
    }
}
