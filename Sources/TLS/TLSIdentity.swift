import COpenSSL
import CShim

/// A certificate and its key, with which a client of TLS says who it is.
///
/// Two are equal if their files and their certificates are.
package final class TLSIdentity: Sendable, Equatable {
    /// A file that TLS cannot use.
    package struct Unusable: Error, Equatable, CustomStringConvertible {
        package let file: String
        package let reason: String
        package var description: String { "\(file): \(reason)" }

        package init(file: String, reason: String) {
            self.file = file
            self.reason = reason
        }

        /// - Parameter reason: what is wrong; the newest error of OpenSSL follows it.
        package init(file: String, openSSL reason: String) {
            self.init(file: file, reason: "\(reason) (\(OpenSSLError.last() ?? "no reason given"))")
        }
    }

    private let certificateFile: String
    private let keyFile: String
    /// Holds certificate, chain and key.
    private let context: SSLContext

    /// - Parameters:
    ///   - certificateFile: the certificate and its intermediates, as PEM.
    ///   - keyFile: the key of the certificate, as PEM without a passphrase.
    package init(certificateFile: String, keyFile: String) throws(Unusable) {
        guard let context = SSLContext(TLS_client_method()) else {
            throw Unusable(file: certificateFile, reason: "out of memory")
        }
        try Self.load(certificateFile, keyFile, into: context.pointer)
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.context = context
    }

    /// Reads the files into an `SSL_CTX`, and checks that they belong together.
    package static func load(
        _ certificateFile: String, _ keyFile: String, into context: OpaquePointer
    ) throws(Unusable) {
        ERR_clear_error()
        // By default, OpenSSL asks the terminal for a passphrase, and waits.
        SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in -1 }
        guard SSL_CTX_use_certificate_chain_file(context, certificateFile) == 1 else {
            throw Unusable(file: certificateFile, openSSL: "holds no PEM certificate that can be read")
        }
        guard SSL_CTX_use_PrivateKey_file(context, keyFile, SSL_FILETYPE_PEM) == 1 else {
            throw Unusable(
                file: keyFile,
                openSSL: "holds no PEM key that can be read without a passphrase, or one of another certificate")
        }
        guard SSL_CTX_check_private_key(context) == 1 else {
            throw Unusable(file: keyFile, openSSL: "is not the key of the certificate")
        }
    }

    /// Lets the connections of an `SSL_CTX` show this certificate to a server that asks for one.
    func present(in context: OpaquePointer) throws {
        var chain: OpaquePointer?
        shim_ssl_ctx_get_chain(self.context.pointer, &chain)
        guard
            SSL_CTX_use_cert_and_key(
                context, SSL_CTX_get0_certificate(self.context.pointer),
                SSL_CTX_get0_privatekey(self.context.pointer), chain, 1)
                == 1
        else { throw Unusable(file: certificateFile, openSSL: "cannot be used") }
    }

    package static func == (one: TLSIdentity, other: TLSIdentity) -> Bool {
        guard one.certificateFile == other.certificateFile, one.keyFile == other.keyFile,
            let mine = SSL_CTX_get0_certificate(one.context.pointer),
            let yours = SSL_CTX_get0_certificate(other.context.pointer)
        else { return false }
        return X509_cmp(mine, yours) == 0
    }
}
