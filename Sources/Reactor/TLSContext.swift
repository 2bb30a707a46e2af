import COpenSSL
import CShim

/// The client side of one TLS connection: whom to expect, and what came of it.
///
/// The peer is judged inside the handshake, before a byte of the application has left. Confined to the loop's thread;
/// must outlive the connection that uses it.
package final class TLSContext {
    /// The kind of peer, which decides what the handshake offers.
    package enum Peer: Sendable {
        /// A printer gets TLS 1.2 at most: a P2S never answers a hello that offers 1.3, and no model needs it.
        case printer
        /// Any other server gets TLS 1.2 and 1.3.
        case server
    }

    /// OpenSSL's `SSL_CTX`.
    package let handle: OpaquePointer
    private let name: String
    private let trust: Trust
    private let budget: UnsafeMutablePointer<shim_read_budget>
    private var isLimited = false
    private var messageLimit = 0

    /// The peer's certificate, once the handshake got to it.
    package private(set) var peer: PeerCertificate?
    /// Why the certificate was refused; `nil` before, and where it was accepted.
    package private(set) var problem: CertificateProblem?
    /// The peer's last fatal alert, in OpenSSL's words. TLS 1.3 refuses a client's certificate so, after the handshake.
    package private(set) var alert: String?

    /// Makes a context for a connection to the printer, or the host, `name`.
    ///
    /// - Parameter name: the serial, or the host's name or address; it is also sent as the server name (SNI), as the
    ///   printers' own clients do, unless it is an address.
    /// - Parameter identity: what to show to a peer that asks for a certificate.
    /// - Throws: `SystemError` if OpenSSL is out of memory.
    package init(name: String, trust: Trust, peer kind: Peer, identity: TLSIdentity? = nil) throws {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw SystemError(12, "SSL_CTX_new") }
        handle = context
        self.name = name
        self.trust = trust
        budget = .allocate(capacity: 1)
        budget.initialize(to: shim_read_budget(turn: .max, message: .max, exhausted: false))
        shim_ssl_ctx_require_tls12(context)
        if kind == .printer, !shim_ssl_ctx_expect_printer(context) {
            throw SystemError(22, "SSL_CTX_set_cipher_list")
        }
        shim_ssl_ctx_set_modes(context)
        try identity?.present(in: context)
        switch trust {
        case .authority(let store), .host(let store): SSL_CTX_set1_cert_store(context, store.pointer)
        case .firstUse, .pinned, .unverified: break
        }
        let unretained = Unmanaged.passUnretained(self).toOpaque()
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_cert_verify_callback(
            context,
            { chain, argument in
                guard let chain, let argument else { return 0 }
                return Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue().judge(chain) ? 1 : 0
            }, unretained)
        SSL_CTX_set_ex_data(context, 0, unretained)
        SSL_CTX_set_info_callback(context) { ssl, place, value in
            guard let ssl, let argument = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0) else { return }
            let context = Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue()
            if place & SSL_CB_HANDSHAKE_START != 0 { context.prepare(ssl) }
            if place & SSL_CB_READ_ALERT == SSL_CB_READ_ALERT, value >> 8 == SSL3_AL_FATAL {
                context.alert = TLSContext.name(ofAlert: value)
            }
        }
    }

    private static func name(ofAlert value: Int32) -> String {
        // OpenSSL 3.0 has no name for it.
        if value & 0xFF == SSL_AD_CERTIFICATE_REQUIRED { return "certificate required" }
        return SSL_alert_desc_string_long(value).map { String(cString: $0) } ?? "unknown"
    }

    deinit {
        SSL_CTX_free(handle)
        budget.deallocate()
    }

    /// Bounds what the connection receives: `turn` encrypted bytes until the next call, and `message` bytes of content
    /// that are not given back by `refund`.
    package func allow(turn: Int, message: Int? = nil) {
        budget.pointee.turn = turn
        guard let message else { return }
        budget.pointee.message = message
        messageLimit = message
    }

    /// Gives back `bytes` of content, because a message of that size is complete.
    package func refund(_ bytes: Int) {
        let missing = messageLimit - min(messageLimit, budget.pointee.message)
        budget.pointee.message += min(bytes, missing)
    }

    /// Whether the peer sent more than `allow(message:)` let it.
    package var isExhausted: Bool { budget.pointee.exhausted }

    private func prepare(_ ssl: OpaquePointer) {
        // RFC 6066, section 3: an address is no server name.
        let isAddress = (try? SocketAddress(numeric: name, port: 0)) != nil
        _ = shim_ssl_set_server_name(ssl, isAddress ? nil : name)
        // A renegotiation starts a handshake too; the filter stays.
        guard !isLimited else { return }
        isLimited = shim_ssl_limit_reads(ssl, budget)
    }

    private func judge(_ chain: OpaquePointer) -> Bool {
        peer = X509_STORE_CTX_get0_cert(chain).flatMap(PeerCertificate.init)
        problem = refusal(of: chain)
        if problem != nil { X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION) }
        return problem == nil
    }

    private func refusal(of chain: OpaquePointer) -> CertificateProblem? {
        guard let peer else { return .missing }
        switch trust {
        case .unverified:
            return nil
        case .pinned(let fingerprint):
            return peer.fingerprint == fingerprint ? nil : .notPinned(found: peer.fingerprint)
        case .firstUse(let known):
            if let problem = nameProblem(of: peer) { return problem }
            guard let known, known != peer.fingerprint else { return nil }
            return .changed(known: known, found: peer.fingerprint)
        case .authority:
            if let problem = nameProblem(of: peer) { return problem }
            return chainProblem(of: chain)
        case .host:
            let parameters = X509_STORE_CTX_get0_param(chain)
            X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            let isAddress = X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1
            guard isAddress || X509_VERIFY_PARAM_set1_host(parameters, name, 0) == 1 else {
                return .wrongHost(wanted: name)
            }
            return chainProblem(of: chain)
        }
    }

    private func chainProblem(of chain: OpaquePointer) -> CertificateProblem? {
        guard X509_verify_cert(chain) != 1 else { return nil }
        let code = X509_STORE_CTX_get_error(chain)
        if code == X509_V_ERR_HOSTNAME_MISMATCH || code == X509_V_ERR_IP_ADDRESS_MISMATCH {
            return .wrongHost(wanted: name)
        }
        return .untrusted(X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "error \(code)")
    }

    private func nameProblem(of peer: PeerCertificate) -> CertificateProblem? {
        // Byte by byte: OpenSSL's own comparison of host names ignores case and knows wildcards.
        peer.commonName == Array(name.utf8) ? nil : .wrongName(found: peer.readableName, wanted: name)
    }
}
