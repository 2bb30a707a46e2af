extension Unicode.Scalar {
    /// Whether a terminal or a browser obeys it instead of showing it: it ends a line, moves the cursor, or turns the order of what
    /// stands beside it. Joiners, which some scripts cannot do without, are none of these.
    var isDisplayControl: Bool {
        // Most of what is written, without a look into tables.
        if isASCII { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: !["\u{200C}", "\u{200D}"].contains(self)
        default: false
        }
    }
}
