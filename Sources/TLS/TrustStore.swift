import COpenSSL
import Glibc

/// The trusted authorities of a `ca_file` or of the system, shared by all connections that use them.
package final class TrustStore: @unchecked Sendable {
    // Sendable: OpenSSL locks the store, and it does not change after `init`.

    /// The authorities cannot be loaded.
    package struct Unreadable: Error, Equatable, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// An `X509_STORE`.
    let pointer: OpaquePointer

    /// - Parameter file: A PEM file with one or more certificates; `nil` for those that the system trusts.
    package init(file: String?) throws(Unreadable) {
        guard let store = X509_STORE_new() else { throw Unreadable(description: "out of memory") }
        pointer = store
        ERR_clear_error()
        let bundle = file ?? Self.systemBundle
        // OpenSSL reads its default paths during handshakes, which may block. A bundle is read here.
        let isLoaded = bundle.map { X509_STORE_load_file(store, $0) } ?? X509_STORE_set_default_paths(store)
        guard isLoaded == 1 else {
            let reason = OpenSSLError.last() ?? "no reason given"
            throw Unreadable(
                description: bundle.map { "\($0) holds no PEM certificates that can be read: \(reason)" }
                    ?? "the system's authorities cannot be read")
        }
    }

    deinit {
        X509_STORE_free(pointer)
    }

    /// The file with all authorities of the system: of the variable `SSL_CERT_FILE`, or of Debian, Fedora, openSUSE or
    /// Alpine; `nil` if there is no such file.
    private static var systemBundle: String? {
        let named = getenv(X509_get_default_cert_file_env()).map { String(cString: $0) }
        let known = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
            "/etc/ssl/cert.pem",
        ]
        return named ?? known.first { access($0, R_OK) == 0 }
    }

    // For a library that is linked with the same OpenSSL.

    /// The version of OpenSSL, such as `3.0.17`.
    package static var version: String { String(cString: OpenSSL_version(OPENSSL_VERSION_STRING)) }

    /// The address of the store, valid as long as this object.
    package var address: UnsafeMutableRawPointer { UnsafeMutableRawPointer(pointer) }

    /// Makes `context`, an `SSL_CTX`, trust the store at `address`.
    package static func install(_ address: UnsafeMutableRawPointer, in context: UnsafeMutableRawPointer) {
        SSL_CTX_set1_cert_store(OpaquePointer(context), OpaquePointer(address))
    }
}
