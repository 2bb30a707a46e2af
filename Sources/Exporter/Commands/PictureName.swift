/// A template for file names of pictures: `%t` is the time, `%p` the progress, `%%` a percent sign.
struct PictureName: Sendable, Equatable {
    private let template: String

    init(_ template: String) {
        self.template = template
    }

    var isStandardOutput: Bool { template == "-" }

    var hasPercent: Bool { expanded(["p": ""]) != expanded([:]) }

    /// Whether pictures of different times or progress get different names.
    var isUniquePerPicture: Bool { expanded(["p": "", "t": ""]) != expanded([:]) }

    /// Expands the template. Unknown placeholders stay.
    ///
    /// - Parameters:
    ///   - time: such as `2026-11-25T14:22:33.044Z`; the name contains `20261125T142233044Z`, which has no colon and
    ///     sorts.
    ///   - percent: 0 to 100, written as three digits so that names sort; `nil` is written as "unknown".
    func text(time: String, percent: Double?) -> String {
        let digits = percent.map { String(Int(min(max($0, 0), 100))) }
        let padded = digits.map { String(repeating: "0", count: max(0, 3 - $0.count)) + $0 } ?? "unknown"
        return expanded(["t": time.filter { !"-:.".contains($0) }, "p": padded, "%": "%"])
    }

    /// Replaces the placeholders that have a value.
    private func expanded(_ values: [Character: String]) -> String {
        var characters = template[...]
        var text = ""
        while let character = characters.popFirst() {
            if character == "%", let kind = characters.popFirst() {
                text += values[kind] ?? "%\(kind)"
            } else {
                text.append(character)
            }
        }
        return text
    }
}
