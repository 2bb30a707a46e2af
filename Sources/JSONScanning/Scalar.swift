/// A JSON value that is read at once; of an object or array, only that it was one.
///
/// Printers write the same field as a number on one model and as a string on another; hence the conversions.
package enum Scalar {
    case null
    case bool(Bool)
    case number(Double)
    case string(Text)
    /// An object or array, which has been skipped.
    case container

    /// The number, also where it is written as a string or as true and false. Never infinite or NaN.
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

    /// The number without its fraction, where 64 bits hold it.
    package var integer: Int? {
        number.flatMap { Int(exactly: $0.rounded(.towardZero)) }
    }
}
