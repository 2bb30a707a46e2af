import CZlib
import Reactor

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
    private var output = [UInt8](repeating: 0, count: 64 * 1024)

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
        guard let length = UInt32(exactly: bytes.count), deflateReset(stream) == Z_OK else { return nil }
        return bytes.withUnsafeBufferPointer { input in
            // zlib only reads from `next_in`; the pointer is mutable only if zlib was built without `const`.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = length
            defer { stream.pointee.next_in = nil }
            return drain()
        }
    }

    private func drain() -> [UInt8]? {
        var compressed: [UInt8] = []
        while true {
            let (code, count) = output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let code = deflate(stream, Z_SYNC_FLUSH)
                return (code, output.count - Int(stream.pointee.avail_out))
            }
            compressed.append(contentsOf: output.prefix(count))
            // With nothing left to write, zlib answers `Z_BUF_ERROR`.
            guard code == Z_OK || code == Z_BUF_ERROR else { return nil }
            if count < output.count { return compressed }
        }
    }
}
