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

    /// `nil` where no printer is bound to an account.
    package var cloud: Cloud?

    /// The section `cloud`.
    package struct Cloud: Sendable {
        package var url: String
        package var brokerPort: UInt16
        /// An absolute path.
        package var tokenFile: String
        /// An absolute path.
        package var caFile: String

        package init(url: String, brokerPort: UInt16, tokenFile: String, caFile: String) {
            self.url = url
            self.brokerPort = brokerPort
            self.tokenFile = tokenFile
            self.caFile = caFile
        }
    }

    private static func section(_ cloud: Cloud) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("api_url", cloud.url)
            writer.field("mqtt_host", "127.0.0.1")
            writer.field("mqtt_port", Int(cloud.brokerPort))
            writer.field("token_file", cloud.tokenFile)
            writer.field("ca_file", cloud.caFile)
            writer.field("interval", "1m")
        }
        return "  cloud: \(String(decoding: writer.bytes, as: UTF8.self)),\n"
    }

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
                // Reached through the account alone.
                guard printer.port != 0 else { return }
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
        let account = cloud.map(Self.section) ?? ""
        return
            "// Written by bambu_simulator: printers that are not there.\n{\n  printers: [\n\(entries.joined())  ],\n\(account)}\n"
    }
}
