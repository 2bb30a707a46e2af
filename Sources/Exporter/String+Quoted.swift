extension String {
    /// The text as a string of JSON, which JSON5 and logfmt read too. What a terminal obeys is escaped: a name must not be
    /// able to write lines or colours of its own.
    ///
    /// Scalar by scalar: a quote and the mark that combines with it are one character, which is not equal to a quote.
    var quoted: String {
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
