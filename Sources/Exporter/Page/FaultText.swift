import BambuProtocol

/// A health message or an error as HTML: its words, and its code as a link to the maker's wiki.
enum FaultText {
    /// The wiki's index of all codes. The page of one code is below a model or an accessory that its number does not tell.
    private static let wiki: Markup = "https://wiki.bambulab.com/en/hms/home"

    static func html(ofError code: UInt32, _ texts: FaultTexts?) -> Markup {
        html(PrintError.text(of: code), texts?.text(ofError: code) ?? "")
    }

    static func html(of message: HMSMessage, _ texts: FaultTexts?) -> Markup {
        let words = texts?.text(of: message) ?? ""
        return html(message.code, words.isEmpty ? "from its \(StatusText.words(of: message.module))" : words)
    }

    private static func html(_ code: String, _ words: String) -> Markup {
        let space = words.isEmpty ? "" : " "
        return "\(words)\(space)<a class=\"code\" href=\"\(wiki)\" rel=\"noreferrer\">\(code)</a>"
    }
}
