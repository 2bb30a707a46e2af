/// A JSON value without the members of an object or array.
///
/// Printers send the same field as a number on one model and as a string on another, so the values are converted.
package enum Scalar {
    case null
    case bool(Bool)
    case number(Double)
    case string(Text)
    /// An object or array, which was skipped.
    case container

    /// The number, which may be written as a string or as true and false; `nil` if there is no number, or if it is
    /// infinite or NaN.
    package var number: Double? {
        let number: Double? =
            switch self {
            case .number(let number): number
            case .string(let text): text.number
            case .bool(let flag): flag ? 1 : 0
            case .null, .container: nil
            }
        guard let number, number.isFinite else { return nil }
        return number
    }

    /// The number without its fraction; `nil` if 64 bits cannot hold it.
    package var integer: Int? {
        number.flatMap { Int(exactly: $0.rounded(.towardZero)) }
    }
}
