/// The response of a camera to one viewer.
struct CameraAnswer {
    var bytes: [UInt8] = []
    /// Bytes that are sent before `bytes`, in a separate TLS record.
    var header: [UInt8] = []
    /// Whether the camera starts to send pictures to the viewer.
    var startsPictures = false
    /// Whether the connection closes after this response.
    var isLast = false
}

/// The protocol state of one viewer's connection to a camera.
protocol CameraSession {
    /// Processes bytes from the viewer.
    mutating func receive(_ bytes: [UInt8], from camera: SimulatedCamera) -> CameraAnswer
    /// Returns the viewer's next picture.
    mutating func picture(number: Int, of camera: SimulatedCamera) -> CameraAnswer
}
