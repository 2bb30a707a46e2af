import COpenSSL
import CShim
package import Platform
package import TLS

/// The TLS settings of a server. It reloads the certificate when its files change.
///
/// Existing connections keep their certificate.
package final class ServerTLS: Sendable {
    /// Whether clients must present a certificate, and how it is verified.
    package enum ClientAuthentication: Sendable, Equatable {
        case none
        /// A certificate is requested; it is optional and not verified.
        case request
        /// A certificate is required and not verified.
        case requireAny
        /// A certificate is optional; if present, it must be issued by an authority in `clientAuthorityFile`.
        case verifyIfGiven
        case requireAndVerify

        var needsCertificate: Bool { self == .requireAny || self == .requireAndVerify }
    }

    package enum Version: Sendable, Comparable {
        case tls12, tls13
    }

    package struct Settings: Sendable, Equatable {
        /// A PEM file with the certificate and its intermediate certificates.
        package var certificateFile: String
        package var keyFile: String
        package var clientAuthentication = ClientAuthentication.none
        package var clientAuthorityFile: String?
        package var oldest = Version.tls12
        package var newest = Version.tls13

        package init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    package typealias Unusable = TLSIdentity.Unusable

    private struct State {
        var context: SSLContext
        var versions: [FileStamp?]
        var lastCheck: Instant?
        var lastProblem: String?
    }

    /// The minimum time between two checks of the files, regardless of the number of clients.
    private static let interval = Duration.seconds(1)

    package let settings: Settings
    private let state: Locked<State>
    private let onProblem: @Sendable (String) -> Void

    /// - Parameter onProblem: Called if changed files cannot be used; the previous ones stay in use.
    package init(
        _ settings: Settings, onProblem: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(Unusable) {
        self.settings = settings
        self.onProblem = onProblem
        state = Locked(State(context: try Self.context(settings), versions: Self.versions(of: settings)))
    }

    var needsCertificate: Bool { settings.clientAuthentication.needsCertificate }

    /// Creates a session on an accepted connection; `nil` if OpenSSL is out of memory.
    ///
    /// - Parameter isLocal: Whether the client is on this machine. Its handshake succeeds without a certificate, which
    ///   `Peer.lacksCertificate` reports.
    package func session(on descriptor: Int32, isLocal: Bool, at now: Instant) -> OpaquePointer? {
        let context = state.withLock { state in
            refresh(&state, now)
            return state.context
        }
        guard let session = SSL_new(context.pointer) else { return nil }
        guard SSL_set_fd(session, descriptor) == 1 else {
            SSL_free(session)
            return nil
        }
        // Passing no callback keeps the current one.
        if isLocal, needsCertificate { SSL_set_verify(session, SSL_VERIFY_PEER, nil) }
        SSL_set_accept_state(session)
        return session
    }

    private func refresh(_ state: inout State, _ now: Instant) {
        if let last = state.lastCheck, now - last < Self.interval { return }
        state.lastCheck = now
        let versions = Self.versions(of: settings)
        guard versions != state.versions else { return }
        do throws(Unusable) {
            state.context = try Self.context(settings)
            state.versions = versions
            state.lastProblem = nil
        } catch {
            // Certificate and key may be replaced one after the other: the next check finds both.
            if state.lastProblem != error.description { onProblem(error.description) }
            state.lastProblem = error.description
        }
    }

    private static func versions(of settings: Settings) -> [FileStamp?] {
        [settings.certificateFile, settings.keyFile, settings.clientAuthorityFile].map { $0.flatMap(FileStamp.init) }
    }

    private static func context(_ settings: Settings) throws(Unusable) -> SSLContext {
        guard let context = SSLContext(TLS_server_method()) else {
            throw Unusable(file: "TLS", reason: "out of memory")
        }
        shim_ssl_ctx_set_server_defaults(context.pointer, settings.oldest == .tls13, settings.newest == .tls12)
        try TLSIdentity.load(settings.certificateFile, settings.keyFile, into: context.pointer)
        try configureClientAuthentication(context.pointer, settings)
        return context
    }

    private static func configureClientAuthentication(_ context: OpaquePointer, _ settings: Settings) throws(Unusable) {
        let verifies = [.verifyIfGiven, .requireAndVerify].contains(settings.clientAuthentication)
        if verifies, let file = settings.clientAuthorityFile {
            guard SSL_CTX_load_verify_file(context, file) == 1 else {
                throw Unusable(file: file, openSSL: "holds no PEM certificates that can be read")
            }
            // The authorities that are sent to clients, so that they can select a certificate.
            if let names = SSL_load_client_CA_file(file) { SSL_CTX_set_client_CA_list(context, names) }
        }
        var mode = SSL_VERIFY_NONE
        if settings.clientAuthentication != .none { mode = SSL_VERIFY_PEER }
        if settings.clientAuthentication.needsCertificate { mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT }
        SSL_CTX_set_verify(context, mode, verifies ? nil : { _, _ in 1 })
    }
}
