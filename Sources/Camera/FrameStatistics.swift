package import Platform
package import VideoParsing

/// The number, size and rate of the frames of a stream.
package struct FrameStatistics: Sendable, Equatable {
    package private(set) var frames = 0
    package private(set) var bytes = 0
    package private(set) var firstFrame: Instant?
    package private(set) var lastFrame: Instant?
    /// The size of the frames; `nil` until it is known.
    package var size: PictureSize?
    private var hash: Int?
    private var hasChanged = false

    package init() {}

    /// - Parameter hash: The hash of its bytes; `nil` if frames cannot be compared, because each is coded as a
    ///   difference from another.
    package mutating func add(_ byteCount: Int, hash: Int? = nil, at now: Instant) {
        frames += 1
        bytes += byteCount
        firstFrame = firstFrame ?? now
        lastFrame = now
        if let earlier = self.hash, let hash, earlier != hash { hasChanged = true }
        self.hash = hash
    }

    /// Frames per second by arrival time, from the first frame to the last; `nil` with fewer than two frames.
    package var framesPerSecond: Double? {
        guard frames >= 2, let firstFrame, let lastFrame, lastFrame > firstFrame else { return nil }
        return Double(frames - 1) / (lastFrame - firstFrame).inSeconds
    }

    /// The mean size of a frame in bytes; `nil` without frames.
    package var bytesPerFrame: Double? {
        frames > 0 ? Double(bytes) / Double(frames) : nil
    }

    /// Whether all frames are identical; `nil` with fewer than two frames, or if they cannot be compared.
    package var isFrozen: Bool? {
        frames >= 2 && hash != nil ? !hasChanged : nil
    }
}
