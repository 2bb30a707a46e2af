import Simulator

extension StandaloneCameras {
    /// Starts one camera with `ProbeRun`'s access code and a certificate for its serial number.
    convenience init(rtsp: Bool = false, rate: Double, serial: String = ProbeRun.serial) async throws {
        var options = Options()
        options.speaksRTSP = rtsp
        options.rate = rate
        options.serial = serial
        options.accessCode = ProbeRun.code
        try await self.init(options: options, key: ProbeRun.key)
    }

    var port: UInt16 { ports.first ?? 0 }
}
