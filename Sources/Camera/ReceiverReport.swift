import VideoParsing

/// An RTCP receiver report, which the sender of a media stream may require. Source: RFC 3550, 6.4.2 and appendix A.3.
struct ReceiverReport {
    /// The synchronization source of this receiver; any number is valid, since it is the only receiver.
    private static let receiver: UInt32 = 0x6261_6D62

    private var source: UInt32?
    private var highest: UInt16 = 0
    private var cycles: UInt16 = 0

    mutating func record(_ packet: RTPPacket) {
        // A sequence number that decreased by more than half its range has wrapped around.
        if source == packet.source, packet.sequence < highest, highest - packet.sequence > 0x8000 { cycles &+= 1 }
        if source != packet.source || packet.sequence &- highest < 0x8000 { highest = packet.sequence }
        source = packet.source
    }

    /// A receiver report as an interleaved frame on `channel`; empty before the first packet. Losses, which cannot
    /// occur over TCP, and times are 0.
    func frame(on channel: UInt8) -> [UInt8] {
        guard let source else { return [] }
        let words: [UInt32] = [
            0x81C9_0007, Self.receiver, source, 0, UInt32(cycles) << 16 | UInt32(highest), 0, 0, 0,
        ]
        let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
        return [UInt8(ascii: "$"), channel, 0, UInt8(bytes.count)] + bytes
    }
}
