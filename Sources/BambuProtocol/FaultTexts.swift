import JSONScanning

/// Texts of health messages and errors from the manufacturer's public catalogue.
///
/// Wire: the response to `query.php?lang=en`, with codes as hexadecimal strings and their texts in `data.device_hms`
/// and `data.device_error`, below the language. An entry without a text is an internal code, which neither the screen
/// nor the apps show.
package struct FaultTexts: Sendable, Equatable {
    /// The maximum size of a response in bytes. The English one for all models has 880 kB.
    package static let sizeLimit = 8 << 20
    /// The maximum number of entries of a list. The longest list has 5000.
    private static let entryLimit = 20_000

    /// The time when the catalogue was made, such as 202609231145; `nil` if the response does not contain it.
    package private(set) var version: UInt64?
    private var messages: [UInt64: String] = [:]
    private var errors: [UInt64: String] = [:]
    /// Whether any health message has a text.
    fileprivate private(set) var describesMessages = false
    /// Whether the catalogues of all models in use are merged into this one. If one is missing, a message without a
    /// text may be one of that model.
    package var isComplete = true

    /// Creates an empty catalogue.
    package init() {}

    /// The result of a request to the catalogue.
    package enum Answer: Sendable, Equatable {
        case texts(FaultTexts)
        /// There is no version newer than the one in the request.
        case unchanged
        /// The response is a refusal, or has another shape.
        case unusable
    }

    /// Reads a response.
    ///
    /// - Parameter language: the language of the request, such as `en` or `zh-cn`. The lists may use capitals or a
    ///   shorter form.
    package static func read(_ body: [UInt8], language: String) -> Answer {
        guard body.count <= sizeLimit else { return .unusable }
        return body.withUnsafeBytes { bytes in
            var reader = FieldReader(bytes)
            var reading = Reading(language: language.lowercased())
            guard (try? fields.read(&reader, into: &reading)) != nil, (try? reader.scanner.end()) != nil
            else { return .unusable }
            if reading.result == 201 { return .unchanged }
            let texts = reading.texts
            return reading.result == 0 && texts.hasTexts ? .texts(texts) : .unusable
        }
    }

    /// Whether any code has a text. The lists of some languages have all codes without a text.
    private var hasTexts: Bool { describesMessages || errors.values.contains { !$0.isEmpty } }

    /// Merges another catalogue, such as that of a model. If a code has two texts, the longer one is kept.
    package mutating func merge(_ other: FaultTexts) {
        describesMessages = describesMessages || other.describesMessages
        messages.merge(other.messages) { $0.utf8.count < $1.utf8.count ? $1 : $0 }
        errors.merge(other.errors) { $0.utf8.count < $1.utf8.count ? $1 : $0 }
        version = max(version ?? 0, other.version ?? 0)
    }

    /// The text of a health message; "" if the catalogue has none.
    package func text(of message: HMSMessage) -> String { messages[message.key] ?? "" }

    /// The text of `print_error`; "" if the catalogue has none.
    package func text(ofError code: UInt32) -> String { errors[UInt64(code)] ?? "" }

    private struct Reading {
        let language: String
        var texts = FaultTexts()
        var result: Int?
    }

    private static let fields = FieldTable<Reading>([
        Field("result") { try $0.integer(in: 0...1_000_000, into: &$1.result) },
        Field("ver") { reader, reading in
            var version: Int?
            try reader.integer(in: 0...1 << 52, into: &version)
            reading.texts.version = version.map { UInt64($0) }
        },
        Field("data") { try dataFields.read(&$0, into: &$1) },
    ])

    private static let dataFields = FieldTable<Reading>([
        Field("device_hms") { reader, reading in
            try readList(&reader, of: reading.language, into: &reading.texts.messages)
            reading.texts.describesMessages = reading.texts.messages.values.contains { !$0.isEmpty }
        },
        Field("device_error") { try readList(&$0, of: $1.language, into: &$1.texts.errors) },
    ])

    private static func readList(
        _ reader: inout FieldReader, of language: String, into texts: inout [UInt64: String]
    ) throws {
        try reader.object { reader, key in
            let name = key.decoded.lowercased()
            guard name.count >= 2, name.hasPrefix(language) || language.hasPrefix(name) else {
                return try reader.scanner.skip()
            }
            try reader.array { reader in
                var entry = Entry()
                try entryFields.read(&reader, into: &entry)
                guard let code = entry.code, texts.count < entryLimit else { return }
                if (texts[code] ?? "").utf8.count <= entry.text.utf8.count { texts[code] = entry.text }
            }
        }
    }

    /// One element of a list.
    private struct Entry {
        var code: UInt64?
        var text = ""
    }

    private static let entryFields = FieldTable<Entry>([
        Field("ecode") { try $0.hexadecimal(into: &$1.code) },
        Field("intro") { reader, entry in
            try reader.text(into: &entry.text)
            entry.text = entry.text.trimmed
        },
    ])
}

extension HMSMessage {
    /// The level. It is `hidden` also if a complete catalogue has texts of messages, but none of this one.
    package func level(by texts: FaultTexts?) -> Level {
        guard let texts, texts.isComplete, texts.describesMessages else { return level }
        return texts.text(of: self).isEmpty ? .hidden : level
    }
}

extension String {
    /// The string without white space at both ends.
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
