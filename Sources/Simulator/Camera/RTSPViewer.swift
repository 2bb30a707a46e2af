import COpenSSL
import HTTP

/// The protocol of port 322: RTSP with digest authentication, and H.264 over the same connection.
final class RTSPViewer: CameraViewer {
    private static let realm = "LIVE555 Streaming Media"

    private var buffer: [UInt8] = []
    private let nonce = (0..<16).map { _ in String(UInt8.random(in: 0...255) | 0x10, radix: 16) }.joined()
    private var sequence = UInt16.random(in: 0...UInt16.max)
    private var timestamp = UInt32.random(in: 0...UInt32.max)
    private var encoder = H264Encoder()
    private var last: [[UInt8]] = []

    override func answer(_ bytes: [UInt8]) {
        buffer += bytes
        while isOpen, let request = nextRequest() { answer(request) }
    }

    private func nextRequest() -> [Substring]? {
        // Players also send RTCP reports between their requests.
        while buffer.first == UInt8(ascii: "$"), buffer.count >= 4 {
            let length = 4 + Int(buffer[2]) << 8 + Int(buffer[3])
            guard buffer.count >= length else { return nil }
            buffer.removeFirst(length)
        }
        let text = String(decoding: buffer.prefix(8192), as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        buffer.removeFirst(text[..<end.upperBound].utf8.count)
        return text[..<end.lowerBound].split(separator: "\r\n")
    }

    private func answer(_ request: [Substring]) {
        let words = (request.first ?? "").split(separator: " ").map(String.init)
        guard words.count == 3 else {
            respond("400 Bad Request", [])
            return close()
        }
        var headers = Headers()
        for line in request.dropFirst() {
            let field = line.split(separator: ":", maxSplits: 1)
            if field.count == 2 { headers.append(String(field[0]), String(field[1].drop { $0 == " " })) }
        }
        let (method, url) = (words[0], words[1])
        let session = "Session: 4F3A21C0"
        let sequence = "CSeq: \(headers["CSeq"] ?? "0")"
        if let (status, lines) = refusal(of: method, url, headers) { return respond(status, [sequence] + lines) }
        switch method {
        case "OPTIONS": respond("200 OK", [sequence, "Public: OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY"])
        case "DESCRIBE":
            let length = description.utf8.count
            respond(
                "200 OK",
                [sequence, "Content-Base: \(url)/", "Content-Type: application/sdp", "Content-Length: \(length)"],
                body: description)
        case "SETUP":
            respond("200 OK", [sequence, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "\(session);timeout=60"])
        case "PLAY":
            respond("200 OK", [sequence, session])
            startPictures()
        case "TEARDOWN":
            respond("200 OK", [sequence])
            close()
        default: respond("501 Not Implemented", [sequence])
        }
    }

    /// The status that rejects a request; `nil` if the request is accepted.
    private func refusal(of method: String, _ url: String, _ headers: Headers) -> (String, [String])? {
        if method == "OPTIONS" { return nil }
        guard isAuthorized(method, headers["Authorization"]) else {
            return ("401 Unauthorized", ["WWW-Authenticate: Digest realm=\"\(Self.realm)\", nonce=\"\(nonce)\""])
        }
        if has(.cameraBusy) { return ("453 Not Enough Bandwidth", []) }
        if !url.contains("/streaming/live/1") { return ("404 Stream Not Found", []) }
        let isTCP = headers["Transport"]?.contains("TCP") ?? false
        return method == "SETUP" && !isTCP ? ("461 Unsupported Transport", []) : nil
    }

    private func respond(_ status: String, _ lines: [String], body: String = "") {
        let head = (["RTSP/1.0 \(status)"] + lines).map { $0 + "\r\n" }.joined()
        reply(Array("\(head)\r\n\(body)".utf8))
    }

    private var description: String {
        let sets = H264Encoder.parameterSets.map(Base64.text)
        return String(decoding: PackageResources.session_sdp, as: UTF8.self)
            .replacing("{parameters}", with: sets.joined(separator: ","))
            .replacing("\n", with: "\r\n")
    }

    private func isAuthorized(_ method: String, _ header: String?) -> Bool {
        guard let header, header.hasPrefix("Digest "), !has(.cameraRefuse) else { return false }
        var values: [Substring: Substring] = [:]
        for part in header.dropFirst(7).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { values[pair[0]] = pair[1].filter { $0 != "\"" }[...] }
        }
        let own = Self.md5("bblp:\(Self.realm):\(camera.accessCode)")
        let expected = Self.md5("\(own):\(nonce):\(Self.md5("\(method):\(values["uri"] ?? "")"))")
        return values["username"] == "bblp" && values["nonce"] == nonce[...] && values["response"] == expected[...]
    }

    private static func md5(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var digest = [UInt8](repeating: 0, count: 16)
        guard EVP_Digest(bytes, bytes.count, &digest, nil, EVP_md5(), nil) == 1 else { return "" }
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    override func sendPicture() {
        if last.isEmpty || !has(.cameraFrozen) { last = encoder.units(of: camera.scene().canvas) }
        timestamp &+= UInt32(90_000 / camera.settings.rate)
        var bytes: [UInt8] = []
        // Key frames need the parameter sets before them.
        for unit in H264Encoder.parameterSets { bytes += packet(unit, isLast: false) }
        for (index, unit) in last.enumerated() { bytes += packet(unit, isLast: index == last.count - 1) }
        reply(bytes)
    }

    /// Returns an interleaved RTP packet with one NAL unit. Source: RFC 3550, 5.1; RFC 2326, 10.12.
    private func packet(_ unit: [UInt8], isLast: Bool) -> [UInt8] {
        sequence &+= 1
        let length = 12 + unit.count
        var bytes: [UInt8] = [UInt8(ascii: "$"), 0, UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
        bytes += [0x80, isLast ? 0xE0 : 0x60, UInt8(sequence >> 8), UInt8(sequence & 0xFF)]
        for word in [timestamp, 0x42_61_6D_62] {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
        }
        return bytes + unit
    }
}
