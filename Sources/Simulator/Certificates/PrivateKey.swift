import COpenSSL

/// An RSA key of 2048 bits, like the keys of printers.
///
/// Sendable, because its `EVP_PKEY` does not change after `init` and OpenSSL locks its reference count.
package final class PrivateKey: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Creates a key. This takes at least a tenth of a second, so the printers of a fleet share one.
    package init() throws(SimulatorError) {
        guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil) else {
            throw .openSSL(operation: "EVP_PKEY_CTX_new_id")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1,
            EVP_PKEY_keygen(context, &key) == 1, let key
        else { throw .openSSL(operation: "EVP_PKEY_keygen") }
        pointer = key
    }

    /// Reads a key from the output of `pem`.
    package init(pem: [UInt8]) throws(SimulatorError) {
        // The BIO does not copy its input.
        let key = pem.withUnsafeBytes { bytes -> OpaquePointer? in
            guard let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
            defer { BIO_free(bio) }
            return PEM_read_bio_PrivateKey(bio, nil, nil, nil)
        }
        guard let key else { throw .openSSL(operation: "PEM_read_bio_PrivateKey") }
        pointer = key
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// Returns the key as unencrypted PEM.
    package func pem() throws(SimulatorError) -> [UInt8] {
        try MemoryBIO.collect("PEM_write_bio_PrivateKey") { bio in
            PEM_write_bio_PrivateKey(bio, pointer, nil, nil, 0, nil, nil)
        }
    }
}
