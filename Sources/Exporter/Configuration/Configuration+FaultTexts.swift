import FoundationEssentials

extension Configuration {
    /// Where the texts of HMS and error codes come from.
    struct FaultTexts: ConfigurationObject, Equatable {
        var language = "en"
        var url = "https://e.bambulab.com/query.php"
        /// Read instead of fetching.
        var file: String?

        static let settings: [Setting<Self>] = [
            Setting("language", \.language, .language, "The language of the texts: two letters, or `zh-cn`."),
            Setting("url", \.url, .url, "The address of the maker's catalogue. Fetched once a week for each model."),
            Setting(
                "file", \.file,
                .text.checked { FileManager.default.isReadableFile(atPath: $0) ? nil : "cannot read \($0)" },
                "A catalogue as a file, instead of `url`. Nothing is fetched then."),
        ]

        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            guard value["url"] != nil, value["file"] != nil else { return }
            reading.refuse("\(path).url", "give url or file, not both")
        }

        /// Scheme and host of the catalogue, without a slash at the end.
        var base: String { String(url[..<slash]) }
        var path: String { slash == url.endIndex ? "/" : String(url[slash...]) }

        /// Where the path begins.
        private var slash: String.Index {
            let host = url.firstRange(of: "://")?.upperBound ?? url.startIndex
            return url[host...].firstIndex(of: "/") ?? url.endIndex
        }
    }
}

extension SettingKind where Value == String {
    /// A language in lower case.
    fileprivate static var language: Self {
        let expected = "a language such as en, de or zh-cn"
        var kind = Self("text", expected: expected) { value in
            value.text.map { $0.lowercased() }.flatMap { language in
                (1...8).contains(language.utf8.count)
                    && language.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 } ? language : nil
            }
        }
        kind.written = { "\"\($0)\"" }
        return kind
    }
}
