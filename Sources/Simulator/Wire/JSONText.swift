/// JSON, written as a literal that contains values, such as `{"name":\(name),"percent":\(percent)}`.
///
/// An interpolated string is quoted and escaped. Foundation's encoder would use most of a core for a thousand printers.
struct JSONText: Sendable, Equatable, CustomStringConvertible, ExpressibleByStringInterpolation {
    let description: String

    init(stringLiteral text: String) { description = text }

    /// Creates the text of a fixture, whose line breaks are left out.
    init(fixture bytes: some Collection<UInt8>) {
        description = String(decoding: bytes.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    init(stringInterpolation: StringInterpolation) { description = stringInterpolation.text }

    var bytes: [UInt8] { Array(description.utf8) }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 8 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ json: JSONText) { text += json.description }

        /// Writes text that is already JSON.
        mutating func appendInterpolation(verbatim json: String) { text += json }

        mutating func appendInterpolation(_ number: some BinaryInteger) { text += String(number) }

        mutating func appendInterpolation(_ isTrue: Bool) { text += isTrue ? "true" : "false" }

        /// Writes a finite number; a whole number has no fraction.
        mutating func appendInterpolation(_ number: Double) {
            text += Int(exactly: number).map(String.init) ?? number.description
        }

        mutating func appendInterpolation(_ string: String) {
            text += "\""
            for scalar in string.unicodeScalars {
                switch scalar {
                case "\"", "\\": text += "\\\(scalar)"
                case ..<" ": text += (scalar.value < 16 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
                default: text.unicodeScalars.append(scalar)
                }
            }
            text += "\""
        }

        /// Writes members or elements with commas between them, and without those that are "".
        mutating func appendInterpolation(_ parts: [JSONText]) {
            text += parts.lazy.map(\.description).filter { !$0.isEmpty }.joined(separator: ",")
        }

        mutating func appendInterpolation(_ numbers: [Int]) { appendInterpolation(numbers.map { "\($0)" }) }
    }
}
