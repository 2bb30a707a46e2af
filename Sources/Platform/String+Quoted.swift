extension String {
    /// The text as a JSON string, which is also valid in JSON5 and logfmt.
    ///
    /// Display controls are escaped: a printer's name must not add log lines or colours.
    ///
    /// It works on scalars: a quote followed by a combining mark is one character, which is not equal to a quote.
    package var quoted: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.isDisplayControl:
                for unit in scalar.utf16 {
                    let digits = String(unit, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
