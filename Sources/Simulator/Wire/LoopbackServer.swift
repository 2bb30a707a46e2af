import Platform
import Reactor

/// A listening socket on 127.0.0.1 with its connections. Confined to its loop's thread after `accept`.
final class LoopbackServer<Connection: ServedConnection> {
    private let loop: EventLoop
    private let socket: ListeningSocket
    private var isOpen = true
    private(set) var connections: [ObjectIdentifier: Connection] = [:]

    /// Listens on a port, 0 for a free one; clients wait until `accept`.
    init(loop: EventLoop, port: UInt16) throws {
        self.loop = loop
        socket = try ListeningSocket.open(SocketAddress(numeric: "127.0.0.1", port: port))
    }

    deinit {
        if isOpen { socket.close() }
    }

    var port: UInt16 { socket.address.port }

    /// Accepts clients until `close`; `onClient` takes ownership of a descriptor, for example with `serve`.
    func accept(_ onClient: @escaping (Int32) -> Void) throws {
        try loop.watch(socket.descriptor, for: .read) { [socket] _ in
            while case let descriptor = socket.accept(), descriptor >= 0 { onClient(descriptor) }
        }
    }

    /// Holds a connection until it ends, and then calls `onEnd`, except after `close`.
    func serve(_ create: () throws -> Connection, onEnd: @escaping () -> Void = {}) {
        guard let connection = try? create() else { return }
        let id = ObjectIdentifier(connection)
        connections[id] = connection
        connection.onEnd = { [weak self] in if self?.connections.removeValue(forKey: id) != nil { onEnd() } }
    }

    /// Frees the port and closes all connections.
    func close() {
        guard isOpen else { return }
        isOpen = false
        loop.unwatch(socket.descriptor)
        socket.close()
        let connections = connections.values
        self.connections = [:]
        for connection in connections { connection.close() }
    }
}
