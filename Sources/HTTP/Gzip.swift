import CZlib
import Platform

/// Compressed bytes that can be a part of several bodies.
package struct GzipPart: Sendable {
    /// Deflate blocks that end at a byte boundary and refer to nothing before them.
    fileprivate let blocks: [UInt8]
    fileprivate let checksum: UInt
    /// The number of bytes before compression.
    package let count: Int
}

/// Compresses bodies with gzip at the fastest level; exposition text still shrinks to a tenth.
///
/// All calls share one stream, one after the other, because creating a stream costs 256 kB.
package final class Gzip: Sendable {
    private let stream = Locked<DeflateStream?>(nil)

    /// Creates a compressor; the stream is allocated by the first call of `compress`.
    package init() {}

    /// Compresses a part of a body.
    ///
    /// - Returns: `nil` if zlib is out of memory; send the bytes uncompressed then.
    package func compress(_ bytes: [UInt8]) -> GzipPart? {
        let blocks = stream.withLock { stream in
            if stream == nil { stream = DeflateStream() }
            let blocks = stream?.compress(bytes)
            if blocks == nil { stream = nil }
            return blocks
        }
        return blocks.map { GzipPart(blocks: $0, checksum: crc32_z(0, bytes, bytes.count), count: bytes.count) }
    }

    /// Joins parts into one body in gzip format.
    ///
    /// Source: RFC 1952; RFC 1951, section 3.2.3.
    package static func body(of parts: [GzipPart]) -> [UInt8] {
        // Deflate, no name, no time, fastest level, Unix.
        var body: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 3]
        body.reserveCapacity(parts.reduce(20) { $0 + $1.blocks.count })
        for part in parts { body += part.blocks }
        // The last block, which is empty.
        body += [3, 0]
        let checksum = parts.reduce(0) { crc32_combine($0, $1.checksum, $1.count) }
        let count = parts.reduce(0) { $0 &+ $1.count }
        for word in [UInt32(truncatingIfNeeded: checksum), UInt32(truncatingIfNeeded: count)] {
            withUnsafeBytes(of: word.littleEndian) { body += $0 }
        }
        return body
    }
}

/// A `z_stream` at a fixed address, which zlib requires.
private final class DeflateStream {
    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Negative window bits select deflate blocks without a header.
        let code = deflateInit2_(
            stream, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if code != Z_OK { return nil }
    }

    deinit {
        // Returns an error if `deflateInit2_` failed, which can be ignored.
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func compress(_ bytes: [UInt8]) -> [UInt8]? {
        // A flush adds an empty block of 5 bytes.
        guard let length = UInt32(exactly: bytes.count), deflateReset(stream) == Z_OK,
            let limit = UInt32(exactly: deflateBound(stream, UInt(length)) + 16)
        else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(limit)) { output in
            bytes.withUnsafeBufferPointer { input in
                // zlib only reads from `next_in`; the pointer is mutable only if zlib was built without `const`.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = length
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = limit
                // Output that fills the buffer may be incomplete.
                guard deflate(stream, Z_SYNC_FLUSH) == Z_OK, stream.pointee.avail_out > 0 else { return nil }
                return Array(output.prefix(Int(limit - stream.pointee.avail_out)))
            }
        }
    }
}
