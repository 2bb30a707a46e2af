/// A password, access code or token. It always prints as `<secret>`.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The secret in plain text. Only code that sends or stores it may use this.
    package var revealed: String { text }

    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Compares every byte, so that the time does not depend on the position of the first difference.
    package static func == (left: Secret, right: Secret) -> Bool {
        let (left, right) = (Array(left.text.utf8), Array(right.text.utf8))
        var difference = left.count ^ right.count
        for (a, b) in zip(left, right) { difference |= Int(a ^ b) }
        return difference == 0
    }
}
