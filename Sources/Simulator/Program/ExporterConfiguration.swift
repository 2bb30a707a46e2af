/// A configuration of `bambu_exporter` for a fleet, in JSON5.
struct ExporterConfiguration {
    struct Printer {
        var name: String
        var serial: String
        /// The port; 0 if the printer is reachable only through the account.
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
    var caFile: String
    /// The cloud; `nil` if no printer is bound to an account.
    var cloud: Cloud?

    var text: String {
        let entries = printers.map { "    \(entry($0)),\n" }.joined()
        let account = cloud.map { "  cloud: \(Self.section($0)),\n" } ?? ""
        return
            "// Written by bambu_simulator for simulated printers.\n{\n  printers: [\n\(entries)  ],\n\(account)}\n"
    }

    private func entry(_ printer: Printer) -> JSONText {
        let identity: JSONText = #""name":\#(printer.name),"serial":\#(printer.serial)"#
        guard printer.port != 0 else { return "{\(identity)}" }
        // Frequent probes for a demonstration; the window is long enough for a P1, which sends a frame every two
        // seconds.
        return """
            {\(identity),"host":"127.0.0.1","mqtt_port":\(printer.port),"access_code":\(printer.accessCode),\
            "camera":{"port":\(printer.cameraPort),"interval":"20s","window":"7s"},\
            "tls":{"verify":"ca","ca_file":\(caFile)}}
            """
    }

    private static func section(_ cloud: Cloud) -> JSONText {
        """
        {"api_url":\(cloud.url),"mqtt_host":"127.0.0.1","mqtt_port":\(cloud.brokerPort),\
        "token_file":\(cloud.tokenFile),"ca_file":\(cloud.caFile),"interval":"1m"}
        """
    }
}
