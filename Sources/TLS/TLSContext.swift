import COpenSSL
import CShim
import Platform

/// The client side of one TLS connection: verifies the peer and keeps the result.
///
/// The peer is verified during the handshake, before any application data is sent. Confined to the loop's thread; must
/// outlive the connection that uses it.
package final class TLSContext {
    /// The kind of peer, which decides which TLS versions are offered.
    package enum Peer: Sendable {
        /// TLS 1.2 at most: a P2S does not answer a ClientHello that offers 1.3, and no model needs it.
        case printer
        /// TLS 1.2 and 1.3.
        case server
    }

    /// OpenSSL's `SSL_CTX`.
    package let handle: OpaquePointer
    private let name: String
    private let trust: CertificatePolicy
    private let budget: UnsafeMutablePointer<shim_read_budget>
    private var isLimited = false
    private var messageLimit = 0

    /// The peer's certificate; `nil` until the handshake has received it.
    package private(set) var peer: PeerCertificate?
    /// Why the certificate was rejected; `nil` if it was accepted or not yet verified.
    package private(set) var problem: CertificateProblem?
    /// The peer's last fatal alert, in OpenSSL's words. TLS 1.3 refuses a client's certificate so, after the handshake.
    package private(set) var alert: String?
    /// Whether a server asked for a client certificate. The alert that refuses it may be lost, if the server resets the
    /// connection.
    package private(set) var isCertificateRequested = false

    /// Creates a context for a connection to the printer or host `name`.
    ///
    /// - Parameter name: The serial number, or the host's name or address. It is also sent as the server name (SNI), as
    ///   the printers' own clients do, unless it is an address.
    /// - Parameter identity: The client certificate for a peer that requires one.
    /// - Throws: `SystemError` if OpenSSL is out of memory.
    package init(name: String, trust: CertificatePolicy, peer kind: Peer, identity: TLSIdentity? = nil) throws {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw SystemError(12, "SSL_CTX_new") }
        handle = context
        self.name = name
        self.trust = trust
        budget = .allocate(capacity: 1)
        budget.initialize(to: shim_read_budget(turn: .max, message: .max, exhausted: false))
        guard shim_ssl_ctx_set_client_defaults(context, kind == .printer) else {
            throw SystemError(22, "SSL_CTX_set_cipher_list")
        }
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
                return Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue().verify(chain) ? 1 : 0
            }, unretained)
        if kind == .server {
            SSL_CTX_set_cert_cb(
                context,
                { _, argument in
                    guard let argument else { return 1 }
                    Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue().isCertificateRequested = true
                    return 1
                }, unretained)
        }
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

    /// Limits the bytes that the connection may receive.
    ///
    /// - Parameters:
    ///   - turn: The encrypted bytes until the next call.
    ///   - message: The bytes of content until they are given back by `refund`; `nil` keeps the current limit.
    package func allow(turn: Int, message: Int? = nil) {
        budget.pointee.turn = turn
        guard let message else { return }
        budget.pointee.message = message
        messageLimit = message
    }

    /// Gives back `bytes` of content, after a message of that size is complete.
    package func refund(_ bytes: Int) {
        let missing = messageLimit - min(messageLimit, budget.pointee.message)
        budget.pointee.message += min(bytes, missing)
    }

    /// Whether the peer exceeded the limit of `allow(message:)`.
    package var isExhausted: Bool { budget.pointee.exhausted }

    private func prepare(_ ssl: OpaquePointer) {
        // RFC 6066, section 3: an address must not be sent as server name.
        let isAddress = (try? SocketAddress(numeric: name, port: 0)) != nil
        _ = shim_ssl_set_server_name(ssl, isAddress ? nil : name)
        // A renegotiation starts a handshake too; the filter is already installed then.
        guard !isLimited else { return }
        isLimited = shim_ssl_limit_reads(ssl, budget)
    }

    private func verify(_ chain: OpaquePointer) -> Bool {
        peer = X509_STORE_CTX_get0_cert(chain).flatMap(PeerCertificate.init)
        problem = rejection(of: chain)
        if problem != nil { X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION) }
        return problem == nil
    }

    private func rejection(of chain: OpaquePointer) -> CertificateProblem? {
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
        // Compare bytes: OpenSSL's own comparison of host names ignores case and accepts wildcards.
        peer.commonName == Array(name.utf8) ? nil : .wrongName(found: peer.readableName, wanted: name)
    }
}
