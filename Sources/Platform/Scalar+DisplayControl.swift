extension Unicode.Scalar {
    /// Whether the scalar is a control, separator or bidi-override character.
    ///
    /// A terminal or browser interprets it instead of showing it. Joiners, which some scripts need, are excluded.
    package var isDisplayControl: Bool {
        // Most text is ASCII, which needs no table lookup.
        if isASCII { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: !["\u{200C}", "\u{200D}"].contains(self)
        default: false
        }
    }
}
