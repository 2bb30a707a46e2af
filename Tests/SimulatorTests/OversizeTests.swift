import COpenSSL
import Foundation
import Glibc
import MQTT
import Platform
import TLS
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(1))) struct OversizeTests {
    /// A broker that accepts one session and then sends one packet of 20 MB.
    private struct FloodingBroker {
        let port: UInt16
        /// The number of bytes of the packet that were sent.
        let sent: AsyncStream<Int>

        init(serial: String) throws {
            let key = try TestKey.shared.get()
            let leaf = try SimulatedAuthority(key: key).issue(.init(commonName: serial), for: key)
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let address = try SocketAddress(numeric: "127.0.0.1", port: 0)
            guard address.withPointer({ Glibc.bind(listener, $0, $1) }) == 0, listen(listener, 1) == 0 else {
                throw SystemError(errno, "listen")
            }
            port = SocketAddress(boundTo: listener)?.port ?? 0
            let (sent, continuation) = AsyncStream.makeStream(of: Int.self)
            self.sent = sent
            Thread.detachNewThread {
                let connection = accept(listener, nil, nil)
                continuation.yield(Self.flood(connection, leaf: leaf, key: key))
                close(connection)
                close(listener)
            }
        }

        private static func flood(_ connection: Int32, leaf: Certificate, key: PrivateKey) -> Int {
            signal(SIGPIPE, SIG_IGN)
            let context = SSL_CTX_new(TLS_server_method())
            defer { SSL_CTX_free(context) }
            SSL_CTX_use_certificate(context, leaf.pointer)
            SSL_CTX_use_PrivateKey(context, key.pointer)
            let ssl = SSL_new(context)
            defer { SSL_free(ssl) }
            SSL_set_fd(ssl, connection)
            guard SSL_accept(ssl) == 1 else { return -1 }
            var request = [UInt8](repeating: 0, count: 256)
            SSL_read(ssl, &request, 256)
            SSL_write(ssl, [0x20, 0x02, 0x00, 0x00] as [UInt8], 4)
            // PUBLISH with a remaining length of 20 MB, topic "t".
            SSL_write(ssl, [0x30, 0x80, 0x80, 0x80, 0x0A, 0x00, 0x01, 0x74] as [UInt8], 8)
            let chunk = [UInt8](repeating: 0x20, count: 16 << 10)
            var sent = 0
            while sent < 20 << 20 {
                let count = SSL_write(ssl, chunk, Int32(chunk.count))
                guard count > 0 else { break }
                sent += Int(count)
            }
            return sent
        }
    }

    @Test func `an oversize packet closes the connection early`() async throws {
        let broker = try FloodingBroker(serial: "S")
        let client = try TestClient(port: broker.port, name: "S", accessCode: "1", trust: .unverified)
        #expect(await client.first { $0 == .closed(.oversize) } != nil)
        client.close()
        var sent = broker.sent.makeAsyncIterator()
        // The limit of 2 MB, plus the sockets' buffers.
        let count = try #require(await sent.next())
        #expect(count > 0 && count < 12 << 20, "\(count) bytes")
    }
}
