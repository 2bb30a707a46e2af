/// A password, access code or token. It prints as `<secret>`, wherever it is printed or interpolated.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The secret itself, for the one who sends it to whom it is for.
    package var revealed: String { text }

    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Compares every byte, however early the two differ.
    package static func == (left: Secret, right: Secret) -> Bool {
        let (left, right) = (Array(left.text.utf8), Array(right.text.utf8))
        var difference = left.count ^ right.count
        for (a, b) in zip(left, right) { difference |= Int(a ^ b) }
        return difference == 0
    }
}
