/// A font of letters and digits with five by seven cells.
enum Glyphs {
    static let width = 5
    static let height = 7

    /// The rows of a character, with the leftmost cell in bit 4; blank if the font does not contain it.
    static func rows(of character: Character) -> [UInt8] {
        table[character] ?? [UInt8](repeating: 0, count: height)
    }

    /// The font as strips: a line with the characters, then the rows of their drawings.
    private static let table: [Character: [UInt8]] = {
        var table: [Character: [UInt8]] = [:]
        let lines = String(decoding: PackageResources.font_txt, as: UTF8.self).split(separator: "\n")
        for first in stride(from: 0, to: lines.count - height, by: height + 1) {
            let rows = lines[first + 1...first + height].map { $0.split(separator: " ") }
            for (index, character) in lines[first].enumerated() {
                table[character] = rows.map { row in row[index].reduce(0) { $0 << 1 | ($1 == "#" ? 1 : 0) } }
            }
        }
        return table
    }()
}
