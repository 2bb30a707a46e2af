import CShim
import Glibc
import Reactor

/// A small MQTT broker for one printer, which misbehaves as mosquitto cannot. It takes the printer's port while a fault
/// lasts. Confined to its loop's thread.
final class FaultyBroker {
    enum Behaviour: Sendable {
        /// SUBACK refuses every subscription, as a broker with access rules does.
        case denySubscription
        /// The session is accepted and ended again, as by a printer that has too many.
        case kick
        /// A hello that offers TLS 1.3 is never answered; a session by TLS 1.2 works. A P2S on 01.02.00.00 does so.
        case muteForTLS13
    }

    private let loop: EventLoop
    private let port: UInt16
    private let identity: CameraIdentity
    private let serial: String
    private let behaviour: Behaviour
    private let onRequest: (SimulatedRequest) -> Void
    private var listener: Int32 = -1
    /// Connections that are never answered.
    private var muted: [Int32] = []
    private var sessions: [ObjectIdentifier: FaultyBrokerSession] = [:]

    init(
        loop: EventLoop, port: UInt16, identity: CameraIdentity, serial: String, behaviour: Behaviour,
        onRequest: @escaping (SimulatedRequest) -> Void
    ) {
        self.loop = loop
        self.port = port
        self.identity = identity
        self.serial = serial
        self.behaviour = behaviour
        self.onRequest = onRequest
    }

    func start() throws {
        let address = try SocketAddress(numeric: "127.0.0.1", port: port)
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        listener = socket(address.family, kind, 0)
        guard listener >= 0 else { throw SystemError(errno, "socket") }
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard address.withPointer({ bind(listener, $0, $1) }) == 0, listen(listener, 128) == 0 else {
            throw SystemError(errno, "bind")
        }
        try loop.watch(listener, for: .read) { [weak self] _ in self?.accept() }
    }

    func stop() {
        guard listener >= 0 else { return }
        loop.unwatch(listener)
        close(listener)
        listener = -1
        for descriptor in muted {
            loop.unwatch(descriptor)
            close(descriptor)
        }
        muted = []
        for session in sessions.values { session.close() }
        sessions = [:]
    }

    /// Publishes a report of the printer.
    func publish(_ payload: [UInt8]) {
        for session in sessions.values { session.publish(payload, on: "device/\(serial)/report") }
    }

    private func accept() {
        while case let descriptor = shim_accept(listener), descriptor >= 0 {
            guard case .muteForTLS13 = behaviour else {
                serve(descriptor)
                continue
            }
            muted.append(descriptor)
            try? loop.watch(descriptor, for: .read) { [weak self] _ in self?.judge(descriptor) }
        }
    }

    /// Looks at the hello of a connection without taking it from the socket.
    private func judge(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_PEEK))
        loop.unwatch(descriptor)
        guard count > 0, !ClientHello.offersTLS13(bytes.prefix(count)) else { return }
        muted.removeAll { $0 == descriptor }
        serve(descriptor)
    }

    private func serve(_ descriptor: Int32) {
        do {
            let session = try FaultyBrokerSession(
                loop: loop, descriptor: descriptor, context: identity.context, behaviour: behaviour,
                onRequest: onRequest
            ) { [weak self] in
                self?.sessions[ObjectIdentifier($0)] = nil
            }
            sessions[ObjectIdentifier(session)] = session
        } catch {
            close(descriptor)
        }
    }
}

/// What a client says first in TLS. Source: RFC 8446, sections 4.1.2 and 4.2.1.
enum ClientHello {
    /// Whether the extension `supported_versions` lists TLS 1.3.
    static func offersTLS13(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        func number(_ length: Int) -> Int {
            defer { rest = rest.dropFirst(length) }
            return rest.prefix(length).reduce(0) { $0 << 8 | Int($1) }
        }
        // The headers of record and handshake, the version and the random number.
        rest = rest.dropFirst(5 + 4 + 2 + 32)
        // Session id, cipher suites and compression methods, each behind its length.
        for lengthBytes in [1, 2, 1] {
            let length = number(lengthBytes)
            rest = rest.dropFirst(length)
        }
        _ = number(2)
        while rest.count > 4 {
            let kind = number(2)
            let length = number(2)
            if kind == 43 {
                let versions = Array(rest.prefix(length).dropFirst())
                return stride(from: 0, to: versions.count - 1, by: 2).contains {
                    versions[$0] == 3 && versions[$0 + 1] == 4
                }
            }
            rest = rest.dropFirst(length)
        }
        return false
    }
}
