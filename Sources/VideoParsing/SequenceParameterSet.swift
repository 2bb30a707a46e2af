/// Reads the dimensions of a video stream from its sequence parameter set.
package enum SequenceParameterSet {
    /// The dimensions in a sequence parameter set, including the unit's header; `nil` if it is not valid.
    package static func size(in unit: some Collection<UInt8>, of codec: VideoCodec) -> PictureSize? {
        switch codec {
        case .h264: try? h264(BitReader(unit.dropFirst(1)))
        case .h265: try? h265(BitReader(unit.dropFirst(2)))
        }
    }

    /// Profiles whose sets contain the chroma format. Source: ITU-T H.264, 7.3.2.1.1.
    private static let highProfiles: Set<Int> = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]

    private static func h264(_ reader: BitReader) throws(BitReader.Exhausted) -> PictureSize? {
        var reader = reader
        let profile = try reader.bits(8)
        try reader.skip(16)
        _ = try reader.code()
        var chroma = 1
        if highProfiles.contains(profile) { chroma = try skipHighProfile(&reader) }
        _ = try reader.code()
        switch try reader.code() {
        case 0: _ = try reader.code()
        case 1: try skipOrderCycle(&reader)
        default: break
        }
        _ = try reader.code()
        try reader.skip(1)
        let columns = try reader.code() + 1
        let rows = try reader.code() + 1
        let hasFramesOnly = try reader.bit()
        if !hasFramesOnly { try reader.skip(1) }
        try reader.skip(1)
        let fields = hasFramesOnly ? 1 : 2
        let cropped = try cropping(&reader, chroma: chroma, vertical: fields)
        guard columns <= 1024, rows <= 1024 else { return nil }
        return PictureSize(width: columns * 16 - cropped.width, height: rows * 16 * fields - cropped.height)
    }

    /// Returns the chroma format: 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    private static func skipHighProfile(_ reader: inout BitReader) throws(BitReader.Exhausted) -> Int {
        let chroma = try reader.code()
        if chroma == 3 { try reader.skip(1) }
        _ = try reader.code()
        _ = try reader.code()
        try reader.skip(1)
        guard try reader.bit() else { return chroma }
        for list in 0..<(chroma == 3 ? 12 : 8) where try reader.bit() {
            try skipScalingList(&reader, entries: list < 6 ? 16 : 64)
        }
        return chroma
    }

    private static func skipScalingList(_ reader: inout BitReader, entries: Int) throws(BitReader.Exhausted) {
        var last = 8
        var next = 8
        for _ in 0..<entries {
            if next != 0 { next = (last + (try reader.signedCode()) + 256) & 255 }
            if next != 0 { last = next }
        }
    }

    private static func skipOrderCycle(_ reader: inout BitReader) throws(BitReader.Exhausted) {
        try reader.skip(1)
        _ = try reader.signedCode()
        _ = try reader.signedCode()
        for _ in 0..<min(try reader.code(), 255) { _ = try reader.signedCode() }
    }

    /// The cropping of the coded picture, in pixels.
    private static func cropping(
        _ reader: inout BitReader, chroma: Int, vertical: Int
    ) throws(BitReader.Exhausted) -> (width: Int, height: Int) {
        guard try reader.bit() else { return (0, 0) }
        let left = try reader.code()
        let right = try reader.code()
        let top = try reader.code()
        let bottom = try reader.code()
        let across = chroma == 1 || chroma == 2 ? 2 : 1
        let down = (chroma == 1 ? 2 : 1) * vertical
        return ((left + right) * across, (top + bottom) * down)
    }

    /// Source: ITU-T H.265, 7.3.2.2 and 7.3.3.
    private static func h265(_ reader: BitReader) throws(BitReader.Exhausted) -> PictureSize? {
        var reader = reader
        try reader.skip(4)
        let layers = try reader.bits(3)
        try reader.skip(1)
        try skipProfile(&reader, layers: layers)
        _ = try reader.code()
        let chroma = try reader.code()
        if chroma == 3 { try reader.skip(1) }
        let width = try reader.code()
        let height = try reader.code()
        guard width <= 1 << 16, height <= 1 << 16 else { return nil }
        let cropped = try cropping(&reader, chroma: chroma, vertical: 1)
        return PictureSize(width: width - cropped.width, height: height - cropped.height)
    }

    private static func skipProfile(_ reader: inout BitReader, layers: Int) throws(BitReader.Exhausted) {
        try reader.skip(96)
        guard layers > 0 else { return }
        var present: [(profile: Bool, level: Bool)] = []
        for _ in 0..<layers { present.append((try reader.bit(), try reader.bit())) }
        try reader.skip(2 * (8 - layers))
        for layer in present { try reader.skip((layer.profile ? 88 : 0) + (layer.level ? 8 : 0)) }
    }
}
