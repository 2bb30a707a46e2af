/// A colour as luma and chroma, the form in JPEG and H.264. Source: ITU-T T.871, 7.
struct Colour: Hashable, Sendable {
    let brightness: Int
    let blue: Int
    let red: Int

    /// - Parameter rgb: the colour as 0xRRGGBB, such as 0x1C6E8C.
    init(_ rgb: UInt32) {
        let r = Double(rgb >> 16 & 0xFF)
        let g = Double(rgb >> 8 & 0xFF)
        let b = Double(rgb & 0xFF)
        brightness = Self.clamp(0.299 * r + 0.587 * g + 0.114 * b)
        blue = Self.clamp(128 - 0.168736 * r - 0.331264 * g + 0.5 * b)
        red = Self.clamp(128 + 0.5 * r - 0.418688 * g - 0.081312 * b)
    }

    private static func clamp(_ value: Double) -> Int {
        Int(min(255, max(0, value.rounded())))
    }

    /// The colour to which the first cell of a row is relative; all its components are 128.
    static let start = Colour(0x808080)
    static let night = Colour(0x10161C)
    static let frame = Colour(0x2B3640)
    static let text = Colour(0xE8EEF2)
    static let dim = Colour(0x5C6B78)
    static let green = Colour(0x3FA66A)
    static let amber = Colour(0xE0A030)
}
