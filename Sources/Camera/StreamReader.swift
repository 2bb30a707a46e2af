import Reactor
import VideoParsing

/// A camera's protocol: what to say, and what the answers show. It owns no socket and no clock.
protocol StreamReader {
    /// What has been seen so far.
    var tally: FrameTally { get }
    /// Whether the access code has been sent.
    var hasSentCode: Bool { get }
    /// Whether anything has come since.
    var hasAnswer: Bool { get }
    /// Whether all requests have been answered, so that pictures are all that is missing.
    var isStreaming: Bool { get }
    /// Whether the stream may end here without cutting a picture off.
    var isBetweenFrames: Bool { get }

    /// What to send once the peer has shown who it is.
    mutating func opening() -> [UInt8]
    /// Takes the next bytes. Returns what to send for them.
    mutating func receive(_ bytes: UnsafeRawBufferPointer, at now: Instant) throws(ProbeError) -> [UInt8]
    /// What to say before closing.
    mutating func closing() -> [UInt8]
}
