import BambuProtocol

extension Configuration {
    /// How a printer's camera is probed.
    struct Camera: ConfigurationObject, Equatable {
        var isEnabled = true
        /// `nil` if the model decides.
        var language: CameraLanguage?
        /// `nil` for the port of the protocol.
        var port: UInt16?
        /// From the start of one probe to the start of the next; `nil` for the default of the protocol.
        var interval: Duration?
        /// The length of one probe.
        var window = Duration.seconds(10)

        static let settings: [Setting<Self>] = [
            Setting(
                "enabled", \.isEnabled, .flag,
                "Whether the camera is probed. A probe is one of the few viewers that a camera serves at a time.",
                variable: "BAMBU_CAMERA_ENABLED"),
            Setting(
                "protocol", \.language, .choice([("auto", nil), ("jpeg", .jpeg), ("rtsp", .rtsp)]),
                "The camera's protocol. With `auto` the model decides."),
            Setting("port", \.port, .port, "The camera's port. Default: 6000 for JPEG, 322 for RTSP."),
            Setting(
                "interval", \.interval, .duration(atLeast: .seconds(20)),
                "The time from one probe to the next; longer than `window`. Default: `5m` for JPEG, `15m` for RTSP, since some X1 stop serving RTSP after many sessions."
            ),
            Setting("window", \.window, .duration(atLeast: .seconds(1)), "The length of one probe."),
        ]

        /// The time from one probe to the next. Some X1 stop serving RTSP after many sessions, until they are restarted.
        func interval(for cameraProtocol: CameraLanguage?) -> Duration {
            interval ?? (cameraProtocol == .rtsp ? .seconds(900) : .seconds(300))
        }
    }
}
