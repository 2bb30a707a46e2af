extension SimulatedFleet {
    /// Returns a configuration of `bambu_exporter` for this fleet, in JSON5.
    func exporterConfiguration() throws -> String {
        let entries = printers.map { "    \(entry(of: $0)),\n" }.joined()
        let account = try cloud.map { "  cloud: \(try section(of: $0)),\n" } ?? ""
        return
            "// Written by bambu_simulator for simulated printers.\n{\n  printers: [\n\(entries)  ],\n\(account)}\n"
    }

    private func entry(of printer: FleetPrinter) -> JSONText {
        let identity: JSONText = #""name":\#(printer.name),"serial":\#(printer.serial)"#
        guard printer.hasLAN else { return "{\(identity)}" }
        // Frequent probes for a demonstration; the window is long enough for a P1, which sends a frame every two
        // seconds.
        return """
            {\(identity),"host":"127.0.0.1","mqtt_port":\(printer.port),"access_code":\(printer.accessCode),\
            "camera":{"port":\(printer.cameraPort),"interval":"20s","window":"7s"},\
            "tls":{"verify":"ca","ca_file":\(caFile)}}
            """
    }

    private func section(of cloud: FleetCloud) throws -> JSONText {
        """
        {"api_url":\(cloud.url),"mqtt_host":"127.0.0.1","mqtt_port":\(cloud.brokerPort),\
        "token_file":\(try writeToken()),"ca_file":\(caFile),"interval":"1m"}
        """
    }
}
