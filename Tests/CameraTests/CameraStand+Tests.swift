import Simulator

extension CameraStand {
    /// One camera that takes `Look`'s code and shows the certificate of its serial number.
    convenience init(rtsp: Bool = false, rate: Double, serial: String = Look.serial) async throws {
        var options = Options()
        options.speaksRTSP = rtsp
        options.rate = rate
        options.serial = serial
        options.accessCode = Look.code
        try await self.init(options: options, key: Look.key)
    }

    var port: UInt16 { ports.first ?? 0 }
}
