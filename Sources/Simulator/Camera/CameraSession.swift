/// An answer of a camera to one viewer.
struct CameraAnswer {
    var bytes: [UInt8] = []
    /// Bytes that go out before `bytes`, in a TLS record of their own.
    var header: [UInt8] = []
    /// Whether the viewer is to get pictures from now on.
    var startsPictures = false
    /// Whether the connection ends behind it.
    var isLast = false
}

/// One viewer's conversation with a camera, in the camera's language.
protocol CameraSession {
    /// Takes what the viewer sent.
    mutating func receive(_ bytes: [UInt8], from camera: SimulatedCamera) -> CameraAnswer
    /// The viewer's next picture.
    mutating func picture(number: Int, of camera: SimulatedCamera) -> CameraAnswer
}
