// Rules for the parsers of configuration, for any text: every key has a line, duplicate keys are reported exactly if
// there are any, no message and no printed configuration contains a secret, and
// loaded values are in range. Besides JSON5 files these are durations, fingerprints and known certificates.

import FoundationEssentials

@testable import Exporter
@testable import JSONScanning
@testable import Platform
@testable import TLS

/// The value that the corpus contains in place of passwords and access codes, with and without quotes.
private let secret = "73577357"

extension ConfigurationValue {
    /// Whether the value has no members and no elements.
    fileprivate var isScalar: Bool {
        switch self {
        case .object(let members): members.isEmpty
        case .array(let elements): elements.isEmpty
        default: true
        }
    }

    /// Every key and element by path, in the notation of `JSON5Document`.
    fileprivate func paths(at path: String = "") -> [(path: String, value: ConfigurationValue)] {
        switch self {
        case .object(let members):
            [(path, self)] + members.flatMap { $1.paths(at: path.isEmpty ? $0 : "\(path).\($0)") }
        case .array(let elements):
            [(path, self)] + elements.enumerated().flatMap { $1.paths(at: "\(path)[\($0)]") }
        default: [(path, self)]
        }
    }
}

/// The duplicate keys, if the text is plain JSON; otherwise `nil`.
private func duplicates(in text: String) -> [String]? {
    var found: [String] = []
    func walk(_ scanner: inout JSONScanner, at path: String) throws {
        switch try scanner.peek() {
        case .object:
            var keys: Set<String> = []
            try scanner.beginObject()
            while let key = try scanner.nextKey()?.decoded {
                let inner = path.isEmpty ? key : "\(path).\(key)"
                if !keys.insert(key).inserted { found.append(inner) }
                try walk(&scanner, at: inner)
            }
        case .array:
            var index = 0
            try scanner.beginArray()
            while try scanner.nextElement() {
                try walk(&scanner, at: "\(path)[\(index)]")
                index += 1
            }
        default: try scanner.skip()
        }
    }
    var text = text
    return text.withUTF8 { bytes in
        var scanner = JSONScanner(UnsafeRawBufferPointer(bytes))
        guard (try? walk(&scanner, at: "")) != nil, (try? scanner.end()) != nil else { return nil }
        return found
    }
}

/// Checks the messages about a text whose secrets are only where secrets are permitted.
private func checkSecrecy(of text: String, _ document: JSON5Document) {
    let tree = document.root
    let isElsewhere = tree.paths().contains { path, value in
        let isSecret =
            path.hasSuffix(".access_code") || path.hasSuffix(".password") || path.contains("basic_auth_users.")
        return path.contains(secret)
            || !isSecret && value.isScalar && containsSecret("\(value)")
    }
    // The tree has only one of two duplicate keys, and files whose names happen to be in the text are not opened here.
    let names = tree.paths().compactMap(\.value.text)
    guard !isElsewhere, document.duplicates.isEmpty, !names.contains(where: { $0.hasPrefix("/") || $0.contains("..") })
    else { return }
    var reading = ConfigurationReading(of: "f", document)
    var web = WebConfiguration()
    web.read(tree, at: "", &reading)
    for problem in reading.problems { check(!containsSecret("\(problem)"), "an error contains a secret: \(problem)") }
    do throws(ConfigurationError) {
        let configuration = try ConfigurationLoader(file: "f", environment: [:]).load(text)
        check(!containsSecret("\(configuration)"), "a configuration contains a secret: \(configuration)")
        checkRange(of: configuration)
    } catch {
        check(!containsSecret("\(error)"), "an error contains a secret: \(error)")
    }
}

private func containsSecret(_ text: String) -> Bool { text.contains(secret) }

private func checkRange(of configuration: Configuration) {
    for printer in configuration.printers {
        check(
            SerialNumber.problem(in: printer.serial) == nil,
            "an invalid serial number: \(printer.serial)")
        let interval = printer.camera.interval(for: printer.camera.cameraProtocol)
        check(printer.camera.window < interval, "a window that is not shorter than its interval")
        check(
            printer.camera.window >= .seconds(1) && interval >= .seconds(20),
            "a window or an interval that is too short")
        check(printer.host == nil || printer.accessCode != nil, "a printer without an access code")
        check(printer.trust.mode != .pin || printer.trust.fingerprint != nil, "a pin without a fingerprint")
    }
    check(Set(configuration.printers.map(\.serial)).count == configuration.printers.count, "a repeated serial number")
    check(Set(configuration.printers.map(\.name)).count == configuration.printers.count, "a repeated name")
    check(configuration.telemetry.staleAfter >= .seconds(2), "a staleness limit that is too short")
    check((0..<configuration.shard.count).contains(configuration.shard.index), "a shard out of range")
}

private func checkFile(_ text: String) {
    let document: JSON5Document
    do throws(JSON5Document.SyntaxError) {
        document = try JSON5Document(text)
    } catch {
        return check(!containsSecret(error.message), "a syntax error contains a secret: \(error.message)")
    }
    let (seen, kept) = (Set(document.lines.keys), Set(document.root.paths().map(\.path)))
    // The value has only one of two equal keys, and only the objects in that one.
    check(document.duplicates.isEmpty ? seen == kept : kept.isSubset(of: seen), "\(seen), but \(kept)")
    if let expected = duplicates(in: text) {
        check(document.duplicates.map(\.path) == expected, "\(expected) are duplicates, not \(document.duplicates)")
    }
    checkSecrecy(of: text, document)
}

private func checkValues(_ text: String) {
    if let duration = DurationText.parse(text) {
        check(duration >= .zero, "a negative duration")
        check(DurationText.parse(DurationText.text(of: duration)) == duration, "\(duration) is parsed differently")
    }
    if let fingerprint = Fingerprint(text) {
        check(Fingerprint("\(fingerprint)") == fingerprint, "\(fingerprint) is parsed differently")
    }
    if let known = try? CertificateList.parse(Array(text.utf8)) {
        let again = try? CertificateList.parse(Array(CertificateList.text(of: known).utf8))
        check(again == known, "certificates are parsed differently")
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    checkFile(text)
    checkValues(text)
    return 0
}
