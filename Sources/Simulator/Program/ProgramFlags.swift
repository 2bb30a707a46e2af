import CommandFlags
import Platform

extension ProgramOptions {
    /// The flags, in the order of `--help`.
    static let flags = FlagSet<ProgramOptions>([
        Flag(
            "printer", "MODEL[:AMS,...][@NAME]",
            "Add a printer with these AMS units (ams, ams_lite, ams_2_pro, ams_ht). Repeatable."
        ) { options, text in options.printers.append(try PrinterOptions(parsing: text)) },
        .number("count", "N", "Add N printers of various models.", in: 0...5000) { $0.count = $1 },
        .number(
            "speed", "FACTOR", "Run the printers' time faster than the clock by this factor.", default: "60",
            in: 0.001...100_000
        ) { $0.fleet.speed = $1 },
        Flag("rate", "DURATION", "Interval between two reports, such as 200ms.", default: "the model's") {
            options, text in
            guard let interval = DurationText.parse(text), interval >= .milliseconds(10) else {
                throw UsageError("expected a duration of at least 10ms, such as 500ms or 2s, found \"\(text)\"")
            }
            options.fleet.interval = interval
        },
        .number(
            "port", "PORT", "Port of the first printer; the others use the following ports. 0: free ports.",
            default: "8883", in: 0...UInt16.max
        ) { $0.fleet.port = $1 },
        Flag(
            "directory", "DIR",
            "Directory of certificates and broker files. Using it again gives the same certificates.",
            default: "a temporary directory"
        ) { $0.fleet.directory = $1 },
        Flag("access-code", "CODE", "Access code of all printers.", default: "a different one for each printer") {
            options, text in
            guard !text.isEmpty else { throw UsageError("the access code is empty") }
            options.fleet.accessCode = text
        },
        .number(
            "seed", "N", "Random seed. The same seed creates the same printers.", default: "1", in: 0...UInt64.max
        ) { $0.fleet.seed = $1 },
        .number(
            "first-number", "N", "Number at the end of the first printer's serial.", default: "1", in: 0...999_999
        ) { $0.fleet.firstNumber = $1 },
        Flag("play", "FILE", "Play a recording instead of a simulated print.") { $0.recording = $1 },
        Flag("loop", "Repeat the recording of --play.") { $0.loops = true },
        Flag(
            "fault", "KIND[@NAME][,after=30s][,for=20s]",
            "Inject a fault from the list below into the printer NAME or the first one. Repeatable."
        ) { options, text in options.faults.append(try Fault(parsing: text)) },
        Flag(
            "account-printer", "MODEL[:AMS,...][@NAME]",
            "Add a printer that is reachable only through a simulated cloud account. Repeatable."
        ) { options, text in
            var printer = try PrinterOptions(parsing: text)
            (printer.isBound, printer.hasLAN) = (true, false)
            options.printers.append(printer)
        },
        Flag("sign-in", "METHOD", "Sign-in of the account: password, code or authenticator.", default: "password") {
            options, text in
            guard let method = AccountOptions.SignInMethod(rawValue: text) else {
                throw UsageError("expected password, code or authenticator, found \"\(text)\"")
            }
            options.fleet.account.signInMethod = method
        },
        .number(
            "cloud-port", "PORT", "Port of the account's REST API. 0: a free port.", default: "0", in: 0...UInt16.max
        ) { $0.fleet.account.port = $1 },
        Flag(
            "cloud-fault", "KIND[@API][,after=30s][,for=20s]",
            "Inject a fault from the list below into the account. Repeatable."
        ) { options, text in options.cloudFaults.append(try CloudFault(parsing: text)) },
        .number(
            "camera-rate", "FPS", "Frames per second of every camera.", default: "the model's", in: 0.01...120
        ) { $0.fleet.cameraRate = $1 },
        Flag("config-out", "FILE", "Write a configuration for bambu_exporter with these printers.") {
            $0.configurationFile = $1
        },
        Flag("announce", "Announce the printers with SSDP on the loopback interface.") { $0.announces = true },
        Flag("help", "Show this help.") { $0.wantsHelp = true },
    ])
}

extension Flag<ProgramOptions> {
    fileprivate static func number<Number: LosslessStringConvertible & Comparable & Sendable>(
        _ name: String, _ placeholder: String, _ help: String, default fallback: String = "",
        in range: ClosedRange<Number>, _ set: @escaping @Sendable (inout ProgramOptions, Number) -> Void
    ) -> Flag {
        Flag(name, placeholder, help, default: fallback) { options, text in
            guard let number = Number(text), range.contains(number) else {
                let upper = "\(range.upperBound)"
                let bound = upper.hasSuffix(".0") ? String(upper.dropLast(2)) : upper
                throw UsageError("expected a number from \(range.lowerBound) to \(bound), found \"\(text)\"")
            }
            set(&options, number)
        }
    }
}
