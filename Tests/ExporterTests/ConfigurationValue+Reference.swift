import Foundation

@testable import Exporter

extension ConfigurationValue {
    /// The value that Foundation's decoder finds in a text; `nil` if it rejects the text.
    init?(decodedByFoundation text: String) {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        // The line feed avoids a trap of the decoder: a number whose dot is the last character, which is valid JSON5.
        guard let decoded = try? decoder.decode(Decoded.self, from: Data((text + "\n").utf8)) else { return nil }
        self = decoded.value
    }

    var members: [String: ConfigurationValue] {
        if case .object(let members) = self { members } else { [:] }
    }
}

private struct Decoded: Decodable {
    let value: ConfigurationValue

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            value = .object(
                try Dictionary(
                    uniqueKeysWithValues: object.allKeys.map {
                        ($0.stringValue, try object.decode(Self.self, forKey: $0).value)
                    }))
        } else if var array = try? decoder.unkeyedContainer() {
            var elements: [ConfigurationValue] = []
            while !array.isAtEnd { elements.append(try array.decode(Self.self).value) }
            value = .array(elements)
        } else {
            let scalar = try decoder.singleValueContainer()
            if scalar.decodeNil() {
                value = .null
            } else if let flag = try? scalar.decode(Bool.self) {
                value = .flag(flag)
            } else if let number = try? scalar.decode(Double.self) {
                value = .number(number)
            } else {
                value = .text(try scalar.decode(String.self))
            }
        }
    }
}
