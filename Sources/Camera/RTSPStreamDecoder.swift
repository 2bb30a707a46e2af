package import Platform
import TLS
import VideoParsing

/// The protocol of port 322: RTSP over TLS, with the media in the same connection. Source: RFC 2326.
package struct RTSPStreamDecoder: CameraStreamDecoder {
    /// The requests, in order.
    private enum Step: String {
        case options = "OPTIONS"
        case describe = "DESCRIBE"
        case setUp = "SETUP"
        case play = "PLAY"
        case tearDown = "TEARDOWN"
    }

    private let url: String
    private var credentials: RTSPCredentials
    private var parser = RTSPParser()
    private var step = Step.options
    private var sequence = 0
    private var session: String?
    /// The URL of the stream as the server reports it, and the URL of its video track.
    private var base: String
    private var track: String
    private var channel: UInt8 = 0
    private var counter: PictureCounter?
    private var receiverReport = ReceiverReport()
    package private(set) var statistics = FrameStatistics()
    package private(set) var isStreaming = false

    /// - Parameter url: The URL of the stream, without user and access code.
    package init(url: String, accessCode: Secret) {
        self.url = url
        base = url
        track = url
        credentials = RTSPCredentials(accessCode)
    }

    package mutating func opening() -> [UInt8] { request() }

    /// A receiver report. A camera may end a long session of a client that sends none.
    package mutating func keepAlive() -> [UInt8] {
        isStreaming ? receiverReport.frame(on: channel &+ 1) : []
    }

    /// A close before the handshake means that LAN live view is off; a later one means that the camera's server gave
    /// up.
    package func errorOfClose(isSecured: Bool) -> ProbeError? {
        guard isSecured else { return .refused("it closed the connection before the TLS handshake was done") }
        guard isStreaming else { return .gaveUp("it closed the connection instead of answering \(step.rawValue)") }
        // The protocol does not mark the end of a frame, so a stream may end anywhere.
        return statistics.frames >= 2 ? nil : .violation("it closed after \(statistics.frames) frames")
    }

    package var errorOfMuteHandshake: ProbeError { .timedOut(TLSStream.Stage.handshake.rawValue) }

    package mutating func closing() -> [UInt8] {
        guard session != nil else { return [] }
        step = .tearDown
        return request()
    }

    package mutating func receive(
        _ bytes: UnsafeRawBufferPointer, at now: Instant
    ) throws(ProbeError) -> [UInt8] {
        parser.append(bytes)
        var answer: [UInt8] = []
        while let part = try ProbeError.check({ () throws(StreamViolation) in try parser.next() }) {
            switch part {
            case .packet(let channel, let bytes): count(channel, bytes, at: now)
            case .response(let response): answer += try receive(response)
            }
        }
        return answer
    }

    private mutating func count(_ channel: UInt8, _ bytes: ArraySlice<UInt8>, at now: Instant) {
        guard isStreaming, channel == self.channel, var counter else { return }
        self.counter = nil
        let frame = bytes.withUnsafeBytes { bytes -> Int? in
            guard let packet = RTPPacket(bytes) else { return nil }
            receiverReport.record(packet)
            return counter.add(packet)
        }
        self.counter = counter
        statistics.size = counter.size
        if let frame { statistics.add(frame, at: now) }
    }

    private mutating func request() -> [UInt8] {
        sequence += 1
        let url = step == .setUp ? track : step == .options || step == .describe ? self.url : base
        let authorization = credentials.header(step.rawValue, url)
        var head = "\(step.rawValue) \(url) RTSP/1.0\r\nCSeq: \(sequence)\r\nUser-Agent: bambu_exporter\r\n"
        head += authorization
        switch step {
        case .describe: head += "Accept: application/sdp\r\n"
        case .setUp: head += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        case .play: head += "Range: npt=0.000-\r\n"
        default: break
        }
        if let session { head += "Session: \(session)\r\n" }
        return Array((head + "\r\n").utf8)
    }

    private mutating func receive(_ response: RTSPResponse) throws(ProbeError) -> [UInt8] {
        guard !isStreaming else { return [] }
        // Ignore responses to earlier requests.
        guard response.values(of: "cseq").first.flatMap({ Int($0.filter { $0 != " " }) }) ?? sequence == sequence else {
            return []
        }
        switch response.status {
        case 200..<300: return try proceed(response)
        case 401: return try authenticate(response)
        case 403: throw .authentication
        // Some servers do not support OPTIONS, and nothing depends on it.
        case _ where step == .options: return try proceed(response)
        default: throw .violation("it answered \(step.rawValue) with \(response.status)")
        }
    }

    private mutating func authenticate(_ response: RTSPResponse) throws(ProbeError) -> [UInt8] {
        guard let challenge = AuthenticationChallenge(response.values(of: "www-authenticate")) else {
            throw .violation("its authentication method is not supported; MD5 digest and basic are")
        }
        try credentials.accept(challenge)
        return request()
    }

    private mutating func proceed(_ response: RTSPResponse) throws(ProbeError) -> [UInt8] {
        switch step {
        case .options: step = .describe
        case .describe:
            try describe(response)
            step = .setUp
        case .setUp:
            try setUp(response)
            step = .play
        case .play:
            isStreaming = true
            return []
        case .tearDown: return []
        }
        return request()
    }

    private mutating func describe(_ response: RTSPResponse) throws(ProbeError) {
        let description = try ProbeError.check { () throws(StreamViolation) in
            try SessionDescription(String(decoding: response.body, as: UTF8.self))
        }
        let named = response.values(of: "content-base").first ?? response.values(of: "content-location").first
        base = try Self.usable(named ?? url)
        track = try Self.usable(Self.resolve(description.control, from: base))
        counter = PictureCounter(
            description.codec, payloadType: description.payloadType, size: description.size)
        statistics.size = description.size
    }

    private static func resolve(_ control: String, from base: String) -> String {
        if control.isEmpty || control == "*" { return base }
        if control.hasInfix("://") { return control }
        return base.hasSuffix("/") ? base + control : "\(base)/\(control)"
    }

    /// Validates a URL or session id for use in a request header.
    private static func usable(_ address: String) throws(ProbeError) -> String {
        guard address.utf8.count <= 1024, address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }) else {
            throw .violation("its response contains an invalid URL")
        }
        return address
    }

    private mutating func setUp(_ response: RTSPResponse) throws(ProbeError) {
        guard let value = response.values(of: "session").first?.split(separator: ";").first, !value.isEmpty else {
            throw .violation("its response contains no session")
        }
        session = try Self.usable(value.filter { $0 != " " })
        let transport = response.values(of: "transport").first ?? ""
        guard transport.lowercased().hasInfix("rtp/avp/tcp") else {
            throw .violation("it does not send media inside the connection")
        }
        let mark = transport.split(separator: ";").first { $0.hasPrefix("interleaved=") }
        let numbers = mark?.dropFirst("interleaved=".count).split(separator: "-").first
        channel = numbers.flatMap { UInt8($0) } ?? 0
    }
}
