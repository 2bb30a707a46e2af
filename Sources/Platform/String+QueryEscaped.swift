extension String {
    /// The text as a value in the query of an address: every byte but letters, digits and `-._~` is a percent escape.
    package var queryEscaped: String {
        utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            let isPlain = character.isASCII && (character.isLetter || character.isNumber || "-._~".contains(character))
            if isPlain { return String(character) }
            return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
