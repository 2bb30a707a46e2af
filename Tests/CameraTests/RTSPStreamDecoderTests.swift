import Reactor
import Testing

@testable import Camera

/// The conversation without a connection: what is said for what is heard.
@Suite("The conversation with an RTSP server")
struct RTSPStreamDecoderTests {
    private static let url = "rtsps://192.0.2.10:322/streaming/live/1"
    private static let description =
        "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"

    private struct Talk {
        var reader = RTSPStreamDecoder(url: RTSPStreamDecoderTests.url, accessCode: Secret("12345678"))
        var now = Instant(nanoseconds: 1_000_000_000)

        mutating func hear(_ text: String) throws(ProbeError) -> String {
            try hear(Array(text.utf8))
        }

        mutating func hear(_ bytes: [UInt8]) throws(ProbeError) -> String {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
            defer { copy.deallocate() }
            copy.copyBytes(from: bytes)
            return String(decoding: try reader.receive(UnsafeRawBufferPointer(copy), at: now), as: UTF8.self)
        }

        /// Goes through all requests.
        mutating func play(transport: String = "RTP/AVP/TCP;unicast;interleaved=0-1") throws {
            _ = reader.opening()
            _ = try hear("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")
            _ = try hear(describe(2))
            _ = try hear("RTSP/1.0 200 OK\r\nCSeq: 3\r\nTransport: \(transport)\r\nSession: 7F;timeout=60\r\n\r\n")
            _ = try hear("RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n")
        }

        func describe(_ number: Int, base: String = "") -> String {
            """
            RTSP/1.0 200 OK\r\nCSeq: \(number)\r\n\(base)Content-Length: \(RTSPStreamDecoderTests.description.utf8.count)\r
            \r\n\(RTSPStreamDecoderTests.description)
            """
        }
    }

    private static let challenge =
        "RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"LIVE555\", nonce=\"abc\"\r\n\r\n"

    @Test func `requests come in order, and the video is asked for below the base that the server names`() throws {
        var talk = Talk()
        #expect(
            String(decoding: talk.reader.opening(), as: UTF8.self).hasPrefix(
                "OPTIONS \(Self.url) RTSP/1.0\r\nCSeq: 1\r\n"))
        #expect(
            try talk.hear("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n").hasPrefix(
                "DESCRIBE \(Self.url) RTSP/1.0\r\nCSeq: 2\r\n"))
        let setUp = try talk.hear(talk.describe(2, base: "Content-Base: rtsps://192.0.2.10/live/\r\n"))
        #expect(setUp.hasPrefix("SETUP rtsps://192.0.2.10/live/track1 RTSP/1.0\r\n"))
        #expect(setUp.contains("Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"))
        let play = try talk.hear(
            "RTSP/1.0 200 OK\r\nCSeq: 3\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\nSession: 7F;timeout=60\r\n\r\n")
        #expect(play.hasPrefix("PLAY rtsps://192.0.2.10/live/ RTSP/1.0\r\n"))
        #expect(play.contains("Session: 7F\r\n"))
        #expect(!talk.reader.isStreaming)
        #expect(try talk.hear("RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n") == "")
        #expect(talk.reader.isStreaming)
        #expect(String(decoding: talk.reader.closing(), as: UTF8.self).hasPrefix("TEARDOWN rtsps://192.0.2.10/live/"))
    }

    @Test func `the code is sent as a digest, and never as it is`() throws {
        var talk = Talk()
        _ = talk.reader.opening()
        let request = try talk.hear(Self.challenge)
        // md5(md5("bblp:LIVE555:12345678"):"abc":md5("OPTIONS:" + url)), by another program.
        #expect(
            request.contains(
                """
                Authorization: Digest username="bblp", realm="LIVE555", nonce="abc", uri="\(Self.url)", \
                response="\(Self.response)"\r\n
                """))
        #expect(!request.contains("12345678"))
    }

    private static let response = "f887c04a00b45d007d26f881dcfa4d45"

    @Test func `a second refusal is final, but for a nonce that was too old`() throws {
        var talk = Talk()
        _ = talk.reader.opening()
        _ = try talk.hear(Self.challenge)
        let stale = Self.challenge.replacing("nonce=\"abc\"", with: "nonce=\"def\", stale=true")
        #expect(try talk.hear(stale).contains("nonce=\"def\""))
        #expect(throws: ProbeError.authentication) { try talk.hear(Self.challenge) }
    }

    @Test func `a server that calls every nonce too old is asked no more`() throws {
        var talk = Talk()
        _ = talk.reader.opening()
        let stale = Self.challenge.replacing("nonce=\"abc\"", with: "nonce=\"abc\", stale=true")
        for _ in 0..<2 { #expect(try talk.hear(stale).contains("Authorization")) }
        #expect(throws: ProbeError.violation("it calls every nonce too old")) { try talk.hear(stale) }
    }

    @Test func `a receiver report counts the packets of the stream`() throws {
        var talk = Talk()
        try talk.play(transport: "RTP/AVP/TCP;unicast;interleaved=4-5")
        #expect(talk.reader.keepAlive().isEmpty)
        let packet: [UInt8] = [0x80, 96, 0x12, 0x34, 0, 0, 0, 0, 0xCA, 0xFE, 0xBA, 0xBE, 0x41, 0]
        _ = try talk.hear([UInt8(ascii: "$"), 4, 0, UInt8(packet.count)] + packet)
        let report = talk.reader.keepAlive()
        #expect(report.prefix(4) == [UInt8(ascii: "$"), 5, 0, 32])
        #expect(report[4..<8] == [0x81, 201, 0, 7])
        #expect(report[12..<16] == [0xCA, 0xFE, 0xBA, 0xBE])
        #expect(report[20..<24] == [0, 0, 0x12, 0x34])
    }

    @Test func `a close means live view is off, a server that gave up or the end`() throws {
        var talk = Talk()
        _ = talk.reader.opening()
        guard case .refused = talk.reader.errorOfClose(isSecured: false) else {
            Issue.record("a close before the handshake is no refusal")
            return
        }
        guard case .gaveUp = talk.reader.errorOfClose(isSecured: true) else {
            Issue.record("a close before the stream is not that the server gave up")
            return
        }
    }

    @Test(arguments: [
        ("RTSP/1.0 403 Forbidden\r\n\r\n", ProbeError.authentication),
        ("RTSP/1.0 453 Not Enough Bandwidth\r\n\r\n", .violation("it answered DESCRIBE with 453")),
        ("RTSP/1.0 404 Not Found\r\n\r\n", .violation("it answered DESCRIBE with 404")),
        (
            "RTSP/1.0 401 No\r\nWWW-Authenticate: Bearer\r\n\r\n",
            .violation("it asks for a way to authenticate that is neither MD5 digest nor basic")
        ),
        ("RTSP/1.0 200 OK\r\n\r\n", .violation("it describes no video")),
        (
            "RTSP/1.0 200 OK\r\nContent-Base: rtsps://a b/\r\nContent-Length: 51\r\n\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nxxxx\r\n",
            .violation("it names an invalid URL")
        ),
        ("GET / HTTP/1.1\r\n\r\n", .violation("it does not speak RTSP")),
    ])
    func `an answer that leads nowhere ends in its reason`(answer: String, error: ProbeError) throws {
        var talk = Talk()
        _ = talk.reader.opening()
        _ = try talk.hear("RTSP/1.0 200 OK\r\n\r\n")
        #expect(throws: error) { try talk.hear(answer) }
    }

    @Test func `a server that does not know OPTIONS is asked for the rest all the same`() throws {
        var talk = Talk()
        _ = talk.reader.opening()
        #expect(try talk.hear("RTSP/1.0 501 Not Implemented\r\nCSeq: 1\r\n\r\n").hasPrefix("DESCRIBE"))
    }

    @Test func `pictures count on the channel that the server chose, by the time of their arrival`() throws {
        var talk = Talk()
        try talk.play(transport: "RTP/AVP/TCP;unicast;interleaved=4-5")
        let packet: [UInt8] = [0x80, 0xE0] + [UInt8](repeating: 0, count: 10) + [0x65, 1, 2]
        for channel: UInt8 in [0, 4, 5, 4, 4] {
            talk.now = talk.now + .milliseconds(250)
            _ = try talk.hear([UInt8(ascii: "$"), channel, 0, UInt8(packet.count)] + packet)
        }
        #expect(talk.reader.statistics.frames == 3)
        // At 0.5, 1.0 and 1.25 seconds; their time stamps stand still.
        #expect(talk.reader.statistics.framesPerSecond == 2 / 0.75)
        #expect(talk.reader.statistics.bytesPerFrame == 3)
    }
}
