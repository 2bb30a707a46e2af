/// Finds the size of a JPEG picture as its bytes come by, without keeping them.
///
/// The size stands in the start-of-frame marker, behind segments of which each tells its length. Source: ITU-T T.81,
/// annex B.
struct JPEGSizeFinder: Sendable {
    private enum Stage {
        /// At a byte that must be FF.
        case marker
        /// Behind FF: what marker it is.
        case code
        /// So many bytes of a length, or of a frame header, have been read.
        case length(isFrame: Bool, bytes: Int, value: Int)
        case frame(bytes: Int)
        case skipping(Int)
        case over
    }

    private var stage = Stage.marker
    private var header: (Int, Int) = (0, 0)

    /// `nil` before it was found, and where it never is.
    private(set) var size: PictureSize?

    init() {}

    /// Whether more bytes can still tell the size.
    var isLooking: Bool {
        if case .over = stage { return false }
        return true
    }

    /// Takes the picture's next bytes; the first call's begin with the picture.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count, isLooking {
            if case .skipping(let left) = stage {
                let taken = min(left, bytes.count - position)
                position += taken
                stage = taken == left ? .marker : .skipping(left - taken)
            } else {
                take(bytes[position])
                position += 1
            }
        }
    }

    private mutating func take(_ byte: UInt8) {
        switch stage {
        case .marker: stage = byte == 0xFF ? .code : .over
        case .code: stage = Self.stage(behind: byte)
        case .length(let isFrame, let count, let value):
            let value = value << 8 | Int(byte)
            guard count == 1 else { return stage = .length(isFrame: isFrame, bytes: 1, value: value) }
            // The length counts its own two bytes.
            if value < 2 || isFrame && value < 7 { return stage = .over }
            stage = isFrame ? .frame(bytes: 0) : value == 2 ? .marker : .skipping(value - 2)
        case .frame(let count): takeFrame(byte, count)
        case .skipping, .over: break
        }
    }

    private static func stage(behind code: UInt8) -> Stage {
        switch code {
        case 0xFF: .code
        // Start of image, restarts and TEM stand alone.
        case 0xD8, 0xD0...0xD7, 0x01: .marker
        // Start of frame; C4, C8 and CC are tables.
        case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF: .length(isFrame: true, bytes: 0, value: 0)
        // Behind start of scan comes the picture itself.
        case 0xD9, 0xDA, 0x00: .over
        default: .length(isFrame: false, bytes: 0, value: 0)
        }
    }

    /// One byte of precision, two of height, two of width.
    private mutating func takeFrame(_ byte: UInt8, _ count: Int) {
        switch count {
        case 1, 2: header.0 = header.0 << 8 | Int(byte)
        case 3, 4: header.1 = header.1 << 8 | Int(byte)
        default: break
        }
        guard count == 4 else { return stage = .frame(bytes: count + 1) }
        size = PictureSize(width: header.1, height: header.0)
        stage = .over
    }
}
