/// The protocol of port 6000: a login of 80 bytes with the access code, then pictures with headers.
struct JPEGSession: CameraSession {
    private var request: [UInt8] = []
    private var isServed = false
    private var last: [UInt8] = []

    mutating func receive(_ bytes: [UInt8], from camera: SimulatedCamera) -> CameraAnswer {
        guard !isServed else { return CameraAnswer() }
        request += bytes
        guard request.count >= 80 else { return CameraAnswer() }
        isServed = true
        let code = String(decoding: request[48..<80].prefix { $0 != 0 }, as: UTF8.self)
        let user = String(decoding: request[16..<48].prefix { $0 != 0 }, as: UTF8.self)
        let isRight = user == "bblp" && code == camera.accessCode && !camera.faults.contains(.cameraRefuse)
        return CameraAnswer(startsPictures: isRight, isLast: !isRight)
    }

    mutating func picture(number: Int, of camera: SimulatedCamera) -> CameraAnswer {
        if last.isEmpty || !camera.faults.contains(.cameraFrozen) { last = camera.picture() }
        if camera.faults.contains(.cameraSize) { return CameraAnswer(bytes: Self.header(UInt32.max)) }
        if camera.faults.contains(.cameraHeader) {
            return number == 0 ? CameraAnswer(bytes: Self.header(UInt32(last.count))) : CameraAnswer()
        }
        if camera.faults.contains(.cameraNoise) {
            return CameraAnswer(bytes: Self.header(1000) + [UInt8](repeating: 0x2A, count: 1000))
        }
        let header = Self.header(UInt32(last.count))
        if camera.faults.contains(.cameraTruncate), number >= SimulatedCamera.picturesBeforeStop {
            return CameraAnswer(bytes: Array(last.prefix(last.count / 2)), header: header, isLast: true)
        }
        return CameraAnswer(bytes: last, header: header)
    }

    private static func header(_ size: UInt32) -> [UInt8] {
        [size, 0, 1, 0].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
}
