import BambuProtocol
import OpenMetrics

extension MetricGroup<PrinterSnapshot> {
    /// Of printers whose camera is probed. The gauges are absent before the first probe, while the printer is down, and
    /// once the last probe is older than two intervals.
    static let camera = Self(
        "Camera", of: CameraReading.self,
        from: { printer in
            guard let state = printer.state else { return printer.camera?.withdrawn }
            return state.camera.isDisabled ? printer.camera?.switchedOff : printer.camera
        },
        [
            .flag(
                "bambu_camera_up",
                "Whether the last probe of the camera saw a frame and ended without a failure; absent when another viewer was in the way or it is switched off.",
                \.isUp),
            .gauge(
                "bambu_camera_frames_per_second",
                "Frames over arrival time, from the first to the last frame of the last probe; absent below two."
            ) { $0.picture?.framesPerSecond },
            .gauge("bambu_camera_frame_bytes", "Mean size of a frame in the last probe.") { $0.picture?.frameBytes },
            .info(
                "bambu_camera_info", ["protocol", "width", "height"],
                "What the camera speaks, and the size of its pictures in pixels."
            ) { reading in
                reading.picture.map { picture in
                    let sides = [picture.width, picture.height].map { $0.map(String.init) ?? "" }
                    return [picture.language.rawValue] + sides
                }
            },
            .counter("bambu_camera_frames_total", "Frames seen by probes.") { Double($0.frames) },
            .counter("bambu_camera_probes_total", "Probes of the camera.") { Double($0.probes) },
            .byLabel(
                "bambu_camera_probe_failures_total", "reason",
                "Probes that failed, by what went wrong; busy is another viewer, disabled the view switched off.",
                kind: .counter
            ) { reading in
                CameraReading.Failure.allCases.map { ($0.rawValue, Double(reading.failures[$0] ?? 0)) }
            },
            .gauge(
                "bambu_camera_last_frame_timestamp_seconds", "When the last frame came that a probe saw.",
                \.lastFrame),
            .flag(
                "bambu_camera_frozen",
                "Whether every frame of the last probe was the same picture; JPEG cameras alone, absent below two frames."
            ) { $0.picture?.isFrozen },
        ])
}
