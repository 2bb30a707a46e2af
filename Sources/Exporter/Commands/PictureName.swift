/// The name of the file that a picture goes to: `%t` is the time, `%p` how far the print is, `%%` a percent sign.
struct PictureName: Sendable, Equatable {
    private let template: String

    init(_ template: String) {
        self.template = template
    }

    /// Whether pictures go to standard output instead of a file.
    var isStandardOutput: Bool { template == "-" }

    /// Whether the name says how far the print is.
    var hasPercent: Bool { parts.contains("p") }

    /// Whether pictures of other moments get other names.
    var tellsPicturesApart: Bool { parts.contains("t") || parts.contains("p") }

    /// The characters behind percent signs.
    private var parts: [Character] {
        var found: [Character] = []
        _ = expand { found.append($0) }
        return found
    }

    /// The name for a picture.
    ///
    /// - Parameters:
    ///   - time: as `2026-11-25T14:22:33.044Z`; in the name it is `20261125T142233044Z`, which has no colon and sorts.
    ///   - percent: 0 to 100, as three digits so that it sorts; "unknown" where it is not known.
    func text(time: String, percent: Double?) -> String {
        let digits = percent.map { String(Int(min(max($0, 0), 100))) }
        let padded = digits.map { String(repeating: "0", count: max(0, 3 - $0.count)) + $0 } ?? "unknown"
        return expand { _ in }
            .replacing("\u{0}t", with: time.filter { !"-:.".contains($0) })
            .replacing("\u{0}p", with: padded)
    }

    /// Puts a mark, which no name of a file can have, in place of the percent signs that mean something.
    private func expand(_ note: (Character) -> Void) -> String {
        var text = ""
        var isMarked = false
        for character in template {
            if isMarked {
                isMarked = false
                note(character)
                text +=
                    character == "t" || character == "p"
                    ? "\u{0}\(character)" : character == "%" ? "%" : "%\(character)"
            } else if character == "%" {
                isMarked = true
            } else {
                text.append(character)
            }
        }
        return isMarked ? text + "%" : text
    }
}
