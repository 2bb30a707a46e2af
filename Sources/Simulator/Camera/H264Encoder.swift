/// Encodes canvases as H.264 key frames in the baseline profile. Source: ITU-T H.264.
///
/// A cell is a macroblock of 16 by 16 pixels, predicted from its left neighbour and corrected by one coefficient for
/// luma and one for each chroma plane. Each row is a separate slice, and unchanged rows are not encoded again.
struct H264Encoder: Sendable {
    /// With quantizer 18 every correction is exact: a luma step is 20/64 and a chroma step 40/64 of a level (8.5.10 and
    /// 8.5.11).
    private static let brightnessStep = 20
    private static let colourStep = 40

    /// The id of the key frame; consecutive key frames must have different ids, so it alternates between two.
    private var pictureID = 0
    private var caches = [RowCache(), RowCache()]

    /// The sequence and the picture parameter set, as NAL units without start code.
    ///
    /// Baseline profile, level 4, `Scene`'s 80 by 45 macroblocks; 4-bit frame numbers, output in decoding order, no
    /// reference frames, no cropping. CAVLC, one slice group, quantizer 18, deblocking controlled in slice headers.
    static let parameterSets: [[UInt8]] = [
        [0x67, 66, 0xC0, 40, 0xDC, 0x05, 0x00, 0x5B, 0x90], [0x68, 0xCE, 0x02, 0x3C, 0x80],
    ]

    /// The NAL units of a picture without start codes, one for each row of cells.
    mutating func units(of canvas: Canvas) -> [[UInt8]] {
        pictureID = 1 - pictureID
        return caches[pictureID].codes(of: canvas) { [pictureID] index, row in
            Self.slice(row, at: index * Scene.columns, picture: pictureID)
        }
    }

    private static func slice(_ row: [Colour], at first: Int, picture: Int) -> [UInt8] {
        var writer = BitWriter()
        writer.code(first)
        // All slices of the picture have type I.
        writer.code(7)
        writer.code(0)
        writer.bits(0, 4)
        writer.code(picture)
        writer.bits(0, 2)
        writer.signedCode(0)
        // No deblocking.
        writer.code(1)
        var before = Colour.start
        for cell in row {
            macroblock(
                cell.brightness - before.brightness, cell.blue - before.blue, cell.red - before.red, &writer)
            before = cell
        }
        return unit(0x65, &writer)
    }

    private static func macroblock(_ brightness: Int, _ blue: Int, _ red: Int, _ writer: inout BitWriter) {
        let hasColour = blue != 0 || red != 0
        // Intra 16x16 with DC prediction; plus 4 with chroma coefficients.
        writer.code(hasColour ? 7 : 3)
        writer.code(0)
        writer.signedCode(0)
        level(steps(brightness, brightnessStep), none: (0b1, 1), one: (0b01, 2), more: (0b101, 6), &writer)
        guard hasColour else { return }
        for difference in [blue, red] {
            level(steps(difference, colourStep), none: (0b01, 2), one: (0b1, 1), more: (0b111, 6), &writer)
        }
    }

    /// The number of quantizer steps in a difference, rounded.
    private static func steps(_ difference: Int, _ step: Int) -> Int {
        Int((Double(difference) * 64 / Double(step)).rounded())
    }

    /// Writes a block with at most one coefficient (9.2): the count, the level, and no zeros before it.
    private static func level(
        _ level: Int, none: (Int, Int), one: (Int, Int), more: (Int, Int), _ writer: inout BitWriter
    ) {
        switch level {
        case 0: return writer.bits(none.0, none.1)
        case -1, 1:
            writer.bits(one.0, one.1)
            writer.bits(level < 0 ? 1 : 0, 1)
        default:
            writer.bits(more.0, more.1)
            // The magnitude is at least 2 here, and the code counts from there.
            let code = 2 * Int(level.magnitude) - (level > 0 ? 2 : 1) - 2
            switch code {
            case ..<14:
                writer.bits(1, code + 1)
            case ..<30:
                writer.bits(1, 15)
                writer.bits(code - 14, 4)
            default:
                writer.bits(1, 16)
                writer.bits(code - 30, 12)
            }
        }
        writer.bits(1, 1)
    }

    /// A NAL unit with the content of `writer`: terminated, and with emulation prevention bytes (7.4.1).
    private static func unit(_ header: UInt8, _ writer: inout BitWriter) -> [UInt8] {
        writer.bits(1, 1)
        writer.fill(with: 0)
        var unit = [header]
        var zeros = 0
        for byte in writer.bytes {
            if zeros >= 2, byte <= 3 {
                unit.append(3)
                zeros = 0
            }
            zeros = byte == 0 ? zeros + 1 : 0
            unit.append(byte)
        }
        return unit
    }
}
