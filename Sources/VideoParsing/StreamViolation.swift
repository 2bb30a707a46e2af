/// Why bytes are not a camera's stream.
package struct StreamViolation: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
