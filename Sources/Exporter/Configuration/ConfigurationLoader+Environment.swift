/// Overrides from the environment and the flags.
extension ConfigurationLoader {
    func readEnvironment(into configuration: inout Configuration, _ reading: inout ConfigurationReading) {
        // A region alone does not configure an account.
        let hasAccount = configuration.cloud != nil || variable("BAMBU_CLOUD_TOKEN_FILE") != nil
        configuration.read(environment: environment, &reading)
        if !hasAccount { configuration.cloud = nil }
        readPrinter(into: &configuration, &reading)
        if configuration.stateDirectory == nil {
            // systemd separates several directories with colons.
            configuration.stateDirectory = variable("STATE_DIRECTORY").map { String($0.prefix { $0 != ":" }) }
        }
        configuration.shard.index = shard.index ?? configuration.shard.index
        configuration.shard.count = shard.count ?? configuration.shard.count
    }

    private func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads the one printer of the environment. It overrides a printer of the file with the same serial number.
    private func readPrinter(into configuration: inout Configuration, _ reading: inout ConfigurationReading) {
        let names = ["HOST", "SERIAL", "ACCESS_CODE", "ACCESS_CODE_FILE"].map { "BAMBU_PRINTER_\($0)" }
        guard names.contains(where: { variable($0) != nil }) else { return }
        guard let serial = variable("BAMBU_PRINTER_SERIAL") else {
            return reading.refuse(
                "BAMBU_PRINTER_SERIAL", "is missing. The serial number is on the printer's sticker")
        }
        let index = configuration.printers.firstIndex { $0.serial == serial }
        var printer = index.map { configuration.printers[$0] } ?? configuration.defaults
        printer.override(by: environment, &reading)
        if let index { configuration.printers[index] = printer } else { configuration.printers.append(printer) }
    }

    /// Checks that the index is below the count. The problem names the setting that set the index.
    func checkShard(of configuration: Configuration, _ reading: inout ConfigurationReading) {
        let (index, count) = (configuration.shard.index, configuration.shard.count)
        guard !(0..<count).contains(index) else { return }
        let message = "\(index) is too large. It must be less than the shard count, \(count)"
        if shard.index != nil {
            reading.refuse("--shard.index", message, in: "command line")
        } else if variable("BAMBU_SHARD_INDEX") != nil {
            reading.refuse("BAMBU_SHARD_INDEX", message, in: "environment")
        } else {
            reading.refuse("shard.index", message)
        }
    }
}
