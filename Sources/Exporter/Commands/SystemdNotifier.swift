import Glibc
import Platform

/// Notifies systemd of the state of this process if requested. Source: sd_notify(3), systemd.service(5).
struct SystemdNotifier: Sendable {
    private let socket: String?
    /// The interval of `alive`; `nil` if systemd does not watch the process.
    ///
    /// It is half of the time that systemd allows, and at most 10 s, so that the process can log what hangs before
    /// systemd ends it.
    let watchdogInterval: Duration?

    /// - Parameter environment: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, and `WATCHDOG_PID`, the process that it applies to.
    init(environment: [String: String]) {
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdogInterval = isMeant && microseconds > 0 ? min(.microseconds(microseconds) / 2, .seconds(10)) : nil
    }

    func ready(_ status: String) { notify("READY=1\nSTATUS=\(status)") }
    func stopping() { notify("STOPPING=1\nSTATUS=Stopping") }
    func alive() { notify("WATCHDOG=1") }

    /// Reports that the configuration is being reloaded; `ready` ends this state.
    func reloading() {
        notify("RELOADING=1\nMONOTONIC_USEC=\(Instant.now().nanoseconds / 1000)\nSTATUS=Reloading the configuration")
    }

    /// Sends a datagram without waiting. Failures are ignored: systemd may have no such socket any more.
    private func notify(_ message: String) {
        guard let socket else { return }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // "@" represents the NUL at the start of an abstract socket's name.
        let path = Array((socket.hasPrefix("@") ? "\0" + socket.dropFirst() : socket).utf8)
        let isShort = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard path.count < room.count else { return false }
            room.copyBytes(from: path)
            return true
        }
        guard isShort else { return }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(message.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
