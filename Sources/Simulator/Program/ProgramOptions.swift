import CommandFlags

/// The options from the command line.
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
    ///
    /// - Throws: `UsageError`, or `SimulatorError` for an invalid printer or fault.
    package init(arguments: [String]) throws {
        fleet = FleetOptions()
        fleet.port = 8883
        fleet.speed = 60
        let operands = try Self.flags.parse(arguments, into: &self)
        if let operand = operands.first {
            throw UsageError("unexpected argument \(operand). Run with --help to list the flags.")
        }
    }

    /// All printers with their names; by default an X1C, a P1S and an A1.
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
        let faulty = Set(faults.filter(\.kind.needsOwnBroker).map(\.target))
        var names: Set<String> = []
        for index in all.indices {
            let name = all[index].name ?? "\(all[index].model.rawValue.lowercased().filter { $0 != " " })-\(index + 1)"
            guard names.insert(name).inserted else {
                throw .usage("--printer: two printers are named \"\(name)\". Give each printer a different name.")
            }
            all[index].name = name
            all[index].hasOwnBroker = hasFew || faulty.contains(name) || index == 0 && faulty.contains(nil)
        }
        return all
    }

    /// The text of `--help`.
    package static var help: String {
        return """
            bambu_simulator: simulates Bambu Lab printers, so that you can try bambu_exporter without hardware.

            Each simulated printer has an MQTT broker with TLS on 127.0.0.1 (user bblp, an access code, a certificate
            with its serial number) and firmware that prints one job after another. Its camera shows the state of the
            printer: P1 and A1 send JPEG pictures over TLS, all other models send H.264 video by RTSP over TLS.

            Usage: bambu_simulator [flags]

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

            When the printers are up, bambu_simulator prints one line of JSON for each printer on the LAN (name, serial,
            model, host, port, camera_port, access_code, ca_file), one for the account if there is one, then "ready".
            Stop it with Ctrl-C or SIGTERM. It needs mosquitto (apt-get install mosquitto).

            """
    }
}
