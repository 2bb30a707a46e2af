/// Validates serial numbers.
enum SerialNumber {
    /// Returns what is wrong with a serial number; `nil` if it is valid.
    ///
    /// It becomes part of an MQTT topic, so wildcards and separators are rejected.
    static func problem(in serial: String) -> String? {
        serial.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"+#/".utf8.contains($0) }
            && (1...64).contains(serial.utf8.count)
            ? nil : "expected a serial number of letters and digits"
    }
}
