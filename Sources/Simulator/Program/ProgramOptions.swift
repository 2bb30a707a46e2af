import CommandFlags

/// What the program was told on its command line.
package struct ProgramOptions: Sendable {
    /// Fleets up to this size give each printer a broker of its own.
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

    /// Reads the arguments after the program's name: `--name=value` or `--name value`.
    ///
    /// - Throws: `UsageError`, or `SimulatorError` for a printer or a fault that there cannot be.
    package init(arguments: [String]) throws {
        fleet = FleetOptions()
        fleet.port = 8883
        fleet.speed = 60
        let operands = try Self.flags.parse(arguments, into: &self)
        if let operand = operands.first {
            throw UsageError("unexpected argument \(operand); --help lists the flags")
        }
    }

    /// All printers with their names; an X1C, a P1S and an A1 where none was asked for.
    package func namedPrinters() throws(SimulatorError) -> [PrinterOptions] {
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
        let troubled = Set(faults.filter(\.kind.needsOwnBroker).map(\.target))
        var names: Set<String> = []
        for index in all.indices {
            let name = all[index].name ?? "\(all[index].model.rawValue.lowercased().filter { $0 != " " })-\(index + 1)"
            guard names.insert(name).inserted else { throw .usage("--printer: two printers are named \"\(name)\"") }
            all[index].name = name
            all[index].hasOwnBroker = hasFew || troubled.contains(name) || index == 0 && troubled.contains(nil)
        }
        return all
    }

    /// What `--help` prints.
    package static var help: String {
        return """
            bambu_simulator: Bambu Lab printers that are not there, for trying out bambu_exporter.

            Each printer is an MQTT broker with TLS on 127.0.0.1 (user bblp, an access code, a certificate that names
            the serial) and a firmware behind it that prints one job after the other. Each has a camera that draws what
            the printer does: JPEG pictures over TLS of a P1 or A1, RTSP over TLS with H.264 of all others.

            bambu_simulator [flags]

            \(flags.help)

            Examples:
              bambu_simulator --printer=X1C:ams,ams --printer="A1 mini:ams_lite" --config-out=sim.json5
              bambu_simulator --count=100 --port=20000
              bambu_simulator --printer=P1S@garage --fault=silence@garage,after=30s,for=2m
              bambu_simulator --printer=A1 --play=report.jsonl --loop
              bambu_simulator --account-printer=P1S@attic --sign-in=authenticator --cloud-fault=limited,after=1m,for=5m

            Faults: \(Fault.Kind.allCases.map(\.rawValue).joined(separator: ", "))
            Cloud faults: \(CloudFault.Kind.allCases.map(\.rawValue).joined(separator: ", "))
            Models: \(PrinterModel.allCases.map(\.rawValue).joined(separator: ", "))

            On standard output comes one line of JSON for each printer (name, serial, model, host, port, camera_port,
            access_code, ca_file), one for the account where there is one, then "ready". SIGINT and SIGTERM end it. It needs mosquitto (apt-get install mosquitto).

            """
    }
}
