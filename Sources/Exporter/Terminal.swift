extension Unicode.Scalar {
    /// Whether a terminal obeys it instead of showing it: it ends a line, moves the cursor, or turns the order of what
    /// stands beside it. Joiners, which some scripts cannot do without, are none of these.
    var isObeyed: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: !["\u{200C}", "\u{200D}"].contains(self)
        default: false
        }
    }
}
