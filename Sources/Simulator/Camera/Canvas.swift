/// A picture of cells, each of one colour and 16 by 16 pixels.
///
/// A cell is one coding unit in both JPEG and H.264. A unit of one colour has no detail, so no DCT is computed.
struct Canvas: Sendable {
    let columns: Int
    private(set) var rows: [[Colour]]

    init(columns: Int, rows: Int, _ colour: Colour) {
        self.columns = columns
        self.rows = Array(repeating: Array(repeating: colour, count: columns), count: rows)
    }

    /// Fills a rectangle, clipped to the canvas.
    mutating func fill(column: Int, row: Int, width: Int, height: Int, _ colour: Colour) {
        for line in max(0, row)..<max(0, min(rows.count, row + height)) {
            for cell in max(0, column)..<max(0, min(columns, column + width)) { rows[line][cell] = colour }
        }
    }

    /// Writes a line of text, clipped to the canvas.
    mutating func write(_ text: String, column: Int, row: Int, _ colour: Colour) {
        for (index, character) in text.uppercased().enumerated() {
            let start = column + index * (Glyphs.width + 1)
            guard start + Glyphs.width <= columns else { return }
            for (line, bits) in Glyphs.rows(of: character).enumerated() {
                for cell in 0..<Glyphs.width where bits >> (Glyphs.width - 1 - cell) & 1 == 1 {
                    fill(column: start + cell, row: row + line, width: 1, height: 1, colour)
                }
            }
        }
    }
}
