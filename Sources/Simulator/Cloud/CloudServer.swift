import CShim
import Glibc
import Reactor

/// The HTTP server of a simulated account, on a thread of its own. It takes bodies, and misbehaves as it is told.
package final class CloudServer: Sendable {
    private let account: SimulatedAccount
    private let thread: LoopThread
    private let hub = Locked<CloudHub?>(nil)

    package init(_ account: SimulatedAccount) throws {
        self.account = account
        thread = try LoopThread()
    }

    deinit {
        stop()
    }

    /// Listens on 127.0.0.1.
    ///
    /// - Parameters:
    ///   - certificateFile: `nil` for a server without TLS.
    ///   - keyFile: the key of that certificate, as PEM.
    /// - Returns: the port.
    package func start(
        port: UInt16 = 0, certificateFile: String? = nil, keyFile: String? = nil
    ) throws -> UInt16 {
        let identity = try certificateFile.map {
            try CameraIdentity(certificateFile: $0, keyFile: keyFile ?? $0)
        }
        let hub = try CloudHub(loop: thread.loop, account: account, identity: identity, port: port)
        self.hub.withLock { $0 = hub }
        thread.loop.perform { hub.begin() }
        return hub.port
    }

    /// Closes everything.
    package func stop() {
        if let hub = hub.withLock({ $0.take() }) { thread.loop.perform { hub.stop() } }
        thread.end()
    }
}

/// The server as its loop's thread sees it.
private final class CloudHub: @unchecked Sendable {
    // Sendable, because after `init` it is reached through `EventLoop.perform` alone, and so by one thread.

    private let loop: EventLoop
    private let account: SimulatedAccount
    private let identity: CameraIdentity?
    private var listener: Int32
    private var clients: [ObjectIdentifier: CloudConversation] = [:]
    let port: UInt16

    init(loop: EventLoop, account: SimulatedAccount, identity: CameraIdentity?, port: UInt16) throws {
        self.loop = loop
        self.account = account
        self.identity = identity
        let address = try SocketAddress(numeric: "127.0.0.1", port: port)
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let listener = socket(address.family, kind, 0)
        guard listener >= 0 else { throw SystemError(errno, "socket") }
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard address.withPointer({ bind(listener, $0, $1) }) == 0, listen(listener, 128) == 0 else {
            let code = errno
            close(listener)
            throw SystemError(code, "bind")
        }
        self.listener = listener
        self.port = SocketAddress(boundTo: listener)?.port ?? port
    }

    func begin() {
        try? loop.watch(listener, for: .read) { [weak self] _ in self?.accept() }
    }

    func stop() {
        loop.unwatch(listener)
        close(listener)
        listener = -1
        for client in clients.values { client.close() }
        clients = [:]
    }

    private func accept() {
        while listener >= 0 {
            let descriptor = shim_accept(listener)
            guard descriptor >= 0 else { return }
            let client = CloudConversation(loop: loop, account: account)
            clients[ObjectIdentifier(client)] = client
            client.onEnd = { [weak self, weak client] in
                guard let client else { return }
                self?.clients[ObjectIdentifier(client)] = nil
            }
            client.open(descriptor, identity)
        }
    }
}
