package import Reactor
package import VideoParsing

/// The frames that a stream has shown: how many, how large and how fast.
package struct FrameStatistics: Sendable, Equatable {
    package private(set) var frames = 0
    /// Bytes of all frames.
    package private(set) var bytes = 0
    package private(set) var firstFrame: Instant?
    package private(set) var lastFrame: Instant?
    /// `nil` until a picture tells.
    package var size: PictureSize?
    private var hash: Int?
    private var hasChanged = false

    package init() {}

    /// Notes a frame.
    ///
    /// - Parameter hash: of its bytes; `nil` where frames cannot be compared, because each is coded by its difference
    ///   from another.
    package mutating func add(_ byteCount: Int, hash: Int? = nil, at now: Instant) {
        frames += 1
        bytes += byteCount
        firstFrame = firstFrame ?? now
        lastFrame = now
        if let earlier = self.hash, let hash, earlier != hash { hasChanged = true }
        self.hash = hash
    }

    /// By arrival, from the first frame to the last; `nil` below two.
    package var framesPerSecond: Double? {
        guard frames >= 2, let firstFrame, let lastFrame, lastFrame > firstFrame else { return nil }
        return Double(frames - 1) / (lastFrame - firstFrame).inSeconds
    }

    /// The mean size of a frame in bytes; `nil` before the first.
    package var bytesPerFrame: Double? {
        frames > 0 ? Double(bytes) / Double(frames) : nil
    }

    /// Whether all frames are the same picture; `nil` below two, and where they cannot be compared.
    package var isFrozen: Bool? {
        frames >= 2 && hash != nil ? !hasChanged : nil
    }
}
