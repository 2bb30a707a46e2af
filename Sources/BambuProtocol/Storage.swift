/// The state of a printer's card or stick, in the order of the numbers on the wire. Source: Bambu Studio
/// DevStorage.cpp.
package enum Storage: String, CaseIterable, Sendable {
    case absent, normal, abnormal
    case readOnly = "read_only"

    /// Reads the two lowest bits.
    init(bits: UInt64) { self = Self.allCases[Int(bits & 3)] }
}
