import Reactor

/// A port of 127.0.0.1 that accepts connections. Confined to its loop's thread once it accepts.
final class LoopbackListener {
    private let loop: EventLoop
    private let socket: ListeningSocket
    private var isOpen = true

    /// Listens; connections wait until `accept`.
    ///
    /// - Parameter port: 0 takes a free one.
    init(loop: EventLoop, port: UInt16) throws {
        self.loop = loop
        socket = try ListeningSocket.open(SocketAddress(numeric: "127.0.0.1", port: port))
    }

    deinit {
        if isOpen { socket.close() }
    }

    var port: UInt16 { socket.address.port }

    /// Accepts connections until `close`.
    ///
    /// - Parameter onConnection: takes over a descriptor.
    func accept(_ onConnection: @escaping (Int32) -> Void) throws {
        try loop.watch(socket.descriptor, for: .read) { [socket] _ in
            while case let descriptor = socket.accept(), descriptor >= 0 { onConnection(descriptor) }
        }
    }

    /// Accepts no more and frees the port.
    func close() {
        guard isOpen else { return }
        isOpen = false
        loop.unwatch(socket.descriptor)
        socket.close()
    }
}
