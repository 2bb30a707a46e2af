// What must hold of the readers of configuration for any text: the outline and Foundation's decoder see the same keys, a
// key that is given twice is told exactly where there is one, no error and no configuration has a secret in its words,
// and what is loaded is in range. Beside files of JSON5 these are durations, fingerprints and known certificates.

import FoundationEssentials

@testable import Exporter
@testable import JSONScanning
@testable import Reactor

/// What the corpus has in the place of passwords and access codes, with and without quotes.
private let secret = "73577357"

extension ConfigurationValue {
    /// Every key and element, by path, as the outline names them.
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

/// The keys that are given twice, where the text is plain JSON; `nil` where it is none.
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

/// Checks what is said of a text whose secrets stand where secrets may stand.
private func checkSecrecy(of text: String, _ tree: ConfigurationValue, _ outline: JSON5Outline) {
    let isElsewhere = tree.paths().contains { path, value in
        let isSecret =
            path.hasSuffix(".access_code") || path.hasSuffix(".password") || path.contains("basic_auth_users.")
        return path.contains(secret) || !isSecret && value.elements.isEmpty && value.members.isEmpty && says("\(value)")
    }
    // Two of one key leave one in the tree, and files are not opened here that a text happens to name.
    let names = tree.paths().compactMap(\.value.text)
    guard !isElsewhere, outline.duplicates.isEmpty, !names.contains(where: { $0.hasPrefix("/") || $0.contains("..") })
    else { return }
    for (path, message) in Setting.problems(in: tree, WebConfiguration.settings) {
        check(!says(path + message), "an error tells a secret: \(path): \(message)")
    }
    do throws(ConfigurationError) {
        let configuration = try ConfigurationLoader(file: "f", environment: [:]).load(text)
        check(!says("\(configuration)"), "a configuration tells a secret: \(configuration)")
        checkRange(of: configuration)
    } catch {
        check(!says("\(error)"), "an error tells a secret: \(error)")
    }
}

private func says(_ text: String) -> Bool { text.contains(secret) }

private func checkRange(of configuration: Configuration) {
    for printer in configuration.printers {
        check(ConfigurationLoader.problem(withSerial: printer.serial) == nil, "no serial number: \(printer.serial)")
        check(printer.camera.window < printer.camera.interval, "a window that does not fit")
        check(printer.camera.window >= .seconds(1) && printer.camera.interval >= .seconds(20), "too short")
        check(printer.host == nil || printer.accessCode != nil, "a printer without an access code")
        check(printer.trust.mode != .pin || printer.trust.fingerprint != nil, "a pin without a fingerprint")
    }
    check(Set(configuration.printers.map(\.serial)).count == configuration.printers.count, "a serial number twice")
    check(Set(configuration.printers.map(\.name)).count == configuration.printers.count, "a name twice")
    check(configuration.telemetry.staleAfter >= .seconds(2), "stale too soon")
    check((0..<configuration.shard.count).contains(configuration.shard.index), "a shard out of range")
}

private func readFile(_ text: String) {
    let outline: JSON5Outline
    do throws(JSON5Outline.SyntaxError) {
        outline = try JSON5Outline(text)
    } catch {
        return check(!says(error.message), "an error of syntax tells a secret: \(error.message)")
    }
    guard let tree = try? outline.tree() else { return }
    // An escape in a key is the decoder's business.
    if !text.contains("\\") {
        let (seen, decoded) = (Set(outline.lines.keys), Set(tree.paths().map(\.path)))
        // Of two equal keys the decoder keeps one, and with it one of the objects below.
        check(outline.duplicates.isEmpty ? seen == decoded : decoded.isSubset(of: seen), "\(seen), but \(decoded)")
        if let expected = duplicates(in: text) {
            check(outline.duplicates.map(\.path) == expected, "\(expected) are given twice, not \(outline.duplicates)")
        }
    }
    checkSecrecy(of: text, tree, outline)
}

private func readWords(_ text: String) {
    if let duration = DurationText.parse(text) {
        check(duration >= .zero, "a duration below zero")
        check(DurationText.parse(DurationText.text(of: duration)) == duration, "\(duration) is read otherwise")
    }
    if let fingerprint = Fingerprint(text) {
        check(Fingerprint("\(fingerprint)") == fingerprint, "\(fingerprint) is read otherwise")
    }
    if let known = try? CertificateList.parse(Array(text.utf8)) {
        let again = try? CertificateList.parse(Array(CertificateList.text(of: known).utf8))
        check(again == known, "certificates are read otherwise")
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    readFile(text)
    readWords(text)
    return 0
}
