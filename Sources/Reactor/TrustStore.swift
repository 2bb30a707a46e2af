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

    /// Reads the authorities.
    ///
    /// - Parameter file: A PEM file with one or more certificates; `nil` for those that the system trusts, from OpenSSL's
    ///   default paths.
    package init(file: String?) throws(Unreadable) {
        guard let store = X509_STORE_new() else { throw Unreadable(description: "out of memory") }
        handle = Handle(pointer: store)
        ERR_clear_error()
        let isLoaded = file.map { X509_STORE_load_file(store, $0) } ?? X509_STORE_set_default_paths(store)
        guard isLoaded == 1 else {
            let reason = OpenSSLError.last() ?? "no reason given"
            throw Unreadable(
                description: file.map { "\($0) holds no PEM certificates that can be read: \(reason)" }
                    ?? "the system's authorities cannot be read")
        }
    }

    deinit {
        X509_STORE_free(handle.pointer)
    }

    var pointer: OpaquePointer { handle.pointer }
}
