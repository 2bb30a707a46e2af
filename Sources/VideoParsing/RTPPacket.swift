/// One packet of a media stream. Source: RFC 3550, 5.1 and 5.3.1.
package struct RTPPacket {
    /// The marker bit: for video, whether this is the last packet of a picture.
    package let isLast: Bool
    package let payloadType: UInt8
    package let sequence: UInt16
    /// The synchronization source, which identifies the sender.
    package let source: UInt32
    /// The payload. It is valid as long as the bytes that the packet was parsed from.
    package let payload: UnsafeRawBufferPointer

    /// Parses a packet; `nil` if the bytes are not valid.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 12, bytes[0] >> 6 == 2 else { return nil }
        var start = 12 + 4 * Int(bytes[0] & 0x0F)
        if bytes[0] & 0x10 != 0 {
            guard bytes.count >= start + 4 else { return nil }
            start += 4 + 4 * (Int(bytes[start + 2]) << 8 | Int(bytes[start + 3]))
        }
        // The last byte is the number of padding bytes, including itself.
        let padding = bytes[0] & 0x20 != 0 ? Int(bytes[bytes.count - 1]) : 0
        let end = bytes.count - padding
        guard start <= end else { return nil }
        isLast = bytes[1] & 0x80 != 0
        payloadType = bytes[1] & 0x7F
        sequence = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        source = bytes[8..<12].reduce(0) { $0 << 8 | UInt32($1) }
        payload = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
}
