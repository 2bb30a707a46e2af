/// Width and height of a picture, in pixels.
package struct PictureSize: Sendable, Equatable {
    package let width: Int
    package let height: Int

    /// Creates a size; `nil` unless both are 1 to 16384, the maximum of the largest encoders.
    package init?(width: Int, height: Int) {
        let possible = 1...16384
        guard possible.contains(width), possible.contains(height) else { return nil }
        self.width = width
        self.height = height
    }
}
