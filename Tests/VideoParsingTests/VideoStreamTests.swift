import Testing

@testable import VideoParsing

@Suite("Video streams")
struct VideoStreamTests {
    /// Created with x264: 1280 by 720.
    static let description = """
        v=0\r
        m=audio 0 RTP/AVP 0\r
        a=control:track0\r
        m=video 0 RTP/AVP 99 96\r
        a=rtpmap:99 VP8/90000\r
        a=rtpmap:96 H264/90000\r
        a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0LAH9kAUAW7ARAAAAMAEAAAAwFA8YMkgA==,aMuMsg==\r
        a=control:track1\r
        m=application 0 RTP/AVP 97\r
        a=control:track2\r\n
        """

    @Test func `parses the first video of a description`() throws {
        let description = try SessionDescription(Self.description)
        #expect(description.codec == .h264)
        #expect(description.payloadType == 96)
        #expect(description.control == "track1")
        #expect(description.size == PictureSize(width: 1280, height: 720))
    }

    @Test func `rejects a description without a supported video`() {
        #expect(throws: StreamViolation("it describes no video")) {
            try SessionDescription("v=0\r\nm=audio 0 RTP/AVP 0\r\n")
        }
        #expect(throws: StreamViolation("its video is VP8, neither H264 nor H265")) {
            try SessionDescription("m=video 0 RTP/AVP 99\r\na=rtpmap:99 VP8/90000\r\n")
        }
        #expect(throws: StreamViolation("its video is not named, neither H264 nor H265")) {
            try SessionDescription("m=video 0 RTP/AVP\r\n")
        }
    }

    @Test(arguments: [
        // x264, high profile, 1920x1080 with cropping; baseline, 640x360; x265, main profile, 1920x1080.
        ("Z2QAKKzZQHgCJ+XARAAAAwAEAAADAFA8YMZY", VideoCodec.h264, PictureSize(width: 1920, height: 1080)),
        ("Z0LAFtkAoC/5cBEAAAMAAQAAAwAUDxYuSA==", VideoCodec.h264, PictureSize(width: 640, height: 360)),
        (
            "QgEBAWAAAAMAkAAAAwAAAwB4oAPAgBDlllZpJMrwFoCAAAADAIAAAAUE", VideoCodec.h265,
            PictureSize(width: 1920, height: 1080)
        ),
    ])
    func `reads the dimensions from a parameter set`(text: String, codec: VideoCodec, size: PictureSize?) throws {
        let unit = try #require(Base64.bytes(of: text))
        #expect(SequenceParameterSet.size(in: unit, of: codec) == size)
        for length in 0..<unit.count { _ = SequenceParameterSet.size(in: unit.prefix(length), of: codec) }
    }

    @Test func `parsing a set of zeros or ones terminates`() {
        for byte: UInt8 in [0x00, 0xFF] {
            for codec in VideoCodec.allCases {
                let size = SequenceParameterSet.size(in: [UInt8](repeating: byte, count: 400), of: codec)
                #expect(size == nil || size == PictureSize(width: 16, height: 16))
            }
        }
    }

    /// A packet with a header of 12 bytes.
    private func packet(_ payload: [UInt8], isLast: Bool = false, type: UInt8 = 96) -> [UInt8] {
        [0x80, type | (isLast ? 0x80 : 0)] + [UInt8](repeating: 0, count: 10) + payload
    }

    private func pictures(_ packets: [[UInt8]], _ codec: VideoCodec = .h264) -> [Int] {
        var counter = PictureCounter(codec, payloadType: 96)
        return packets.compactMap { bytes in
            bytes.withUnsafeBytes { RTPPacket($0).flatMap { counter.add($0) } }
        }
    }

    @Test func `counts pictures by marker, not separate parameter sets`() {
        let sets = packet([0x67, 1, 2], isLast: true)
        let part = packet([0x65, 1, 2, 3])
        let end = packet([0x65, 4, 5], isLast: true)
        #expect(pictures([sets, part, end, packet([0x06, 5], isLast: true), end]) == [7, 3])
    }

    @Test func `finds pictures in fragments and aggregates`() {
        let fragment = packet([0x7C, 0x85, 1], isLast: false)
        let lastFragment = packet([0x7C, 0x45, 2], isLast: true)
        let onlySets = packet([0x78, 0, 2, 0x67, 0x42, 0, 2, 0x68, 1], isLast: true)
        let withPicture = packet([0x78, 0, 2, 0x67, 0x42, 0, 2, 0x65, 1], isLast: true)
        #expect(pictures([fragment, lastFragment, onlySets, withPicture]) == [6, 9])
        let broken = packet([0x78, 0, 200, 0x65, 1], isLast: true)
        #expect(pictures([broken]) == [])
    }

    @Test func `recognizes the unit types of H265`() {
        // The type is in the first byte, above its lowest bit: 33 is a parameter set, 1 a picture, 49 a fragment.
        let sets = packet([0x42, 1, 9], isLast: true)
        let picture = packet([0x02, 1, 9], isLast: true)
        let fragment = packet([0x62, 1, 0x93, 9], isLast: true)
        #expect(pictures([sets, picture, fragment], .h265) == [3, 4])
    }

    @Test func `ignores other streams and invalid packets`() {
        #expect(pictures([packet([0x65, 1], isLast: true, type: 97), [], [0x80], [0x40] + packet([0x65, 1])]) == [])
    }

    @Test func `the payload excludes extensions and padding`() throws {
        let bytes: [UInt8] =
            [0xB1, 0xE0] + [UInt8](repeating: 0, count: 10) + [0, 0, 0, 1] + [0xBE, 0xDE, 0, 1, 9, 9, 9, 9]
            + [0x65, 7, 0, 2]
        try bytes.withUnsafeBytes { bytes in
            let packet = try #require(RTPPacket(bytes))
            #expect(Array(packet.payload) == [0x65, 7])
            #expect(packet.isLast)
        }
        let tooMuchPadding: [UInt8] = [0xA0, 0x60] + [UInt8](repeating: 0, count: 10) + [200]
        tooMuchPadding.withUnsafeBytes { #expect(RTPPacket($0) == nil) }
    }
}
