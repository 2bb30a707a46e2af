/// The SSDP message in which a printer says that it is there.
package struct Announcement: Sendable {
    package let name: String
    package let serial: String
    package let model: PrinterModel

    package init(name: String, serial: String, model: PrinterModel) {
        self.name = name
        self.serial = serial
        self.model = model
    }

    /// A NOTIFY to 239.255.255.250, port 2021; `Location` is the bare address, as printers send it.
    package var text: String {
        let lines = [
            "NOTIFY * HTTP/1.1",
            "HOST: 239.255.255.250:1990",
            "Server: UPnP/1.0",
            "Location: 127.0.0.1",
            "NT: urn:bambulab-com:device:3dprinter:1",
            "USN: \(serial)",
            "Cache-Control: max-age=1800",
            "DevModel.bambu.com: \(model.facts.code)",
            "DevName.bambu.com: \(name)",
            "DevSignal.bambu.com: -45",
            "DevConnect.bambu.com: lan",
            "DevBind.bambu.com: free",
            "DevSecLink.bambu.com: secure",
            "DevInf.bambu.com: lo",
            "DevVersion.bambu.com: \(model.facts.firmware)",
            "DevCap.bambu.com: 1",
        ]
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}
