import BambuProtocol

extension Configuration {
    /// The `camera` section of a printer.
    struct Camera: ConfigurationObject, Equatable {
        var isEnabled = true
        var cameraProtocol: CameraProtocol?
        var port: UInt16?
        var interval: Duration?
        var window = Duration.seconds(10)

        static let settings: [Setting<Self>] = [
            Setting(
                "enabled", \.isEnabled, .flag,
                "Whether to probe the camera. A probe counts as one of the few viewers that a camera serves at a time.",
                variable: "BAMBU_CAMERA_ENABLED"),
            Setting(
                "protocol", \.cameraProtocol, .choice([("auto", nil), ("jpeg", .jpeg), ("rtsp", .rtsp)]),
                "The camera's protocol. With `auto` it follows from the model."),
            Setting("port", \.port, .port, "The camera's port. Default: 6000 for JPEG, 322 for RTSP."),
            Setting(
                "interval", \.interval, .duration(atLeast: .seconds(20)),
                """
                The time from one probe to the next; must be longer than `window`. Default: `5m` for JPEG; `15m` for \
                RTSP, since some X1 stop serving RTSP after many sessions.
                """
            ),
            Setting("window", \.window, .duration(atLeast: .seconds(1)), "The duration of one probe."),
        ]

        /// The time from the start of one probe to the start of the next.
        ///
        /// RTSP cameras are probed less often: some X1 stop serving RTSP after many sessions, until they are restarted.
        func interval(for cameraProtocol: CameraProtocol?) -> Duration {
            interval ?? (cameraProtocol == .rtsp ? .seconds(900) : .seconds(300))
        }
    }
}
