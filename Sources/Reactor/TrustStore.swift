import COpenSSL

/// The trusted authorities of a `ca_file` or of the system, shared by all connections that use them.
package final class TrustStore: Sendable {
    /// The authorities cannot be loaded.
    package struct Unreadable: Error, Equatable, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// An `X509_STORE`. Sendable: OpenSSL locks it, and it does not change after `init`.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let handle: Handle

    /// Reads a PEM file with one or more certificates.
    package init(file: String) throws(Unreadable) {
        guard let store = X509_STORE_new() else { throw Unreadable(description: "out of memory") }
        ERR_clear_error()
        guard X509_STORE_load_file(store, file) == 1 else {
            X509_STORE_free(store)
            throw Unreadable(
                description:
                    "\(file) holds no PEM certificates that can be read: \(OpenSSLError.last() ?? "no reason given")")
        }
        handle = Handle(pointer: store)
    }

    /// Loads the authorities that the system trusts, from OpenSSL's default paths.
    package init() throws(Unreadable) {
        guard let store = X509_STORE_new() else { throw Unreadable(description: "out of memory") }
        guard X509_STORE_set_default_paths(store) == 1 else {
            X509_STORE_free(store)
            throw Unreadable(description: "the system's authorities cannot be read")
        }
        handle = Handle(pointer: store)
    }

    deinit {
        X509_STORE_free(handle.pointer)
    }

    var pointer: OpaquePointer { handle.pointer }
}
