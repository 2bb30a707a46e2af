/// The content of a camera picture: name, state and progress of the printer, and the picture's number.
struct Scene: Sendable {
    /// The size in cells: 1280 by 720 pixels.
    static let columns = 80
    static let rows = 45

    var name: String
    var state: String
    var percent: Int
    var frame: Int

    var canvas: Canvas {
        var canvas = Canvas(columns: Self.columns, rows: Self.rows, .night)
        canvas.fill(column: 0, row: 0, width: 80, height: 1, .frame)
        canvas.fill(column: 0, row: 44, width: 80, height: 1, .frame)
        canvas.write(name, column: 2, row: 3, .text)
        canvas.write("\(state) \(percent)%", column: 2, row: 13, .green)
        canvas.write("FRAME \(frame % 1_000_000)", column: 2, row: 23, .dim)
        canvas.fill(column: 2, row: 36, width: 76, height: 5, .frame)
        canvas.fill(column: 2, row: 36, width: 76 * min(100, max(0, percent)) / 100, height: 5, .amber)
        return canvas
    }
}
