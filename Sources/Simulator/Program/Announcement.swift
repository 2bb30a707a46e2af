/// The SSDP message with which a printer announces itself.
struct Announcement {
    let name: String
    let serial: String
    let model: PrinterModel

    /// A NOTIFY to 239.255.255.250, port 2021; `Location` is only the address, as in messages of real printers.
    var text: String {
        String(decoding: PackageResources.announcement_txt, as: UTF8.self)
            .replacing("\n", with: "\r\n")
            .replacing("{serial}", with: serial)
            .replacing("{model}", with: model.facts.code)
            .replacing("{firmware}", with: model.facts.firmware)
            .replacing("{name}", with: name)
    }
}
