/// A source line of this program, for messages about what it was doing.
package struct CodePlace: Sendable, CustomStringConvertible {
    private let file: StaticString
    private let line: UInt

    package init(file: StaticString = #fileID, line: UInt = #line) {
        self.file = file
        self.line = line
    }

    /// Module, file and line, such as `MQTT/Connection.swift:120`.
    package var description: String { "\(file):\(line)" }
}
