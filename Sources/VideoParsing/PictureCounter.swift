/// Counts the pictures of a video stream from its packets, without decoding them.
///
/// The marker bit ends a picture, and what has no part of one in it, such as parameter sets that come by themselves, is
/// none. Time stamps are not looked at: on a P2S with firmware 01.02 they stand still (bambuddy, issue 1395).
package struct PictureCounter: Sendable {
    private let codec: VideoCodec
    private let payloadType: UInt8
    private var hasPicture = false
    private var byteCount = 0

    /// The pictures' size; `nil` until the stream tells it.
    package private(set) var size: PictureSize?

    /// - Parameter size: what the session description told already.
    package init(_ codec: VideoCodec, payloadType: UInt8, size: PictureSize? = nil) {
        self.codec = codec
        self.payloadType = payloadType
        self.size = size
    }

    /// Takes the next packet. Returns how many bytes the picture has that it ends; `nil` where it ends none.
    package mutating func take(_ packet: RTPPacket) -> Int? {
        guard packet.payloadType == payloadType else { return nil }
        look(into: packet.payload)
        byteCount += packet.payload.count
        guard packet.isLast else { return nil }
        defer {
            hasPicture = false
            byteCount = 0
        }
        return hasPicture ? byteCount : nil
    }

    private mutating func look(into payload: UnsafeRawBufferPointer) {
        guard payload.count > codec.headerLength else { return }
        switch codec.unit(payload[0]) {
        case .picture: hasPicture = true
        case .sequenceParameters: learnSize(UnsafeRawBufferPointer(payload))
        case .fragment:
            if codec.fragmented(payload[codec.headerLength]) == .picture { hasPicture = true }
        case .aggregate: lookInto(aggregate: payload.dropFirst(codec.headerLength))
        case .other: break
        }
    }

    /// Each unit of an aggregate stands behind its length in two bytes.
    private mutating func lookInto(aggregate: Slice<UnsafeRawBufferPointer>) {
        var rest = aggregate
        while rest.count > 2 {
            let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            let unit = rest.prefix(length)
            guard length > 0, unit.count == length, let first = unit.first else { return }
            switch codec.unit(first) {
            case .picture: hasPicture = true
            case .sequenceParameters: learnSize(UnsafeRawBufferPointer(rebasing: unit))
            default: break
            }
            rest = rest.dropFirst(length)
        }
    }

    private mutating func learnSize(_ unit: UnsafeRawBufferPointer) {
        // It comes again with every key frame.
        guard size == nil else { return }
        size = SequenceParameterSet.size(in: unit, of: codec)
    }
}
