import Reactor
import VideoParsing

/// The protocol of port 6000: a code, and pictures for as long as the connection stands.
///
/// Source: OpenBambuAPI video.md.
struct JPEGReader: StreamReader {
    private let accessCode: Secret
    private let onPicture: (([UInt8]) -> Void)?
    private var parser: JPEGFrameParser
    private(set) var tally = FrameTally()
    private(set) var hasSentCode = false
    /// Whether a byte has come.
    private(set) var hasAnswer = false

    /// - Parameter onPicture: takes every picture; they are not kept without it.
    init(accessCode: Secret, onPicture: (([UInt8]) -> Void)? = nil) {
        self.accessCode = accessCode
        self.onPicture = onPicture
        parser = JPEGFrameParser(keepsPictures: onPicture != nil)
    }

    var isStreaming: Bool { hasSentCode }
    var isBetweenFrames: Bool { parser.isBetweenFrames }

    /// 80 bytes: how many follow behind the first 16, the kind of message, and user and code in 32 bytes each.
    mutating func opening() -> [UInt8] {
        hasSentCode = true
        let words: [UInt32] = [64, 0x3000, 0, 0]
        let numbers = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        return numbers + Self.padded("bblp") + Self.padded(accessCode.revealed)
    }

    private static func padded(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(32))
        return bytes + [UInt8](repeating: 0, count: 32 - bytes.count)
    }

    mutating func receive(_ bytes: UnsafeRawBufferPointer, at now: Instant) throws(ProbeError) -> [UInt8] {
        hasAnswer = true
        do throws(JPEGFrameParser.Violation) {
            var tally = tally
            defer { self.tally = tally }
            try parser.take(bytes) { frame in
                tally.add(frame.byteCount, hash: frame.hash, at: now)
                tally.size = frame.size
                onPicture?(frame.picture)
            }
        } catch {
            throw .violation(error.description)
        }
        return []
    }

    func closing() -> [UInt8] { [] }
}
