import CZlib
import Reactor

/// Compresses bodies with gzip, at the level that costs least: exposition text shrinks tenfold even so.
///
/// One stream serves all calls, one after the other, as setting one up costs 256 kB.
package final class Gzip: Sendable {
    private let stream = Locked<DeflateStream?>(nil)

    /// Costs nothing until the first call.
    package init() {}

    /// The gzip file that holds `bytes`.
    ///
    /// - Returns: `nil` where zlib is out of memory. Send the bytes as they are then.
    package func compress(_ bytes: [UInt8]) -> [UInt8]? {
        stream.withLock { stream in
            if stream == nil { stream = DeflateStream() }
            let compressed = stream?.compress(bytes)
            if compressed == nil { stream = nil }
            return compressed
        }
    }
}

/// A `z_stream`, which zlib wants to find at one address for as long as it lives.
private final class DeflateStream {
    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 64 * 1024)

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 above the window's bits asks for a gzip header.
        let code = deflateInit2_(
            stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if code != Z_OK { return nil }
    }

    deinit {
        // Answers with an error where the stream was never set up, which is as well.
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard let length = UInt32(exactly: bytes.count), deflateReset(stream) == Z_OK else { return nil }
        return bytes.withUnsafeBufferPointer { input in
            // zlib only reads what `next_in` points at; its type says otherwise where it is built without `const`.
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
                let code = deflate(stream, Z_FINISH)
                return (code, output.count - Int(stream.pointee.avail_out))
            }
            compressed.append(contentsOf: output.prefix(count))
            if code == Z_STREAM_END { return compressed }
            guard code == Z_OK || (code == Z_BUF_ERROR && count > 0) else { return nil }
        }
    }
}
