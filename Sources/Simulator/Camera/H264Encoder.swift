/// Writes canvases as H.264 pictures, baseline profile, each complete in itself. Source: ITU-T H.264.
///
/// A cell is a macroblock of 16 by 16 pixels, predicted from its left neighbour and corrected by one number for
/// brightness and one for each colour. Each row is a slice by itself, and rows that did not change are not coded again.
struct H264Encoder: Sendable {
    /// At this quantizer a correction of every size can be told exactly: a step of brightness is 20/64, one of colour
    /// 40/64 of a level (8.5.10 and 8.5.11).
    private static let quantizer = 18
    private static let brightnessStep = 20
    private static let colourStep = 40

    /// Whole pictures that follow each other must have different numbers; two take turns.
    private var turn = 0
    private var known: [[[Colour]]] = [[], []]
    private var coded: [[[UInt8]]] = [[], []]

    let columns: Int
    let rows: Int

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// The sequence parameter set, as a unit without its start code.
    var sequenceParameters: [UInt8] {
        var writer = BitWriter()
        for byte in [66, 0xC0, 40] { writer.bits(byte, 8) }
        // Number 0; frames numbered in 4 bits, shown in the order in which they come; no references.
        for value in [0, 0, 2, 0] { writer.code(value) }
        writer.bits(0, 1)
        writer.code(columns - 1)
        writer.code(rows - 1)
        // Whole frames, 8x8 inference, no cropping, no more.
        writer.bits(0b1100, 4)
        return Self.unit(0x67, &writer)
    }

    /// The picture parameter set.
    var pictureParameters: [UInt8] {
        var writer = BitWriter()
        writer.code(0)
        writer.code(0)
        writer.bits(0, 2)
        for _ in 0..<3 { writer.code(0) }
        writer.bits(0, 3)
        writer.signedCode(Self.quantizer - 26)
        writer.signedCode(0)
        writer.signedCode(0)
        // Slices say whether edges are smoothed; nothing else.
        writer.bits(0b100, 3)
        return Self.unit(0x68, &writer)
    }

    /// The units of a picture, one for each row of cells, without start codes.
    mutating func units(of canvas: Canvas) -> [[UInt8]] {
        turn = 1 - turn
        if known[turn].count != canvas.rows.count {
            known[turn] = Array(repeating: [], count: canvas.rows.count)
            coded[turn] = known[turn].map { _ in [] }
        }
        for (index, row) in canvas.rows.enumerated() where known[turn][index] != row {
            known[turn][index] = row
            coded[turn][index] = slice(row, at: index * columns, picture: turn)
        }
        return coded[turn]
    }

    private func slice(_ row: [Colour], at first: Int, picture: Int) -> [UInt8] {
        var writer = BitWriter()
        writer.code(first)
        // All slices of the picture are of kind I.
        writer.code(7)
        writer.code(0)
        writer.bits(0, 4)
        writer.code(picture)
        writer.bits(0, 2)
        writer.signedCode(0)
        // Edges are not smoothed.
        writer.code(1)
        var before = (brightness: 128, blue: 128, red: 128)
        for cell in row {
            let now = (brightness: Int(cell.brightness), blue: Int(cell.blue), red: Int(cell.red))
            macroblock(
                now.brightness - before.brightness, now.blue - before.blue, now.red - before.red, &writer)
            before = now
        }
        return Self.unit(0x65, &writer)
    }

    private func macroblock(_ brightness: Int, _ blue: Int, _ red: Int, _ writer: inout BitWriter) {
        let hasColour = blue != 0 || red != 0
        // Intra 16x16, predicted by the mean; 4 more with corrections of colour.
        writer.code(hasColour ? 7 : 3)
        writer.code(0)
        writer.signedCode(0)
        Self.level(
            Self.steps(brightness, Self.brightnessStep), none: (0b1, 1), one: (0b01, 2), more: (0b101, 6), &writer)
        guard hasColour else { return }
        for difference in [blue, red] {
            Self.level(
                Self.steps(difference, Self.colourStep), none: (0b01, 2), one: (0b1, 1), more: (0b111, 6), &writer)
        }
    }

    /// How many steps make a difference, rounded.
    private static func steps(_ difference: Int, _ step: Int) -> Int {
        Int((Double(difference) * 64 / Double(step)).rounded())
    }

    /// A block with one coefficient at the most (9.2): how many there are, its size, and that nothing stands in front.
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
            // That it is larger than 1 is known already.
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

    /// A unit of what `writer` holds: ended, and with 03 where a start code would stand in it (7.4.1).
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
