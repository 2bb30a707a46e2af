/// Checks that concern several objects of the file.
extension ConfigurationLoader {
    func checkUniqueness(of printers: [Configuration.Printer], _ reading: inout ConfigurationReading) {
        let serials = Set(printers.map(\.serial))
        var (seen, names): (Set<String>, Set<String>) = ([], [])
        var addresses: [String: String] = [:]
        for (index, printer) in printers.enumerated() where !printer.serial.isEmpty {
            let path = "printers[\(index)]"
            if !seen.insert(printer.serial).inserted {
                reading.refuse("\(path).serial", "another printer has the same serial number, \(printer.serial)")
            } else if !names.insert(printer.name).inserted {
                reading.refuse("\(path).name", "another printer has the same name, \(printer.name)")
            } else if printer.name != printer.serial, serials.contains(printer.name) {
                reading.refuse("\(path).name", "another printer has the serial number \(printer.name)")
            }
            guard let host = printer.host?.lowercased() else { continue }
            if let other = addresses.updateValue(printer.name, forKey: "\(host) \(printer.port)") {
                reading.refuse(
                    "\(path).host", "printer \(other) has the same host and mqtt_port, \(host) and \(printer.port)")
            }
        }
    }

    /// Checks that the token can be read: like for every secret, a missing token is an error.
    func checkToken(of cloud: Configuration.Account, _ reading: inout ConfigurationReading) {
        guard !cloud.tokenFile.isEmpty else {
            return reading.refuse(
                "cloud.token_file", "is missing. Set it to a file for the token, then run: bambu_exporter login")
        }
        var file = TokenFile(path: cloud.tokenFile)
        if case .unreadable(let reason) = file.read() {
            reading.refuse("cloud.token_file", "\(reason). To get a token, run: bambu_exporter login")
        }
    }
}
