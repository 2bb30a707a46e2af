/// A template for file names of pictures: `%t` is the time, `%p` the progress, `%%` a percent sign.
struct PictureName: Sendable, Equatable {
    private let template: String

    init(_ template: String) {
        self.template = template
    }

    var isStandardOutput: Bool { template == "-" }

    var hasPercent: Bool { parts.contains("p") }

    /// Whether pictures of different times or progress get different names.
    var isUniquePerPicture: Bool { parts.contains("t") || parts.contains("p") }

    /// The characters after percent signs.
    private var parts: [Character] {
        var found: [Character] = []
        _ = expand { letter in
            found.append(letter)
            return nil
        }
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
        return expand { ["t": time.filter { !"-:.".contains($0) }, "p": padded][$0] }
    }

    /// Replaces percent signs and the letters after them by their values. Unknown letters stay.
    private func expand(_ value: (_ letter: Character) -> String?) -> String {
        var text = ""
        var rest = template[...]
        while let character = rest.popFirst() {
            guard character == "%", let letter = rest.popFirst() else {
                text.append(character)
                continue
            }
            text += value(letter) ?? (letter == "%" ? "%" : "%\(letter)")
        }
        return text
    }
}
