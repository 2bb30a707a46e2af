import BambuProtocol
import OpenMetrics

extension MetricGroup<PrinterSnapshot> {
    /// Metrics of printers whose camera is probed.
    ///
    /// The gauges are absent before the first probe, while the printer is down, and if the last probe is older than two
    /// intervals.
    static let camera = Self(
        "Camera", of: CameraReading.self,
        from: { printer in
            guard let state = printer.state else { return printer.camera?.withdrawn }
            return state.camera.isDisabled ? printer.camera?.switchedOff : printer.camera
        },
        [
            .flag(
                "bambu_camera_up",
                "Whether the last camera probe received a frame without a failure; absent if the camera is busy or switched off.",
                \.isUp),
            .gauge(
                "bambu_camera_frames_per_second",
                "Frame rate measured by the last camera probe; absent if it received fewer than two frames.",
                \.picture?.framesPerSecond),
            .gauge("bambu_camera_frame_bytes", "Mean frame size in the last camera probe.", \.picture?.frameBytes),
            .info(
                "bambu_camera_info", ["protocol", "width", "height"],
                "Protocol of the camera, and width and height of its frames in pixels; always 1."
            ) { reading in
                reading.picture.map { picture in
                    let sides = [picture.width, picture.height].map { $0.map(String.init) ?? "" }
                    return [picture.cameraProtocol.rawValue] + sides
                }
            },
            .counter("bambu_camera_frames_total", "Frames received by camera probes.") { Double($0.frames) },
            .counter("bambu_camera_probes_total", "Camera probes started.") { Double($0.probes) },
            .counters(
                "bambu_camera_probe_failures_total", by: "reason",
                "Failed camera probes by reason. busy: another viewer occupies the camera; disabled: LAN live view is switched off.",
                \.failures),
            .gauge(
                "bambu_camera_last_frame_timestamp_seconds", "Unix time of the last frame received by a camera probe.",
                \.lastFrame),
            .flag(
                "bambu_camera_frozen",
                "Whether all frames of the last camera probe were identical. Only for JPEG cameras; absent below two frames.",
                \.picture?.isFrozen),
        ])
}
