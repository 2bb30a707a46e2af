/// How a video stream is coded, by the name that a session description gives it.
package enum VideoCodec: String, Sendable, CaseIterable {
    case h264 = "H264"
    case h265 = "H265"

    /// What a unit of the stream is.
    enum Unit: Equatable {
        /// A part of a picture.
        case picture
        /// The sequence parameter set, which tells the pictures' size.
        case sequenceParameters
        /// Several units in one packet.
        case aggregate
        /// A part of a unit that is too long for one packet.
        case fragment
        case other
    }

    /// How many bytes stand in front of a unit's payload.
    var headerLength: Int { self == .h264 ? 1 : 2 }

    /// What the unit behind the header byte `first` is. Source: RFC 6184, 5.2; RFC 7798, 4.4.
    func unit(_ first: UInt8) -> Unit {
        switch self {
        case .h264:
            switch first & 0x1F {
            case 1...5: .picture
            case 7: .sequenceParameters
            case 24: .aggregate
            case 28, 29: .fragment
            default: .other
            }
        case .h265:
            switch first >> 1 & 0x3F {
            case 0...31: .picture
            case 33: .sequenceParameters
            case 48: .aggregate
            case 49: .fragment
            default: .other
            }
        }
    }

    /// What the unit is that a fragment, with this byte behind the packet's header, is a part of.
    func fragmented(_ header: UInt8) -> Unit {
        self == .h264 ? unit(header & 0x1F) : unit((header & 0x3F) << 1)
    }
}
