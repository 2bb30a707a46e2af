import Glibc
import Platform

/// A loopback server that reads a request, sends `beginning` and then repeats `piece` while the client accepts it.
final class HostileServer: Sendable {
    let url: String
    private let listener: Int32

    init(_ beginning: String, then piece: String, pause: UInt32 = 0) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let address = try SocketAddress(numeric: "127.0.0.1", port: 0)
        guard address.withPointer({ bind(listener, $0, $1) }) == 0, listen(listener, 4) == 0,
            let port = SocketAddress(boundTo: listener)?.port
        else { throw SystemError(errno, "bind") }
        self.listener = listener
        url = "http://127.0.0.1:\(port)"
        try Thread(named: "hostile") {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            var request = [UInt8](repeating: 0, count: 4096)
            _ = recv(client, &request, request.count, 0)
            var next = Array(beginning.utf8)
            while send(client, next, next.count, Int32(MSG_NOSIGNAL)) > 0 {
                next = Array(piece.utf8)
                if pause > 0 { usleep(pause) }
            }
            close(client)
        }.detach()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}
