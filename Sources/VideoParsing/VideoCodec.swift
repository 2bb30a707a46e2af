/// The coding of a video stream; the raw value is its name in a session description.
package enum VideoCodec: String, Sendable, CaseIterable {
    case h264 = "H264"
    case h265 = "H265"

    /// The kind of a NAL unit.
    enum Unit: Equatable {
        case picture
        /// The sequence parameter set, which contains the dimensions.
        case sequenceParameters
        /// Several units in one packet.
        case aggregate
        /// A fragment of a unit that is too long for one packet.
        case fragment
        case other
    }

    var headerLength: Int { self == .h264 ? 1 : 2 }

    /// The kind of a unit with the header byte `first`. Source: RFC 6184, 5.2; RFC 7798, 4.4.
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

    /// The kind of the unit that a fragment belongs to.
    ///
    /// - Parameter header: The byte after the packet's header.
    func fragmented(_ header: UInt8) -> Unit {
        self == .h264 ? unit(header & 0x1F) : unit((header & 0x3F) << 1)
    }
}
