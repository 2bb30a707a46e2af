import FoundationEssentials

extension Configuration {
    /// The `fault_texts` section: the source of the texts of HMS and error codes.
    struct FaultTexts: ConfigurationObject, Equatable {
        var language = "en"
        var url = "https://e.bambulab.com/query.php"
        /// A catalogue to read instead of fetching one.
        var file: String?

        static let settings: [Setting<Self>] = [
            Setting("language", \.language, .language, "The language of the texts: two letters, or `zh-cn`."),
            Setting(
                "url", \.url, .url,
                "The URL of the manufacturer's catalogue. It is fetched once a week for each model."),
            Setting(
                "file", \.file,
                .text.checked { FileManager.default.isReadableFile(atPath: $0) ? nil : "cannot read \($0)" },
                "A file with a catalogue, instead of `url`. If set, no catalogue is fetched."),
        ]

        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            guard value["url"] != nil, value["file"] != nil else { return }
            reading.refuse("\(path).url", "url and file cannot be combined. Remove one of the two")
        }

        /// The scheme and host of the catalogue, without a trailing slash.
        var base: String { String(url[..<slash]) }
        var path: String { slash == url.endIndex ? "/" : String(url[slash...]) }

        /// The start of the path.
        private var slash: String.Index {
            let host = url.firstRange(of: "://")?.upperBound ?? url.startIndex
            return url[host...].firstIndex(of: "/") ?? url.endIndex
        }
    }
}

extension SettingKind where Value == String {
    /// A language code in lower case.
    fileprivate static var language: Self {
        Self("string", expected: "a language such as en, de or zh-cn") { value in
            value.text.map { $0.lowercased() }.flatMap { language in
                (1...8).contains(language.utf8.count)
                    && language.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 } ? language : nil
            }
        }.shown { "\"\($0)\"" }
    }
}
