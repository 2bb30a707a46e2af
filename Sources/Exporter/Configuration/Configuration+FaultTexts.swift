import Glibc
import Platform

extension Configuration {
    /// The `fault_texts` section: the source of the texts of HMS and error codes.
    struct FaultTexts: ConfigurationObject, Equatable {
        var language = "en"
        var url = "https://e.bambulab.com/query.php"
        var file: String?

        static let settings: [Setting<Self>] = [
            Setting("language", \.language, .language, "The language of the texts: two letters, or `zh-cn`."),
            Setting(
                "url", \.url, .url,
                "The URL of the manufacturer's catalogue. It is fetched once a week for each model."),
            Setting(
                "file", \.file,
                .text.checked { access($0, R_OK) == 0 ? nil : "cannot read \($0)" },
                "A file with a catalogue, instead of `url`. If set, no catalogue is fetched."),
        ]

        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            guard value["url"] != nil, value["file"] != nil else { return }
            reading.refuse("\(path).url", "url and file cannot be combined. Remove one of the two")
        }
    }
}

extension SettingKind where Value == String {
    /// A language code in lower case.
    fileprivate static var language: Self {
        Self("string", expected: "a language such as en, de or zh-cn") { value in
            value.text.map { $0.lowercased() }.flatMap { Pattern("[a-z-]{1,8}").matches($0) ? $0 : nil }
        }.shown { "\"\($0)\"" }
    }
}
