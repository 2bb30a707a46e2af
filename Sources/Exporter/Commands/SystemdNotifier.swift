import Glibc
import Reactor

/// What systemd is told of this process, where it asked to be told. Source: sd_notify(3), systemd.service(5).
struct SystemdNotifier: Sendable {
    private let socket: String?
    /// How often to tell systemd that all is well: twice in the time that it allows, and every 10 s at least, so that it
    /// waits until this process has logged what hangs. `nil` when systemd does not watch.
    let watchdogInterval: Duration?

    /// - Parameter environment: `NOTIFY_SOCKET`, and `WATCHDOG_USEC` with the `WATCHDOG_PID` that it is for.
    init(environment: [String: String]) {
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdogInterval = isMeant && microseconds > 0 ? min(.microseconds(microseconds) / 2, .seconds(10)) : nil
    }

    func ready(_ status: String) { tell("READY=1\nSTATUS=\(status)") }
    func stopping() { tell("STOPPING=1\nSTATUS=Stopping") }
    func alive() { tell("WATCHDOG=1") }

    /// The configuration is being read again; `ready` ends that.
    func reloading() {
        tell("RELOADING=1\nMONOTONIC_USEC=\(Instant.now().nanoseconds / 1000)\nSTATUS=Reading the configuration again")
    }

    /// Nobody waits for an answer, and where systemd has gone away nothing is lost.
    private func tell(_ message: String) {
        guard let socket else { return }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // "@" stands for the NUL that an abstract name begins with.
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
