/// The code of each row of a picture, which is kept while the row does not change.
struct RowCache: Sendable {
    private var rows: [[Colour]] = []
    private var codes: [[UInt8]] = []

    /// Returns the codes of all rows; `encode` is called with the index and the cells of each new one.
    mutating func codes(of canvas: Canvas, _ encode: (Int, [Colour]) -> [UInt8]) -> [[UInt8]] {
        if rows.count != canvas.rows.count {
            rows = Array(repeating: [], count: canvas.rows.count)
            codes = Array(repeating: [], count: canvas.rows.count)
        }
        for (index, row) in canvas.rows.enumerated() where rows[index] != row {
            rows[index] = row
            codes[index] = encode(index, row)
        }
        return codes
    }
}
