/// A configuration of `bambu_exporter` for a fleet, in JSON5.
package struct ExporterConfiguration: Sendable {
    /// One entry of `printers`.
    package struct Printer: Sendable {
        package var name: String
        package var serial: String
        package var port: UInt16
        package var cameraPort: UInt16
        package var accessCode: String

        package init(name: String, serial: String, port: UInt16, cameraPort: UInt16, accessCode: String) {
            self.name = name
            self.serial = serial
            self.port = port
            self.cameraPort = cameraPort
            self.accessCode = accessCode
        }
    }

    package var printers: [Printer]
    /// An absolute path.
    package var caFile: String

    package init(printers: [Printer], caFile: String) {
        self.printers = printers
        self.caFile = caFile
    }

    package var text: String {
        let entries = printers.map { printer in
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("name", printer.name)
                writer.field("serial", printer.serial)
                writer.field("host", "127.0.0.1")
                writer.field("mqtt_port", Int(printer.port))
                writer.field("access_code", printer.accessCode)
                writer.object("camera") { writer in
                    writer.field("port", Int(printer.cameraPort))
                    // Often, so that there is something to see; the window has room for a P1's picture every two seconds.
                    writer.field("interval", "20s")
                    writer.field("window", "7s")
                }
                writer.object("tls") { writer in
                    writer.field("verify", "ca")
                    writer.field("ca_file", caFile)
                }
            }
            return "    \(String(decoding: writer.bytes, as: UTF8.self)),\n"
        }
        return
            "// Written by bambu_simulator: printers that are not there.\n{\n  printers: [\n\(entries.joined())  ],\n}\n"
    }
}
