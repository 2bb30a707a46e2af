package import BambuProtocol

/// What is known of a printer's camera: what the last look at it showed, and what was counted.
package struct CameraReading: Sendable, Equatable {
    /// Why a look at it failed.
    package enum Failure: String, CaseIterable, Sendable {
        case auth, refused, timeout, tls, certificate, busy, disabled
        case `protocol`
    }

    /// What a look showed that ended well.
    package struct Picture: Sendable, Equatable {
        package var language: CameraLanguage
        /// In pixels; `nil` where the stream does not tell.
        package var width: Int?
        package var height: Int?
        /// `nil` below two frames.
        package var framesPerSecond: Double?
        /// The mean size of a frame, in bytes.
        package var frameBytes: Double?
        /// Whether all frames were the same; `nil` below two, and where frames cannot be compared.
        package var isFrozen: Bool?

        package init(language: CameraLanguage) {
            self.language = language
        }
    }

    /// Looks begun since the process started.
    package var probes = 0
    package var failures: [Failure: Int] = [:]
    /// Frames seen since the process started.
    package var frames = 0
    /// Whether the last look saw a picture and ended well; `nil` before the first, when another viewer was in the way,
    /// and when it was too long ago.
    package var isUp: Bool?
    /// What that look showed; `nil` where it did not end well.
    package var picture: Picture?
    /// When the last frame came, in seconds since 1970.
    package var lastFrame: Double?

    package init() {}

    /// The same for a camera that is switched off, which is neither up nor down.
    package var switchedOff: CameraReading {
        var reading = self
        reading.isUp = nil
        reading.picture = nil
        return reading
    }

    /// The same without what the looks showed: what is counted stays.
    package var withdrawn: CameraReading {
        var reading = self
        reading.isUp = nil
        reading.picture = nil
        reading.lastFrame = nil
        return reading
    }
}
