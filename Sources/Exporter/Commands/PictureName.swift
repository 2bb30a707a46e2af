/// A template for file names of pictures: `%t` is the time, `%p` the progress, `%%` a percent sign.
struct PictureName: Sendable, Equatable {
    private let template: String

    init(_ template: String) {
        self.template = template
    }

    /// Whether pictures go to standard output instead of a file.
    var isStandardOutput: Bool { template == "-" }

    /// Whether the name contains the progress.
    var hasPercent: Bool { parts.contains("p") }

    /// Whether pictures of different times or progress get different names.
    var isUniquePerPicture: Bool { parts.contains("t") || parts.contains("p") }

    /// The characters after percent signs.
    private var parts: [Character] {
        var found: [Character] = []
        _ = expand { found.append($0) }
        return found
    }

    /// Expands the template.
    ///
    /// - Parameters:
    ///   - time: such as `2026-11-25T14:22:33.044Z`; the name contains `20261125T142233044Z`, which has no colon and
    ///     sorts.
    ///   - percent: 0 to 100, written as three digits so that names sort; `nil` is written as "unknown".
    func text(time: String, percent: Double?) -> String {
        let digits = percent.map { String(Int(min(max($0, 0), 100))) }
        let padded = digits.map { String(repeating: "0", count: max(0, 3 - $0.count)) + $0 } ?? "unknown"
        return expand { _ in }
            .replacing("\u{0}t", with: time.filter { !"-:.".contains($0) })
            .replacing("\u{0}p", with: padded)
    }

    /// Replaces placeholders by a NUL, which no file name can contain, and the placeholder's letter.
    private func expand(_ onPlaceholder: (Character) -> Void) -> String {
        var text = ""
        var isMarked = false
        for character in template {
            if isMarked {
                isMarked = false
                onPlaceholder(character)
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
