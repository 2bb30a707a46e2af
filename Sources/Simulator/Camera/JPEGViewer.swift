/// The protocol of port 6000: a login of 80 bytes with the access code, then pictures with headers.
final class JPEGViewer: CameraViewer {
    private var request: [UInt8] = []
    private var last: [UInt8] = []

    override func answer(_ bytes: [UInt8]) {
        guard request.count < 80 else { return }
        request += bytes
        guard request.count >= 80 else { return }
        let code = String(decoding: request[48..<80].prefix { $0 != 0 }, as: UTF8.self)
        let user = String(decoding: request[16..<48].prefix { $0 != 0 }, as: UTF8.self)
        let isRight = user == "bblp" && code == camera.accessCode && !has(.cameraRefuse)
        if isRight { startPictures() } else { close() }
    }

    override func sendPicture() {
        if last.isEmpty || !has(.cameraFrozen) { last = camera.picture() }
        if has(.cameraSize) { return reply(Self.header(UInt32.max)) }
        if has(.cameraNoise) { return reply(Self.header(1000) + [UInt8](repeating: 0x2A, count: 1000)) }
        let header = Self.header(UInt32(last.count))
        if has(.cameraHeader) {
            if pictures == 0 { reply(header) }
            return
        }
        reply(header)
        if has(.cameraTruncate), pictures >= SimulatedCamera.picturesBeforeStop {
            reply(Array(last.prefix(last.count / 2)))
            close()
        } else {
            reply(last)
        }
    }

    private static func header(_ size: UInt32) -> [UInt8] {
        [size, 0, 1, 0].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
}
