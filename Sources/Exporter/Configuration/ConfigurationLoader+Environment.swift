import BambuProtocol
import Cloud
import Reactor

/// What the environment and the flags say of printers and shards.
extension ConfigurationLoader {
    /// The variables that are secrets themselves, and do not name files of them.
    static let secretVariables = ["BAMBU_PRINTER_ACCESS_CODE"]

    mutating func readEnvironment(into configuration: inout Configuration) {
        readPrinter(into: &configuration)
        readCloud(into: &configuration)
        if let directory = variable("BAMBU_STATE_DIR") {
            configuration.stateDirectory = directory
        } else if configuration.stateDirectory == nil {
            // systemd names several, separated by colons, where a unit has several.
            configuration.stateDirectory = variable("STATE_DIRECTORY").map { String($0.prefix { $0 != ":" }) }
        }
        readShard(into: &configuration.shard)
    }

    private func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func complain(about variable: String, _ message: String) {
        problems.append(ConfigurationError.Problem(place: "environment", path: variable, message: message))
    }

    /// The one printer that needs no file. Where the file has its serial number, it overrules what the file says.
    private mutating func readPrinter(into configuration: inout Configuration) {
        let names = ["HOST", "SERIAL", "ACCESS_CODE", "ACCESS_CODE_FILE"].map { "BAMBU_PRINTER_\($0)" }
        guard names.contains(where: { variable($0) != nil }) else { return }
        guard let serial = variable("BAMBU_PRINTER_SERIAL") else {
            return complain(
                about: "BAMBU_PRINTER_SERIAL", "is missing; the serial number is on a sticker of the printer")
        }
        if let problem = Self.problem(withSerial: serial) { complain(about: "BAMBU_PRINTER_SERIAL", problem) }
        let index = configuration.printers.firstIndex { $0.serial == serial }
        var printer = index.map { configuration.printers[$0] } ?? Configuration.Printer(name: serial, serial: serial)
        printer.name = variable("BAMBU_PRINTER_NAME") ?? printer.name
        printer.host = variable("BAMBU_PRINTER_HOST") ?? printer.host
        if let problem = printer.host.flatMap(Self.problem(withHost:)) {
            complain(about: "BAMBU_PRINTER_HOST", problem)
        }
        if printer.host == nil {
            complain(about: "BAMBU_PRINTER_HOST", "is missing; it is the printer's address on the LAN")
        }
        readAccessCode(into: &printer)
        switch variable("BAMBU_CAMERA_ENABLED") {
        case nil: break
        case "true": printer.camera.isEnabled = true
        case "false": printer.camera.isEnabled = false
        case .some(let text): complain(about: "BAMBU_CAMERA_ENABLED", "expected true or false, found \"\(text)\"")
        }
        if let index { configuration.printers[index] = printer } else { configuration.printers.append(printer) }
    }

    private mutating func readAccessCode(into printer: inout Configuration.Printer) {
        switch (variable("BAMBU_PRINTER_ACCESS_CODE"), variable("BAMBU_PRINTER_ACCESS_CODE_FILE")) {
        case (.some, .some):
            complain(about: "BAMBU_PRINTER_ACCESS_CODE", "give it or BAMBU_PRINTER_ACCESS_CODE_FILE, not both")
        case (.some(let code), nil):
            printer.accessCode = Secret(code.trimmed(of: ["\n", "\r"]))
            printer.accessCodeFile = nil
        case (nil, .some(let file)):
            printer.accessCodeFile = file
            do throws(SecretFile.Unreadable) {
                printer.accessCode = try SecretFile.read(file)
            } catch {
                complain(about: "BAMBU_PRINTER_ACCESS_CODE_FILE", error.description)
            }
        case (nil, nil) where printer.accessCode == nil:
            complain(
                about: "BAMBU_PRINTER_ACCESS_CODE",
                "is missing; the printer's screen shows the code under its network settings")
        case (nil, nil): break
        }
    }

    private mutating func readCloud(into configuration: inout Configuration) {
        if let file = variable("BAMBU_CLOUD_TOKEN_FILE") {
            var cloud = configuration.cloud ?? Configuration.Account()
            cloud.tokenFile = file
            configuration.cloud = cloud
        }
        guard let name = variable("BAMBU_CLOUD_REGION") else { return }
        guard let region = Region(rawValue: name) else {
            return complain(about: "BAMBU_CLOUD_REGION", "expected global or china, found \"\(name)\"")
        }
        configuration.cloud?.region = region
    }

    private mutating func readShard(into shard: inout Configuration.Shard) {
        let (index, count) = (variable("BAMBU_SHARD_INDEX"), variable("BAMBU_SHARD_COUNT"))
        if let number = flags.count ?? count.flatMap(ShardText.count) {
            shard.count = number
        } else if let count {
            return complain(about: "BAMBU_SHARD_COUNT", ShardText.badCount(count))
        }
        if let number = flags.index ?? index.flatMap(ShardText.index) {
            shard.index = number
        } else if let index {
            return complain(about: "BAMBU_SHARD_INDEX", ShardText.badIndex(index))
        }
        guard !(0..<shard.count).contains(shard.index) else { return }
        let message = "\(shard.index) is not below the shard count \(shard.count)"
        if flags.index != nil {
            problems.append(.init(place: "command line", path: "--shard.index", message: message))
        } else if index != nil {
            complain(about: "BAMBU_SHARD_INDEX", message)
        } else {
            complain("shard.index", message)
        }
    }
}
