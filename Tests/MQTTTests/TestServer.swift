import Glibc
import Platform

/// A TCP server that accepts one connection, on a thread of its own.
final class TestServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let thread = Locked<pthread_t?>(nil)

    private final class Play: Sendable {
        let listener: Int32
        let body: @Sendable (Int32) -> Void

        init(listener: Int32, body: @escaping @Sendable (Int32) -> Void) {
            self.listener = listener
            self.body = body
        }
    }

    /// - Parameter body: Receives the accepted descriptor, which is closed when it returns.
    init(_ body: @escaping @Sendable (Int32) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let address = try SocketAddress(numeric: "127.0.0.1", port: 0)
        guard address.withPointer({ Glibc.bind(listener, $0, $1) }) == 0, listen(listener, 1) == 0,
            let bound = SocketAddress(boundTo: listener)
        else { throw SystemError(errno, "listen") }
        self.listener = listener
        port = bound.port
        let argument = Unmanaged.passRetained(Play(listener: listener, body: body))
        var id = pthread_t()
        pthread_create(
            &id, nil,
            { argument in
                guard let argument else { return nil }
                let play = Unmanaged<Play>.fromOpaque(argument).takeRetainedValue()
                let connection = accept(play.listener, nil, nil)
                guard connection >= 0 else { return nil }
                play.body(connection)
                close(connection)
                return nil
            }, argument.toOpaque())
        thread.withLock { $0 = id }
    }

    /// Waits until `body` has returned.
    func end() {
        shutdown(listener, Int32(SHUT_RDWR))
        if let id = thread.withLock({ $0.take() }) { pthread_join(id, nil) }
        close(listener)
    }

    /// Sends all of `bytes`. Returns false if the peer is gone.
    @discardableResult
    static func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
        Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Reads the next bytes of the peer.
    static func receive(from connection: Int32) {
        var chunk = [UInt8](repeating: 0, count: 4096)
        _ = read(connection, &chunk, chunk.count)
    }

    /// Reads until the peer closes.
    static func drain(_ connection: Int32) {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while read(connection, &chunk, chunk.count) > 0 {}
    }
}
