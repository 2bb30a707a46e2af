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

        mutating func appendInterpolation(verbatim json: String) { text += json }

        mutating func appendInterpolation(_ number: some BinaryInteger) { text += String(number) }

        mutating func appendInterpolation(_ isTrue: Bool) { text += isTrue ? "true" : "false" }

        /// Writes a finite number; a whole number has no fraction.
        mutating func appendInterpolation(_ number: Double) {
            text += Int(exactly: number).map(String.init) ?? number.description
        }

        mutating func appendInterpolation(_ string: String) {
            let isPlain = string.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            text += "\"\(isPlain ? string : string.unicodeScalars.map(Self.escaped).joined())\""
        }

        private static func escaped(_ scalar: Unicode.Scalar) -> String {
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case ..<" ": (scalar.value < 16 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }

        /// Writes members or elements with commas between them, and without those that are "".
        mutating func appendInterpolation(_ parts: [JSONText]) {
            var separator = ""
            for part in parts where !part.description.isEmpty {
                text += separator
                text += part.description
                separator = ","
            }
        }

        mutating func appendInterpolation(_ numbers: [Int]) { appendInterpolation(numbers.map { "\($0)" }) }
    }
}
