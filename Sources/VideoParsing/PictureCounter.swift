/// Counts the pictures of a video stream from its packets, without decoding them.
///
/// The marker bit ends a picture. Packets without a part of a picture, such as separate parameter sets, are not
/// counted. Time stamps are ignored: on a P2S with firmware 01.02 they do not change (bambuddy, issue 1395).
package struct PictureCounter: Sendable {
    private let codec: VideoCodec
    private let payloadType: UInt8
    private var hasPicture = false
    private var byteCount = 0

    /// The dimensions of the pictures; `nil` until they are known.
    package private(set) var size: PictureSize?

    /// - Parameter size: The dimensions in the session description, if any.
    package init(_ codec: VideoCodec, payloadType: UInt8, size: PictureSize? = nil) {
        self.codec = codec
        self.payloadType = payloadType
        self.size = size
    }

    /// Adds the next packet. Returns the bytes of the picture that it completes; `nil` if it completes none.
    package mutating func add(_ packet: RTPPacket) -> Int? {
        guard packet.payloadType == payloadType else { return nil }
        inspect(packet.payload)
        byteCount += packet.payload.count
        guard packet.isLast else { return nil }
        defer {
            hasPicture = false
            byteCount = 0
        }
        return hasPicture ? byteCount : nil
    }

    private mutating func inspect(_ payload: UnsafeRawBufferPointer) {
        guard payload.count > codec.headerLength else { return }
        switch codec.unit(payload[0]) {
        case .picture: hasPicture = true
        case .sequenceParameters: readSize(UnsafeRawBufferPointer(payload))
        case .fragment:
            if codec.fragmented(payload[codec.headerLength]) == .picture { hasPicture = true }
        case .aggregate: inspect(aggregate: payload.dropFirst(codec.headerLength))
        case .other: break
        }
    }

    /// Inspects the units of an aggregate; each is preceded by its length in two bytes.
    private mutating func inspect(aggregate: Slice<UnsafeRawBufferPointer>) {
        var rest = aggregate
        while rest.count > 2 {
            let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            let unit = rest.prefix(length)
            guard length > 0, unit.count == length, let first = unit.first else { return }
            switch codec.unit(first) {
            case .picture: hasPicture = true
            case .sequenceParameters: readSize(UnsafeRawBufferPointer(rebasing: unit))
            default: break
            }
            rest = rest.dropFirst(length)
        }
    }

    private mutating func readSize(_ unit: UnsafeRawBufferPointer) {
        // The set is repeated with every key frame.
        guard size == nil else { return }
        size = SequenceParameterSet.size(in: unit, of: codec)
    }
}
