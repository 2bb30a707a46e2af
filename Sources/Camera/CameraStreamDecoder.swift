package import Reactor
import VideoParsing

/// A camera's protocol: what to send, and what the answers show. It owns no socket and reads no clock.
package protocol CameraStreamDecoder {
    /// What the stream has shown so far.
    var statistics: FrameStatistics { get }
    /// Whether all requests have been answered, so that only frames are missing.
    var isStreaming: Bool { get }

    /// Returns the bytes to send once the peer's certificate was accepted.
    mutating func opening() -> [UInt8]
    /// Decodes the next bytes. Returns the bytes to send in answer.
    mutating func receive(_ bytes: UnsafeRawBufferPointer, at now: Instant) throws(ProbeError) -> [UInt8]
    /// Returns the bytes to send periodically while frames arrive.
    mutating func keepAlive() -> [UInt8]
    /// Returns the bytes to send before closing.
    mutating func closing() -> [UInt8]
    /// The meaning of a close by the camera; `nil` if the stream may end here.
    ///
    /// - Parameter isSecured: whether the TLS handshake was done.
    func errorOfClose(isSecured: Bool) -> ProbeError?
    /// The meaning of a camera that accepts the connection and does not answer the TLS handshake in time.
    func errorOfMuteHandshake() -> ProbeError
}

extension CameraStreamDecoder {
    package mutating func keepAlive() -> [UInt8] { [] }
    package mutating func closing() -> [UInt8] { [] }
    package func errorOfMuteHandshake() -> ProbeError { .timedOut(TLSStream.Stage.handshake.rawValue) }
}
