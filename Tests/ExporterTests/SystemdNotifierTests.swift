import Foundation
import Glibc
import Reactor
import Testing

@testable import Exporter

/// A socket that systemd would listen on.
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

    /// The next message; `nil` where there is none yet.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}

@Suite("What systemd is told", .timeLimit(.minutes(2)))
struct ServiceManagerTests {
    @Test func `it is told when the service is ready, lives, reloads and stops`() async throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket(in: folder)
        let file = try folder.write("config.json5", #"{ printers: [ { serial: "01P00A000000001" } ] }"#)
        let exporter = try await RunningExporter(
            ["--config.file=\(file)"], environment: ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "400000"])
        let said = Locked<[String]>([])
        func hear(_ what: String) async throws {
            try await exporter.eventually("systemd hears \(what)") {
                while let message = socket.next() { said.withLock { $0.append(message) } }
                return said.withLock { $0.contains { $0.hasPrefix(what) } }
            }
        }
        try await hear("READY=1\nSTATUS=Watching 1 configured printer")
        try await hear("WATCHDOG=1")
        exporter.signal(SIGHUP)
        try await hear("RELOADING=1\nMONOTONIC_USEC=")
        try await hear("READY=1\nSTATUS=The configuration was read again")
        _ = try folder.write("config.json5", "{ printers: 5 }")
        exporter.signal(SIGHUP)
        try await hear("READY=1\nSTATUS=The configuration is wrong; the one before stays")
        #expect(try await exporter.stop() == 0)
        try await hear("STOPPING=1")
    }

    @Test func `a watchdog that is for another process is not this one's`() {
        let mine = ["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "\(getpid())"]
        #expect(SystemdNotifier(environment: mine).watchdogInterval == .milliseconds(1500))
        #expect(SystemdNotifier(environment: mine.merging(["WATCHDOG_PID": "1"]) { $1 }).watchdogInterval == nil)
        #expect(SystemdNotifier(environment: ["WATCHDOG_USEC": "x"]).watchdogInterval == nil)
        #expect(SystemdNotifier(environment: [:]).watchdogInterval == nil)
    }
}
