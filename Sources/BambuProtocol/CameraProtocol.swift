/// The protocol of a printer's camera on the local network.
///
/// Source: OpenBambuAPI video.md.
package enum CameraProtocol: String, Sendable, CaseIterable {
    /// JPEG pictures with headers of 16 bytes, on port 6000.
    case jpeg
    /// RTSP inside TLS, on port 322.
    case rtsp

    /// The port on which printers serve the protocol.
    package var port: UInt16 { self == .jpeg ? 6000 : 322 }

    /// The stream's path on an RTSP camera. Wire: the end of `ipcam.rtsp_url`.
    package static let rtspPath = "/streaming/live/1"
}
