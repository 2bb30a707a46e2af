/// Finds the dimensions of a JPEG picture as its bytes arrive, without keeping them.
///
/// The start-of-frame marker contains them. It follows segments that start with their length. Source: ITU-T T.81, annex
/// B.
struct JPEGSizeFinder: Sendable {
    private enum Stage {
        /// The next byte must be FF.
        case marker
        /// After FF: the next byte is the marker code.
        case code
        /// Reading a length or a frame header; `bytes` have been read so far.
        case length(isFrame: Bool, bytes: Int, value: Int)
        case frame(bytes: Int)
        case skipping(Int)
        case done
    }

    private var stage = Stage.marker
    private var header: (Int, Int) = (0, 0)

    /// The dimensions; `nil` if they are not found, or not yet.
    private(set) var size: PictureSize?

    init() {}

    /// Whether more bytes can still contain the dimensions.
    var needsBytes: Bool {
        if case .done = stage { return false }
        return true
    }

    /// Reads the next bytes; the first call starts at the beginning of the picture.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count, needsBytes {
            if case .skipping(let left) = stage {
                let taken = min(left, bytes.count - position)
                position += taken
                stage = taken == left ? .marker : .skipping(left - taken)
            } else {
                append(bytes[position])
                position += 1
            }
        }
    }

    private mutating func append(_ byte: UInt8) {
        switch stage {
        case .marker: stage = byte == 0xFF ? .code : .done
        case .code: stage = Self.stage(after: byte)
        case .length(let isFrame, let count, let value):
            let value = value << 8 | Int(byte)
            guard count == 1 else { return stage = .length(isFrame: isFrame, bytes: 1, value: value) }
            // The length includes its own two bytes.
            if value < 2 || isFrame && value < 7 { return stage = .done }
            stage = isFrame ? .frame(bytes: 0) : value == 2 ? .marker : .skipping(value - 2)
        case .frame(let count): readFrame(byte, count)
        case .skipping, .done: break
        }
    }

    private static func stage(after code: UInt8) -> Stage {
        switch code {
        case 0xFF: .code
        // Start of image, restart markers and TEM have no segment.
        case 0xD8, 0xD0...0xD7, 0x01: .marker
        // Start of frame; C4, C8 and CC are tables.
        case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF: .length(isFrame: true, bytes: 0, value: 0)
        // The image data follows start of scan.
        case 0xD9, 0xDA, 0x00: .done
        default: .length(isFrame: false, bytes: 0, value: 0)
        }
    }

    /// Reads a frame header: one byte of precision, two of height, two of width.
    private mutating func readFrame(_ byte: UInt8, _ count: Int) {
        switch count {
        case 1, 2: header.0 = header.0 << 8 | Int(byte)
        case 3, 4: header.1 = header.1 << 8 | Int(byte)
        default: break
        }
        guard count == 4 else { return stage = .frame(bytes: count + 1) }
        size = PictureSize(width: header.1, height: header.0)
        stage = .done
    }
}
