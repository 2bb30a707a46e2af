/// The content of a camera picture: name, state and progress of the printer, and the picture's number.
struct Scene: Sendable {
    var name: String
    var state: String
    var percent: Int
    /// The sequence number of the picture.
    var frame: Int

    /// The scene as 80 by 45 cells, which is 1280 by 720 pixels.
    var canvas: Canvas {
        var canvas = Canvas(columns: 80, rows: 45, .night)
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
