import COpenSSL

/// Owns an `SSL_CTX` of OpenSSL.
package final class SSLContext: @unchecked Sendable {
    // Sendable: OpenSSL locks its reference counts, and the context does not change once it is set up.
    package let pointer: OpaquePointer

    /// - Returns: `nil` if OpenSSL is out of memory.
    package init?(_ method: OpaquePointer?) {
        guard let pointer = SSL_CTX_new(method) else { return nil }
        self.pointer = pointer
    }

    deinit {
        SSL_CTX_free(pointer)
    }
}
