package import BambuProtocol

/// The result of the last probe of a printer's camera, and the counters of all probes.
package struct CameraReading: Sendable, Equatable {
    package enum Failure: String, CaseIterable, Sendable {
        case auth, refused, timeout, tls, certificate, busy, disabled
        case `protocol`
    }

    /// The result of a successful probe.
    package struct Picture: Sendable, Equatable {
        package var cameraProtocol: CameraProtocol
        /// The width in pixels; `nil` if the stream does not contain it.
        package var width: Int?
        package var height: Int?
        /// The frame rate; `nil` below two frames.
        package var framesPerSecond: Double?
        /// The mean size of a frame, in bytes.
        package var frameBytes: Double?
        /// Whether all frames were identical; `nil` below two frames, and if frames cannot be compared.
        package var isFrozen: Bool?

        package init(cameraProtocol: CameraProtocol) {
            self.cameraProtocol = cameraProtocol
        }
    }

    /// The number of probes started since the process started.
    package var probes = 0
    package var failures: [Failure: Int] = [:]
    /// The number of frames received since the process started.
    package var frames = 0
    /// Whether the last probe received a frame and ended without a failure.
    ///
    /// `nil` before the first probe, if another viewer occupied the camera, and if the probe is too old.
    package var isUp: Bool?
    /// The result of the last probe; `nil` if it failed.
    package var picture: Picture?
    /// The time of the last frame, in seconds since 1970.
    package var lastFrame: Double?

    package init() {}

    /// The reading of a camera that is switched off: neither up nor down.
    package var switchedOff: CameraReading {
        var reading = self
        reading.isUp = nil
        reading.picture = nil
        return reading
    }

    /// The reading without the results of probes; the counters are kept.
    package var withdrawn: CameraReading {
        var reading = switchedOff
        reading.lastFrame = nil
        return reading
    }
}
