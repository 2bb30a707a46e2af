package import Platform
import VideoParsing

/// The protocol of port 6000: JPEG frames over TLS.
///
/// The client sends the access code, and the camera sends frames until either side closes. Source: OpenBambuAPI
/// video.md.
package struct JPEGStreamDecoder: CameraStreamDecoder {
    private let accessCode: Secret
    private let onFrame: (([UInt8]) -> Void)?
    private var parser: JPEGFrameParser
    package private(set) var statistics = FrameStatistics()
    private var hasSentCode = false
    private var hasAnswer = false

    /// - Parameter onFrame: Receives every frame as JPEG. Without it, frames are not kept.
    package init(accessCode: Secret, onFrame: (([UInt8]) -> Void)? = nil) {
        self.accessCode = accessCode
        self.onFrame = onFrame
        parser = JPEGFrameParser(keepsPictures: onFrame != nil)
    }

    package var isStreaming: Bool { hasSentCode }

    /// The authentication message of 80 bytes.
    ///
    /// It has the payload length (64), the message type and two zeros, in 4 bytes each, then user and access code, in
    /// 32 bytes each.
    package mutating func opening() -> [UInt8] {
        hasSentCode = true
        let words: [UInt32] = [64, 0x3000, 0, 0]
        let numbers = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        let padding = [UInt8](repeating: 0, count: 32)
        return numbers + ["bblp", accessCode.revealed].flatMap { ($0.utf8 + padding).prefix(32) }
    }

    package mutating func receive(
        _ bytes: UnsafeRawBufferPointer, at now: Instant
    ) throws(ProbeError) -> [UInt8] {
        hasAnswer = true
        var statistics = statistics
        defer { self.statistics = statistics }
        try ProbeError.check { () throws(StreamViolation) in
            try parser.parse(bytes) { frame in
                statistics.add(frame.byteCount, hash: frame.hash, at: now)
                statistics.size = frame.size
                onFrame?(frame.picture)
            }
        }
        return []
    }

    /// These cameras serve two viewers. They close the next connection before the code can be sent, or leave its
    /// handshake unanswered until a viewer disconnects. Source: bambuddy, issue 2757.
    package func errorOfClose(isSecured: Bool) -> ProbeError? {
        guard hasSentCode else { return .busy("it closed before the code could be sent") }
        guard hasAnswer else { return .authentication }
        guard parser.isBetweenFrames else { return .violation("it closed in the middle of a frame") }
        return statistics.frames >= 2 ? nil : .violation("it closed after \(statistics.frames) frames")
    }

    package var errorOfMuteHandshake: ProbeError {
        .busy("it accepted the connection and did not answer the TLS handshake")
    }

    package func keepAlive() -> [UInt8] { [] }

    package func closing() -> [UInt8] { [] }
}
