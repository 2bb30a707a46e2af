import Foundation
import Glibc
import Platform
import Testing

@testable import Exporter

/// The notification socket of systemd.
private final class NotifySocket: Sendable {
    let path: String
    private let descriptor: Int32

    init(in folder: TemporaryFolder) throws {
        path = folder.url.appending(path: "notify").path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw SystemError(errno, "bind") }
    }

    deinit {
        close(descriptor)
    }

    /// The next message; `nil` if none has arrived.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}

@Suite("SystemdNotifier", .timeLimit(.minutes(2)))
struct SystemdNotifierTests {
    @Test func `systemd is notified of ready, watchdog, reload and stop`() async throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket(in: folder)
        let file = try folder.write("config.json5", #"{ printers: [ { serial: "01P00A000000001" } ] }"#)
        let exporter = try await RunningExporter(
            ["--config.file=\(file)"], environment: ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "400000"])
        let received = Locked<[String]>([])
        func expect(_ prefix: String) async throws {
            try await exporter.eventually("systemd receives \(prefix)") {
                while let message = socket.next() { received.withLock { $0.append(message) } }
                return received.withLock { $0.contains { $0.hasPrefix(prefix) } }
            }
        }
        try await expect("READY=1\nSTATUS=Watching 1 configured printer")
        try await expect("WATCHDOG=1")
        exporter.signal(SIGHUP)
        try await expect("RELOADING=1\nMONOTONIC_USEC=")
        try await expect("READY=1\nSTATUS=Configuration reloaded")
        _ = try folder.write("config.json5", "{ printers: 5 }")
        exporter.signal(SIGHUP)
        try await expect("READY=1\nSTATUS=Reloading failed; the previous configuration stays in use")
        #expect(try await exporter.stop() == 0)
        try await expect("STOPPING=1")
    }

    @Test func `a watchdog of another process is ignored`() {
        let mine = ["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "\(getpid())"]
        #expect(SystemdNotifier(environment: mine).watchdogInterval == .milliseconds(1500))
        #expect(SystemdNotifier(environment: mine.merging(["WATCHDOG_PID": "1"]) { $1 }).watchdogInterval == nil)
        #expect(SystemdNotifier(environment: ["WATCHDOG_USEC": "x"]).watchdogInterval == nil)
        #expect(SystemdNotifier(environment: [:]).watchdogInterval == nil)
    }
}
