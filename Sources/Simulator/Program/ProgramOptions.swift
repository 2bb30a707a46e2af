import CommandFlags

package struct ProgramOptions: Sendable {
    /// The largest fleet in which each printer has its own broker.
    private static let largestFleetOfOwnBrokers = 16

    package var printers: [PrinterOptions] = []
    package var count = 0
    package var cloudFaults: [CloudFault] = []
    package var fleet: FleetOptions
    package var recording: String?
    package var loops = false
    package var faults: [Fault] = []
    package var configurationFile: String?
    package var announces = false
    package var wantsHelp = false

    /// Parses the arguments after the program's name: `--name=value` or `--name value`.
    package init(arguments: [String]) throws {
        fleet = FleetOptions()
        fleet.port = 8883
        fleet.speed = 60
        if let operand = try Self.flags.parse(arguments, into: &self).first {
            throw UsageError("unexpected argument \(operand). Run with --help to list the flags.")
        }
    }

    /// All printers with their names; by default an X1C, a P1S and an A1.
    package func namedPrinters() throws -> [PrinterOptions] {
        var all = printers
        let models = PrinterModel.allCases
        for index in 0..<count { all.append(PrinterOptions(models[(index * 5 + 1) % models.count])) }
        if all.isEmpty { all = [PrinterOptions(.x1c), PrinterOptions(.p1s), PrinterOptions(.a1)] }
        if let recording {
            let recording = try Recording(file: recording)
            for index in all.indices {
                all[index].recording = recording
                all[index].loops = loops
            }
        }
        let hasFew = all.count <= Self.largestFleetOfOwnBrokers
        let faulty = Set(faults.filter(\.kind.needsOwnBroker).map(\.target))
        var names: Set<String> = []
        for index in all.indices {
            let name = all[index].name ?? "\(all[index].model.shortName)-\(index + 1)"
            guard names.insert(name).inserted else {
                throw UsageError("--printer: two printers are named \"\(name)\". Give each printer a different name.")
            }
            all[index].name = name
            all[index].hasOwnBroker = hasFew || faulty.contains(name) || index == 0 && faulty.contains(nil)
        }
        return all
    }

    package static var help: String {
        String(decoding: PackageResources.help_txt, as: UTF8.self)
            .replacing("{flags}", with: flags.help)
            .replacing("{models}", with: PrinterModel.allCases.map(\.rawValue).joined(separator: ", "))
    }
}
