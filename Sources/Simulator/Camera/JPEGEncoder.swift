/// Encodes canvases as JPEG pictures. Source: ITU-T T.81; the code tables are those of its annex K.
///
/// A cell is a unit of 16 by 16 pixels: four luma blocks and one block for each chroma plane. All blocks are flat, so
/// each one is the difference from the previous block and an end code. Restart markers make rows independent, and
/// unchanged rows are not encoded again.
struct JPEGEncoder: Sendable {
    /// A Huffman table: the number of codes of each length, and their symbols.
    private struct CodeTable: Sendable {
        let counts: [UInt8]
        let symbols: [UInt8]

        /// The code of each symbol and its length, derived from `counts`.
        var codes: [(code: Int, length: Int)] {
            var codes = [(code: Int, length: Int)](repeating: (0, 0), count: 256)
            var code = 0
            var symbol = symbols.makeIterator()
            for (index, count) in counts.enumerated() {
                for _ in 0..<count {
                    guard let next = symbol.next() else { return codes }
                    codes[Int(next)] = (code, index + 1)
                    code += 1
                }
                code <<= 1
            }
            return codes
        }
    }

    private static let brightness = CodeTable(
        counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], symbols: Array(0...11))
    private static let colour = CodeTable(
        counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], symbols: Array(0...11))
    /// The table for AC coefficients, which contains only the end of a block.
    private static let end = CodeTable(counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], symbols: [0])

    private static let brightnessCodes = brightness.codes
    private static let colourCodes = colour.codes

    private var cache = RowCache()

    /// Returns the picture of a canvas; comment segments pad one that has less than `size` bytes.
    mutating func picture(of canvas: Canvas, atLeast size: Int = 0) -> [UInt8] {
        var scan: [UInt8] = []
        for (index, row) in cache.codes(of: canvas, { Self.code($1) }).enumerated() {
            // Restart markers between rows, numbered modulo 8.
            if index > 0 { scan += [0xFF, 0xD0 + UInt8((index - 1) % 8)] }
            scan += row
        }
        let head = Self.head(width: canvas.columns * 16, height: canvas.rows.count * 16, restart: canvas.columns)
        let padding = Self.comments(max(0, size - head.count - scan.count - Self.start.count - Self.jfif.count - 4))
        return [0xFF, 0xD8] + Self.jfif + padding + head + Self.start + scan + [0xFF, 0xD9]
    }

    /// The JFIF header, with which pictures of real cameras begin. Source: ITU-T T.871, 10.1.
    private static let jfif = segment(0xE0, Array("JFIF".utf8) + [0, 1, 2, 0, 0, 1, 0, 1, 0, 0])

    private static func segment(_ code: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xFF, code] + word(content.count + 2) + content
    }

    private static func comments(_ size: Int) -> [UInt8] {
        var left = size
        var bytes: [UInt8] = []
        while left > 4 {
            let part = min(left, 60_000)
            bytes += segment(0xFE, [UInt8](repeating: 0x20, count: part - 4))
            left -= part
        }
        return bytes
    }

    private static func head(width: Int, height: Int, restart: Int) -> [UInt8] {
        // The first coefficient of a flat block is eight times its mean; a step of 8 restores the mean.
        let quantization = segment(0xDB, [0] + [UInt8](repeating: 8, count: 64))
        let frame = segment(0xC0, [8] + word(height) + word(width) + [3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0])
        let places: [(UInt8, CodeTable)] = [(0x00, brightness), (0x10, end), (0x01, colour), (0x11, end)]
        let tables = places.flatMap { place, table in segment(0xC4, [place] + table.counts + table.symbols) }
        let application = segment(0xE0, Array("JFIF".utf8) + [0, 1, 1, 0, 0, 1, 0, 1, 0, 0])
        return Array([application, quantization, frame, tables, segment(0xDD, word(restart))].joined())
    }

    private static func word(_ number: Int) -> [UInt8] {
        [UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
    }

    private static let start = segment(0xDA, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0])

    /// Encodes the cells of a row; its first differences are relative to the middle value.
    private static func code(_ row: [Colour]) -> [UInt8] {
        var writer = BitWriter()
        var before = Colour.start
        for cell in row {
            block(cell.brightness - before.brightness, brightnessCodes, &writer)
            for _ in 0..<3 { block(0, brightnessCodes, &writer) }
            block(cell.blue - before.blue, colourCodes, &writer)
            block(cell.red - before.red, colourCodes, &writer)
            before = cell
        }
        writer.fill(with: 1)
        // A byte FF that is not part of a marker is followed by 0.
        return writer.bytes.flatMap { $0 == 0xFF ? [0xFF, 0x00] : [$0] }
    }

    /// Writes a block: the number of bits of the difference, the difference, and the end code.
    private static func block(_ difference: Int, _ codes: [(code: Int, length: Int)], _ writer: inout BitWriter) {
        let length = Int.bitWidth - Int(difference.magnitude).leadingZeroBitCount
        writer.bits(codes[length].code, codes[length].length)
        // A negative number is written as its ones' complement.
        if length > 0 { writer.bits(difference > 0 ? difference : difference - 1, length) }
        writer.bits(0, 1)
    }
}
