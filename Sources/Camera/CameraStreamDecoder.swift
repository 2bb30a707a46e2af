package import Platform
import VideoParsing

/// A camera's protocol, independent of sockets and clocks.
package protocol CameraStreamDecoder {
    var statistics: FrameStatistics { get }
    /// Whether all requests have been answered, so that only frames are awaited.
    var isStreaming: Bool { get }

    /// Returns the bytes to send after the peer's certificate was accepted.
    mutating func opening() -> [UInt8]
    /// Decodes the next bytes. Returns the bytes to send in response.
    mutating func receive(_ bytes: UnsafeRawBufferPointer, at now: Instant) throws(ProbeError) -> [UInt8]
    /// Returns the bytes to send periodically while frames arrive.
    mutating func keepAlive() -> [UInt8]
    /// Returns the bytes to send before closing.
    mutating func closing() -> [UInt8]
    /// The error that a close by the camera means; `nil` if the stream may end here.
    ///
    /// - Parameter isSecured: Whether the TLS handshake was done.
    func errorOfClose(isSecured: Bool) -> ProbeError?
    /// The error for a camera that accepts the connection and does not answer the TLS handshake in time.
    var errorOfMuteHandshake: ProbeError { get }
}
