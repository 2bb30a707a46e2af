import Testing

@testable import VideoParsing

@Suite("RTSPParser")
struct RTSPParserTests {
    static let response = "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 3\r\nX: a: b\r\n\r\nabc"

    private func parts(_ bytes: [UInt8], pieces: Int = .max) throws -> [RTSPParser.Part] {
        var parser = RTSPParser()
        var parts: [RTSPParser.Part] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(piece.count)
            piece.withUnsafeBytes { parser.append($0) }
            while let part = try parser.next() { parts.append(part) }
        }
        return parts
    }

    @Test(arguments: [1, 2, 5, 50, Int.max])
    func `parses responses and packets in pieces of any size`(pieces: Int) throws {
        let packet: [UInt8] = [UInt8(ascii: "$"), 1, 0, 2, 0x0D, 0x0A]
        let parts = try parts(packet + Array(Self.response.utf8) + packet, pieces: pieces)
        let expected = RTSPResponse(
            status: 200, headers: ["cseq": ["2"], "content-length": ["3"], "x": ["a: b"]], body: Array("abc".utf8))
        #expect(
            parts == [
                .packet(channel: 1, [0x0D, 0x0A]), .response(expected), .packet(channel: 1, [0x0D, 0x0A]),
            ])
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n", "RTSP/1.0\r\n\r\n", "RTSP/1.0 2000 OK\r\n\r\n", "RTSP/1.0 abc OK\r\n\r\n",
        "RTSP/1.0 200 OK\r\nno colon\r\n\r\n", "RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        "RTSP/1.0 200 OK\r\nContent-Length: x\r\n\r\n", "\u{0}",
    ])
    func `rejects bytes that are not RTSP`(text: String) {
        #expect(throws: StreamViolation("it does not speak RTSP")) { try parts(Array(text.utf8)) }
    }

    @Test func `rejects a head or a body above the limit`() {
        #expect(throws: StreamViolation("the head of its answer has more than 16384 bytes")) {
            try parts(Array("RTSP/1.0 200 OK\r\n".utf8) + [UInt8](repeating: 0x41, count: 20_000))
        }
        #expect(throws: StreamViolation("its answer has 99999 bytes, more than 65536")) {
            try parts(Array("RTSP/1.0 200 OK\r\nContent-Length: 99999\r\n\r\n".utf8))
        }
    }

    /// Quadratic work would take minutes in either of the two tests.
    @Test(.timeLimit(.minutes(1)))
    func `parses large responses byte by byte in linear time`() throws {
        let head = "RTSP/1.0 200 OK\r\nX: \(String(repeating: "a", count: 16_000))\r\nContent-Length: 60000\r\n\r\n"
        let answer = Array(head.utf8) + [UInt8](repeating: 0x41, count: 60_000)
        var all: [UInt8] = []
        for _ in 0..<20 { all += answer }
        #expect(try parts(all, pieces: 1).count == 20)
    }

    @Test(.timeLimit(.minutes(1)))
    func `parses many formats and attributes in linear time`() {
        let formats = (0..<8000).map { "\($0 % 90)x\($0)" }.joined(separator: " ")
        let attributes = String(repeating: "a=rtpmap:1 VP8/90000\r\n", count: 8000)
        for _ in 0..<20 {
            #expect(throws: StreamViolation("its video is not named, neither H264 nor H265")) {
                try SessionDescription("m=video 0 RTP/AVP \(formats)\r\n\(attributes)")
            }
        }
    }

    @Test func `accepts line feeds without carriage returns`() throws {
        #expect(
            try parts(Array("RTSP/1.0 404 Not Found\nCSeq: 1\n\n".utf8))
                == [.response(RTSPResponse(status: 404, headers: ["cseq": ["1"]]))])
    }

    @Test(
        arguments: [
            (["Digest realm=\"a, b\", nonce=\"n\""], .digest(realm: "a, b", nonce: "n", isStale: false)),
            (
                ["Basic realm=\"x\"", "digest  nonce=n , realm=r, stale=TRUE"],
                .digest(realm: "r", nonce: "n", isStale: true)
            ),
            (["Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256", "Basic realm=\"x\""], .basic),
            (["Digest realm=\"r\", nonce=\"n\", algorithm=\"md5\""], .digest(realm: "r", nonce: "n", isStale: false)),
            (["Digest realm=\"r\""], nil), (["Digest nonce=\"a\u{1}b\", realm=\"r\""], nil), (["Bearer x"], nil),
            ([], nil),
            (["Digest ="], nil), (["Digest a=\""], nil),
        ] as [([String], AuthenticationChallenge?)])
    func `selects the strongest supported challenge`(headers: [String], challenge: AuthenticationChallenge?) {
        #expect(AuthenticationChallenge(headers) == challenge)
    }
}
