import COpenSSL
import Glibc
import Platform
import Reactor
import TLS
import Testing

@testable import MQTT
@testable import Simulator

/// Brokers whose answer arrives together with the end of the TLS handshake.
@Suite(.timeLimit(.minutes(1))) struct HandshakeTests {
    /// Accepts a TLS session on `connection`, and sends `answer` together with the last bytes of the handshake.
    private static func greet(_ connection: Int32, with answer: [UInt8], as key: PrivateKey, _ certificate: Certificate)
    {
        guard let context = SSL_CTX_new(TLS_server_method()) else { return }
        defer { SSL_CTX_free(context) }
        guard SSL_CTX_use_certificate(context, certificate.pointer) == 1,
            SSL_CTX_use_PrivateKey(context, key.pointer) == 1,
            let session = SSL_new(context), let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem())
        else { return }
        defer { SSL_free(session) }
        SSL_set_bio(session, input, output)
        SSL_set_accept_state(session)
        var chunk = [UInt8](repeating: 0, count: 4096)
        while SSL_do_handshake(session) != 1 {
            flush(output, to: connection)
            let count = read(connection, &chunk, chunk.count)
            guard count > 0 else { return }
            BIO_write(input, chunk, Int32(count))
        }
        SSL_write(session, answer, Int32(answer.count))
        flush(output, to: connection)
        TestServer.drain(connection)
    }

    /// Sends everything that OpenSSL has written, in one segment.
    private static func flush(_ output: OpaquePointer, to connection: Int32) {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(output))
        guard BIO_read(output, &bytes, Int32(bytes.count)) > 0 else { return }
        TestServer.send(bytes, to: connection)
    }

    @Test(arguments: [UInt8(4), 5])
    func `a refusal in the last segment of the handshake is not lost`(code: UInt8) throws {
        let key = try PrivateKey()
        let certificate = try SimulatedAuthority(key: key).certificate
        let server = try TestServer { Self.greet($0, with: [0x20, 0x02, 0x00, code], as: key, certificate) }
        let loop = try EventLoop()
        let events = Locked<[String]>([])
        var error: ConnectionError?
        let connection = try Connection(
            loop: loop, options: .init(clientID: "test", user: "bblp", password: Secret("12345678")),
            tls: try TLSContext(name: "S", trust: .unverified, peer: .printer)
        ) { event in
            if case .secured = event { events.withLock { $0.append("secured") } }
            guard case .closed(let reason) = event else { return }
            error = reason
            loop.stop()
        }
        connection.open(try SocketAddress(numeric: "127.0.0.1", port: server.port))
        loop.run()
        #expect(error == .authentication)
        #expect(events.withLock { $0 } == ["secured"])
        server.end()
    }
}
