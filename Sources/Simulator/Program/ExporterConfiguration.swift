/// A configuration of `bambu_exporter` for a fleet, in JSON5.
struct ExporterConfiguration {
    /// One entry of `printers`.
    struct Printer {
        var name: String
        var serial: String
        /// 0 if it is reached through the account alone.
        var port: UInt16
        var cameraPort: UInt16
        var accessCode: String
    }

    /// The section `cloud`; its paths are absolute.
    struct Cloud {
        var url: String
        var brokerPort: UInt16
        var tokenFile: String
        var caFile: String
    }

    var printers: [Printer]
    /// An absolute path.
    var caFile: String
    /// `nil` if no printer is bound to an account.
    var cloud: Cloud?

    var text: String {
        let entries = printers.map { "    \(entry($0)),\n" }.joined()
        let account = cloud.map { "  cloud: \(Self.section($0)),\n" } ?? ""
        return
            "// Written by bambu_simulator: printers that are not there.\n{\n  printers: [\n\(entries)  ],\n\(account)}\n"
    }

    private func entry(_ printer: Printer) -> String {
        JSONWriter.object { writer in
            writer.field("name", printer.name)
            writer.field("serial", printer.serial)
            guard printer.port != 0 else { return }
            writer.field("host", "127.0.0.1")
            writer.field("mqtt_port", Int(printer.port))
            writer.field("access_code", printer.accessCode)
            writer.object("camera") { writer in
                writer.field("port", Int(printer.cameraPort))
                // Often, so that there is something to see; a P1's picture every two seconds fits into the window.
                writer.members(#""interval":"20s","window":"7s""#)
            }
            writer.object("tls") { writer in
                writer.field("verify", "ca")
                writer.field("ca_file", caFile)
            }
        }
    }

    private static func section(_ cloud: Cloud) -> String {
        JSONWriter.object { writer in
            writer.field("api_url", cloud.url)
            writer.field("mqtt_host", "127.0.0.1")
            writer.field("mqtt_port", Int(cloud.brokerPort))
            writer.field("token_file", cloud.tokenFile)
            writer.field("ca_file", cloud.caFile)
            writer.field("interval", "1m")
        }
    }
}
