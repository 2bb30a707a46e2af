import COpenSSL

/// Collects the output of OpenSSL as bytes.
enum MemoryBIO {
    /// Runs `write`, which returns 1 on success, and returns the bytes that it wrote.
    static func collect(_ operation: String, _ write: (OpaquePointer) -> Int32) throws(SimulatorError) -> [UInt8] {
        guard let bio = BIO_new(BIO_s_mem()) else { throw .openSSL(operation: "BIO_new") }
        defer { BIO_free(bio) }
        guard write(bio) == 1 else { throw .openSSL(operation: operation) }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(bio))
        let count = BIO_read(bio, &bytes, Int32(clamping: bytes.count))
        guard count == Int32(clamping: bytes.count) else { throw .openSSL(operation: "BIO_read") }
        return bytes
    }
}
