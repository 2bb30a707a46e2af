import CZlib
import Platform

/// Compresses bodies with gzip at the fastest level; exposition text still shrinks to a tenth.
///
/// All calls share one stream, one after the other, because creating a stream costs 256 kB.
package final class Gzip: Sendable {
    private let stream = Locked<DeflateStream?>(nil)

    /// Creates a compressor; the stream is allocated by the first call of `compress`.
    package init() {}

    /// Compresses `bytes` into gzip format.
    ///
    /// - Returns: `nil` if zlib is out of memory; send the bytes uncompressed then.
    package func compress(_ bytes: [UInt8]) -> [UInt8]? {
        stream.withLock { stream in
            if stream == nil { stream = DeflateStream() }
            let compressed = stream?.compress(bytes)
            if compressed == nil { stream = nil }
            return compressed
        }
    }
}

/// A `z_stream` at a fixed address, which zlib requires.
private final class DeflateStream {
    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Adding 16 to the window bits selects the gzip header.
        let code = deflateInit2_(
            stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if code != Z_OK { return nil }
    }

    deinit {
        // Returns an error if `deflateInit2_` failed, which can be ignored.
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard let length = UInt32(exactly: bytes.count), deflateReset(stream) == Z_OK,
            let limit = UInt32(exactly: deflateBound(stream, UInt(length)))
        else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(limit)) { output in
            bytes.withUnsafeBufferPointer { input in
                // zlib only reads from `next_in`; the pointer is mutable only if zlib was built without `const`.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = length
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = limit
                guard deflate(stream, Z_FINISH) == Z_STREAM_END else { return nil }
                return Array(output.prefix(Int(limit - stream.pointee.avail_out)))
            }
        }
    }
}
