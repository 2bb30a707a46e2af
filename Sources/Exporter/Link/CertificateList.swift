import TLS

/// The format of the file of known certificates.
///
/// Each line is `SERIAL SERVICE sha256:DIGEST`. The last line proves that the file is complete.
enum CertificateList {
    struct Damage: Error, Equatable {
        let line: Int
        let reason: String
    }

    private static let header =
        "# Known certificates by serial and service. Ends in \"# end\". `bambu_exporter forget` removes entries."
    private static let end = "# end"

    /// Parses fingerprints by serial and service, as in `text(of:)`.
    ///
    /// Files without the header come from earlier versions or were written by hand, and have no last line.
    static func parse(_ bytes: [UInt8]) throws(Damage) -> [String: Fingerprint] {
        guard !bytes.isEmpty else { throw Damage(line: 1, reason: "the file is empty") }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.removeLast().isEmpty else { throw Damage(line: lines.count + 1, reason: "the line is cut off") }
        var known: [String: Fingerprint] = [:]
        for (index, line) in lines.enumerated() {
            guard let (key, fingerprint) = try entry(line, number: index + 1) else { continue }
            guard known.updateValue(fingerprint, forKey: key) == nil else {
                throw Damage(line: index + 1, reason: "an earlier line has the same serial and service")
            }
        }
        if lines.first?.elementsEqual(header.utf8) == true, lines.last?.elementsEqual(end.utf8) != true {
            throw Damage(
                line: lines.count, reason: "the file is cut off after this line: its last line is not \"\(end)\"")
        }
        return known
    }

    /// Parses one line into key and fingerprint; `nil` for a comment.
    private static func entry(
        _ line: ArraySlice<UInt8>, number: Int
    ) throws(Damage) -> (key: String, fingerprint: Fingerprint)? {
        if line.last == UInt8(ascii: "\r") {
            throw Damage(line: number, reason: "the line ends in a carriage return; lines end in a line feed alone")
        }
        guard line.allSatisfy({ 0x20...0x7E ~= $0 }) else {
            throw Damage(line: number, reason: "the line has a character that is not printable ASCII")
        }
        if line.first == UInt8(ascii: "#") { return nil }
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 3, let fingerprint = Fingerprint(words[2]), PrinterService(rawValue: words[1]) != nil,
            SerialNumber.problem(in: words[0]) == nil
        else {
            throw Damage(line: number, reason: "expected a serial number, mqtt or camera, and a fingerprint")
        }
        return ("\(words[0]) \(words[1])", fingerprint)
    }

    /// The text that `parse` reads.
    static func text(of known: [String: Fingerprint]) -> String {
        ([header] + known.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" } + [end])
            .map { $0 + "\n" }.joined()
    }
}
