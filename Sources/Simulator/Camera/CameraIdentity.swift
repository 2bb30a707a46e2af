import COpenSSL
import CShim
import Reactor

/// The certificate that a camera shows.
final class CameraIdentity {
    /// OpenSSL's `SSL_CTX`.
    let context: OpaquePointer

    /// - Parameters:
    ///   - certificateFile: the leaf and its issuer, as PEM.
    ///   - keyFile: the leaf's key, as PEM.
    init(certificateFile: String, keyFile: String) throws(SimulatorError) {
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw .openSSL(operation: "SSL_CTX_new") }
        self.context = context
        shim_ssl_ctx_set_modes(context)
        // Printers speak TLS 1.2 alone.
        shim_ssl_ctx_require_tls12(context)
        guard shim_ssl_ctx_forbid_tls13(context), SSL_CTX_use_certificate_chain_file(context, certificateFile) == 1,
            SSL_CTX_use_PrivateKey_file(context, keyFile, SSL_FILETYPE_PEM) == 1
        else { throw .openSSL(operation: "SSL_CTX_use_certificate_chain_file") }
    }

    deinit {
        SSL_CTX_free(context)
    }
}
