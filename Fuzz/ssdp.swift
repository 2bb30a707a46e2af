// Rules for the parser of SSDP announcements, for any packet: its values are printable and short, and the entry that
// `discover` writes is a valid configuration of that printer, for any printer name.

@testable import Exporter

private func checkPrintable(_ text: String) {
    check(text.unicodeScalars.count <= 128, "a text that is too long")
    let forbidden: [Unicode.GeneralCategory] = [.control, .lineSeparator, .paragraphSeparator, .format]
    for scalar in text.unicodeScalars where !(0x200C...0x200D).contains(scalar.value) {
        check(!forbidden.contains(scalar.properties.generalCategory), "control character U+\(scalar.value)")
    }
}

private func isSame(_ left: String?, _ right: String) -> Bool {
    // Compare scalars: strings with different normalization are equal.
    left.map { $0.unicodeScalars.elementsEqual(right.unicodeScalars) } ?? false
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let packet = Array(UnsafeRawBufferPointer(start: start, count: count))
    guard let printer = Announcement(packet, from: "192.0.2.1") else { return 0 }
    for text in [printer.serial, printer.host, printer.name, printer.model, printer.firmware] { checkPrintable(text) }
    check(!printer.serial.isEmpty && !printer.host.isEmpty, "a printer without a serial number or an address")

    let text = "{\n  printers: [\n\(printer.configuration)\n  ],\n}\n"
    let document = try? JSON5Document(text)
    check(document?.duplicates.isEmpty == true, "\(text) is not valid JSON5")
    guard case .array(let entries)? = document?.root["printers"] else { fatalError("\(text) has no list") }
    let entry = entries.first
    guard case .object(let members)? = entry else { fatalError("\(text) has no entry") }
    check(members.count == 4, "the entry has more keys than were written")
    check(isSame(entry?["serial"]?.text, printer.serial), "another serial number in \(text)")
    check(isSame(entry?["host"]?.text, printer.host), "another host in \(text)")
    check(isSame(entry?["name"]?.text, printer.name.isEmpty ? printer.serial : printer.name), "another name in \(text)")
    return 0
}
