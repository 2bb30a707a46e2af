import Platform
import Testing

@testable import Camera

/// Tests of the decoder without a connection: its requests for given responses.
@Suite("RTSPStreamDecoder")
struct RTSPStreamDecoderTests {
    private static let url = "rtsps://192.0.2.10:322/streaming/live/1"
    private static let description =
        "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"

    private struct Dialogue {
        var decoder = RTSPStreamDecoder(url: RTSPStreamDecoderTests.url, accessCode: Secret("12345678"))
        var now = Instant(nanoseconds: 1_000_000_000)

        mutating func receive(_ text: String) throws(ProbeError) -> String {
            try receive(Array(text.utf8))
        }

        mutating func receive(_ bytes: [UInt8]) throws(ProbeError) -> String {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
            defer { copy.deallocate() }
            copy.copyBytes(from: bytes)
            return String(decoding: try decoder.receive(UnsafeRawBufferPointer(copy), at: now), as: UTF8.self)
        }

        /// Completes all requests, so that frames may follow.
        mutating func play(transport: String = "RTP/AVP/TCP;unicast;interleaved=0-1") throws {
            _ = decoder.opening()
            _ = try receive("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")
            _ = try receive(describe(2))
            _ = try receive("RTSP/1.0 200 OK\r\nCSeq: 3\r\nTransport: \(transport)\r\nSession: 7F;timeout=60\r\n\r\n")
            _ = try receive("RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n")
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

    @Test func `sends the requests in order, relative to Content-Base`() throws {
        var dialogue = Dialogue()
        #expect(
            String(decoding: dialogue.decoder.opening(), as: UTF8.self).hasPrefix(
                "OPTIONS \(Self.url) RTSP/1.0\r\nCSeq: 1\r\n"))
        #expect(
            try dialogue.receive("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n").hasPrefix(
                "DESCRIBE \(Self.url) RTSP/1.0\r\nCSeq: 2\r\n"))
        let setUp = try dialogue.receive(dialogue.describe(2, base: "Content-Base: rtsps://192.0.2.10/live/\r\n"))
        #expect(setUp.hasPrefix("SETUP rtsps://192.0.2.10/live/track1 RTSP/1.0\r\n"))
        #expect(setUp.contains("Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"))
        let play = try dialogue.receive(
            "RTSP/1.0 200 OK\r\nCSeq: 3\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\nSession: 7F;timeout=60\r\n\r\n")
        #expect(play.hasPrefix("PLAY rtsps://192.0.2.10/live/ RTSP/1.0\r\n"))
        #expect(play.contains("Session: 7F\r\n"))
        #expect(!dialogue.decoder.isStreaming)
        #expect(try dialogue.receive("RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n") == "")
        #expect(dialogue.decoder.isStreaming)
        #expect(
            String(decoding: dialogue.decoder.closing(), as: UTF8.self).hasPrefix("TEARDOWN rtsps://192.0.2.10/live/"))
    }

    @Test func `sends the access code only as a digest`() throws {
        var dialogue = Dialogue()
        _ = dialogue.decoder.opening()
        let request = try dialogue.receive(Self.challenge)
        // md5(md5("bblp:LIVE555:12345678"):"abc":md5("OPTIONS:" + url)), computed by another program.
        #expect(
            request.contains(
                """
                Authorization: Digest username="bblp", realm="LIVE555", nonce="abc", uri="\(Self.url)", \
                response="\(Self.response)"\r\n
                """))
        #expect(!request.contains("12345678"))
    }

    private static let response = "f887c04a00b45d007d26f881dcfa4d45"

    @Test func `a second 401 is final unless the nonce was stale`() throws {
        var dialogue = Dialogue()
        _ = dialogue.decoder.opening()
        _ = try dialogue.receive(Self.challenge)
        let stale = Self.challenge.replacing("nonce=\"abc\"", with: "nonce=\"def\", stale=true")
        #expect(try dialogue.receive(stale).contains("nonce=\"def\""))
        #expect(throws: ProbeError.authentication) { try dialogue.receive(Self.challenge) }
    }

    @Test func `stops if every nonce is stale`() throws {
        var dialogue = Dialogue()
        _ = dialogue.decoder.opening()
        let stale = Self.challenge.replacing("nonce=\"abc\"", with: "nonce=\"abc\", stale=true")
        for _ in 0..<2 { #expect(try dialogue.receive(stale).contains("Authorization")) }
        #expect(throws: ProbeError.violation("it rejects every nonce as stale")) { try dialogue.receive(stale) }
    }

    @Test func `a receiver report has the highest sequence number`() throws {
        var dialogue = Dialogue()
        try dialogue.play(transport: "RTP/AVP/TCP;unicast;interleaved=4-5")
        #expect(dialogue.decoder.keepAlive().isEmpty)
        let packet: [UInt8] = [0x80, 96, 0x12, 0x34, 0, 0, 0, 0, 0xCA, 0xFE, 0xBA, 0xBE, 0x41, 0]
        _ = try dialogue.receive([UInt8(ascii: "$"), 4, 0, UInt8(packet.count)] + packet)
        let report = dialogue.decoder.keepAlive()
        #expect(report.prefix(4) == [UInt8(ascii: "$"), 5, 0, 32])
        #expect(report[4..<8] == [0x81, 201, 0, 7])
        #expect(report[12..<16] == [0xCA, 0xFE, 0xBA, 0xBE])
        #expect(report[20..<24] == [0, 0, 0x12, 0x34])
    }

    @Test func `a close is an error that depends on the stage`() throws {
        var dialogue = Dialogue()
        _ = dialogue.decoder.opening()
        guard case .refused = dialogue.decoder.errorOfClose(isSecured: false) else {
            Issue.record("a close before the handshake is not reported as refused")
            return
        }
        guard case .gaveUp = dialogue.decoder.errorOfClose(isSecured: true) else {
            Issue.record("a close before the stream is not reported as given up")
            return
        }
    }

    @Test(arguments: [
        ("RTSP/1.0 403 Forbidden\r\n\r\n", ProbeError.authentication),
        ("RTSP/1.0 453 Not Enough Bandwidth\r\n\r\n", .violation("it answered DESCRIBE with 453")),
        ("RTSP/1.0 404 Not Found\r\n\r\n", .violation("it answered DESCRIBE with 404")),
        (
            "RTSP/1.0 401 No\r\nWWW-Authenticate: Bearer\r\n\r\n",
            .violation("its authentication method is not supported; MD5 digest and basic are")
        ),
        ("RTSP/1.0 200 OK\r\n\r\n", .violation("it describes no video")),
        (
            "RTSP/1.0 200 OK\r\nContent-Base: rtsps://a b/\r\nContent-Length: 51\r\n\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nxxxx\r\n",
            .violation("its response contains an invalid URL")
        ),
        ("GET / HTTP/1.1\r\n\r\n", .violation("it does not speak RTSP")),
    ])
    func `an unusable response is reported with its reason`(answer: String, error: ProbeError) throws {
        var dialogue = Dialogue()
        _ = dialogue.decoder.opening()
        _ = try dialogue.receive("RTSP/1.0 200 OK\r\n\r\n")
        #expect(throws: error) { try dialogue.receive(answer) }
    }

    @Test func `continues if the server does not support OPTIONS`() throws {
        var dialogue = Dialogue()
        _ = dialogue.decoder.opening()
        #expect(try dialogue.receive("RTSP/1.0 501 Not Implemented\r\nCSeq: 1\r\n\r\n").hasPrefix("DESCRIBE"))
    }

    @Test func `counts frames of the server's channel by arrival time`() throws {
        var dialogue = Dialogue()
        try dialogue.play(transport: "RTP/AVP/TCP;unicast;interleaved=4-5")
        let packet: [UInt8] = [0x80, 0xE0] + [UInt8](repeating: 0, count: 10) + [0x65, 1, 2]
        for channel: UInt8 in [0, 4, 5, 4, 4] {
            dialogue.now = dialogue.now + .milliseconds(250)
            _ = try dialogue.receive([UInt8(ascii: "$"), channel, 0, UInt8(packet.count)] + packet)
        }
        #expect(dialogue.decoder.statistics.frames == 3)
        // The frames arrive at 0.5, 1.0 and 1.25 seconds; their time stamps do not change.
        #expect(dialogue.decoder.statistics.framesPerSecond == 2 / 0.75)
        #expect(dialogue.decoder.statistics.bytesPerFrame == 3)
    }
}
