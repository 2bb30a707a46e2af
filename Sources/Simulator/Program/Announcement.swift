/// The SSDP message with which a printer announces itself.
struct Announcement {
    let name: String
    let serial: String
    let model: PrinterModel

    /// A NOTIFY to 239.255.255.250, port 2021; `Location` is the bare address, as printers send it.
    var text: String {
        """
        NOTIFY * HTTP/1.1\r
        HOST: 239.255.255.250:1990\r
        Server: UPnP/1.0\r
        Location: 127.0.0.1\r
        NT: urn:bambulab-com:device:3dprinter:1\r
        USN: \(serial)\r
        Cache-Control: max-age=1800\r
        DevModel.bambu.com: \(model.facts.code)\r
        DevName.bambu.com: \(name)\r
        DevSignal.bambu.com: -45\r
        DevConnect.bambu.com: lan\r
        DevBind.bambu.com: free\r
        DevSecLink.bambu.com: secure\r
        DevInf.bambu.com: lo\r
        DevVersion.bambu.com: \(model.facts.firmware)\r
        DevCap.bambu.com: 1\r
        \r

        """
    }
}
