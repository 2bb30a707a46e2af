import CMosquitto
import COpenSSL
import Glibc
import Platform
import TLS

/// A client of libmosquitto. All calls of the library are made here.
///
/// Calls must not be made from a callback of the library; `recorder` holds the recorded events.
final class MosquittoClient {
    let recorder = CallbackRecorder()
    private let client: OpaquePointer
    /// The result of libmosquitto's one-time set-up.
    private static let library: Int32 = mosquitto_lib_init()

    /// - Throws: `SystemError` if libmosquitto is out of memory.
    init(_ options: Connection.Options, _ tls: TLSContext?) throws {
        guard Self.library == MOSQ_ERR_SUCCESS.rawValue, let client = mosquitto_new(options.clientID, true, nil) else {
            throw SystemError(ENOMEM, "mosquitto_new")
        }
        self.client = client
        recorder.attach(to: client)
        if let user = options.user { mosquitto_username_pw_set(client, user, options.password?.revealed) }
        mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1)
        // By default, 20 unacknowledged messages block all further ones.
        mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, 0)
        if let tls {
            // By default, libmosquitto 2.0.11 requires a cafile.
            mosquitto_int_option(client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0)
            mosquitto_void_option(client, MOSQ_OPT_SSL_CTX, UnsafeMutableRawPointer(tls.handle))
        }
    }

    deinit {
        mosquitto_destroy(client)
    }

    /// The connection's socket; -1 before it exists.
    var descriptor: Int32 { mosquitto_socket(client) }

    /// Whether packets are waiting for the socket to become writable.
    var wantsWrite: Bool { mosquitto_want_write(client) }

    /// The TLS session; `nil` without TLS, and before its handshake begins.
    private var session: OpaquePointer? { mosquitto_ssl_get(client).map(OpaquePointer.init) }

    /// The state of the TLS handshake; `nil` if there is no session.
    var handshake: (isDone: Bool, wantsWrite: Bool)? {
        session.map { (SSL_is_init_finished($0) == 1, SSL_want($0) == SSL_WRITING) }
    }

    /// Whether TLS holds decrypted bytes. libmosquitto reads one packet per call; the rest of its record stays in
    /// memory and does not make the descriptor readable.
    var hasPending: Bool { session.map { SSL_pending($0) > 0 } ?? false }

    /// Calls the library. An error of another connection in OpenSSL's queue would be attributed to this one.
    private func call(_ body: () -> Int32) -> Int32 {
        ERR_clear_error()
        return body()
    }

    /// Starts to connect to a numeric address; a name lookup could block.
    func connect(to address: SocketAddress, keepAlive: Int32) -> Int32 {
        call { mosquitto_connect_async(client, address.host, Int32(address.port), keepAlive) }
    }

    func disconnect() {
        _ = call { mosquitto_disconnect(client) }
        _ = write()
    }

    /// - Parameter id: Receives the message id, which the broker's answer carries.
    func subscribe(_ topic: String, qualityOfService: Int32, id: inout Int32) -> Int32 {
        call { mosquitto_subscribe(client, &id, topic, qualityOfService) }
    }

    func unsubscribe(_ topic: String) -> Int32 { call { mosquitto_unsubscribe(client, nil, topic) } }

    func publish(_ topic: String, _ payload: [UInt8], qualityOfService: Int32) -> Int32 {
        call {
            mosquitto_publish(client, nil, topic, Int32(clamping: payload.count), payload, qualityOfService, false)
        }
    }

    /// Reads one packet. During the TLS handshake it reads and writes, and `write` does nothing.
    func read() -> Int32 { call { mosquitto_loop_read(client, 1) } }

    func write() -> Int32 { call { mosquitto_loop_write(client, 1) } }

    /// Sends a keep-alive packet if one is due, and detects a peer that no longer answers.
    func sendKeepAlive() -> Int32 { call { mosquitto_loop_misc(client) } }
}
