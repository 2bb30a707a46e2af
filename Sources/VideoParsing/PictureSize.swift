/// Width and height of a picture, in pixels.
package struct PictureSize: Sendable, Equatable {
    package let width: Int
    package let height: Int

    /// `nil` for a size that no picture has: 1 to 16384 each way, which is what the largest encoders make.
    package init?(width: Int, height: Int) {
        let possible = 1...16384
        guard possible.contains(width), possible.contains(height) else { return nil }
        self.width = width
        self.height = height
    }
}
