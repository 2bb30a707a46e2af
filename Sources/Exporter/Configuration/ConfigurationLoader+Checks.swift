import Reactor

/// What a value must be beyond its kind.
extension ConfigurationLoader {
    /// A serial stands in MQTT topics, where some characters mean something.
    static func problem(withSerial serial: String) -> String? {
        serial.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"+#/".utf8.contains($0) }
            && (1...64).contains(serial.utf8.count)
            ? nil : "a serial number has letters and digits alone"
    }

    /// A host is a name or an address alone.
    static func problem(withHost host: String) -> String? {
        let numeric = host.prefix { $0 != "%" }
        guard !host.contains("/"), !host.contains(where: \.isWhitespace) else {
            return "expected a name or an address, found a URL or more; leave out scheme and path"
        }
        guard host.contains(":"), (try? SocketAddress(numeric: String(numeric), port: 0)) == nil else { return nil }
        return
            "expected a name or an address without a port; the port is a key of its own, and IPv6 has no brackets here"
    }

    mutating func checkUniqueness(of printers: [Configuration.Printer]) {
        let serials = Set(printers.map(\.serial))
        var (seen, names): (Set<String>, Set<String>) = ([], [])
        var addresses: [String: String] = [:]
        for (index, printer) in printers.enumerated() {
            let path = "printers[\(index)]"
            if !seen.insert(printer.serial).inserted {
                complain("\(path).serial", "another printer has the serial number \(printer.serial)")
            } else if !names.insert(printer.name).inserted {
                complain("\(path).name", "another printer is named \(printer.name)")
            } else if printer.name != printer.serial, serials.contains(printer.name) {
                complain("\(path).name", "another printer has the serial number \(printer.name)")
            }
            guard let host = printer.host?.lowercased() else { continue }
            if let other = addresses.updateValue(printer.name, forKey: "\(host) \(printer.port)") {
                complain(
                    "\(path).host", "printer \(other) has the same host and mqtt_port, \(host) and \(printer.port)")
            }
        }
    }
}
