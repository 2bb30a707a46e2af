import CommandFlags
import Reactor

extension ProgramOptions {
    /// The flags, as `--help` lists them.
    static let flags = FlagSet<ProgramOptions>([
        Flag(
            "printer", "MODEL[:AMS,...][@NAME]",
            "A printer, with these AMS units (ams, ams_lite, ams_2_pro, ams_ht); repeatable."
        ) { options, text in options.printers.append(try PrinterOptions(parsing: text)) },
        .number("count", "N", "Add as many printers of mixed models.", in: 0...5000) { $0.count = $1 },
        .number(
            "speed", "FACTOR", "Let the printers' time go faster than the clock.", default: "60", in: 0.001...100_000
        ) { $0.fleet.speed = $1 },
        Flag("rate", "DURATION", "From one report to the next, such as 200ms.", default: "the model's") {
            options, text in
            guard let interval = DurationText.parse(text), interval >= .milliseconds(10) else {
                throw UsageError("expected a duration from 10ms on, such as 500ms or 2s, found \"\(text)\"")
            }
            options.fleet.interval = interval
        },
        .number(
            "port", "PORT", "The first printer's port, the others' follow; 0: free ones.", default: "8883",
            in: 0...UInt16.max
        ) { $0.fleet.port = $1 },
        Flag(
            "directory", "DIR",
            "Where to put certificates and brokers' files; the same one makes the same certificates.",
            default: "a temporary one"
        ) { $0.fleet.directory = $1 },
        Flag("access-code", "CODE", "The access code of all printers.", default: "one each") {
            options, text in
            guard !text.isEmpty else { throw UsageError("it is empty") }
            options.fleet.accessCode = text
        },
        Flag("seed", "N", "The same seed makes the same fleet.", default: "1") {
            options, text in
            guard let seed = UInt64(text) else { throw UsageError("expected a whole number, found \"\(text)\"") }
            options.fleet.seed = seed
        },
        .number(
            "first-number", "N", "The number of the first printer, which its serial ends in.", default: "1",
            in: 0...999_999
        ) { $0.fleet.firstNumber = $1 },
        Flag("play", "FILE", "Play a recording in place of a simulated print.") { $0.recording = $1 },
        Flag("loop", "Play it again and again.") { $0.loops = true },
        Flag(
            "fault", "KIND[@NAME][,after=30s][,for=20s]",
            "Something that goes wrong with the first printer or NAME, from the list below; repeatable."
        ) { options, text in options.faults.append(try Fault(parsing: text)) },
        Flag(
            "account-printer", "MODEL[:AMS,...][@NAME]",
            "A printer that is reached through an account alone, which brings a cloud; repeatable."
        ) { options, text in
            var printer = try PrinterOptions(parsing: text)
            (printer.isBound, printer.hasLAN) = (true, false)
            options.printers.append(printer)
        },
        Flag("sign-in", "WAY", "How to sign in to the account: password, code or authenticator.", default: "password") {
            options, text in
            guard let way = AccountOptions.Way(rawValue: text) else {
                throw UsageError("expected password, code or authenticator, found \"\(text)\"")
            }
            options.fleet.account.way = way
        },
        .number(
            "cloud-port", "PORT", "The port of the account's REST interface; 0: a free one.", default: "0",
            in: 0...UInt16.max
        ) { $0.fleet.account.port = $1 },
        Flag(
            "cloud-fault", "KIND[@API][,after=30s][,for=20s]",
            "Something that goes wrong with the account, from the list below; repeatable."
        ) { options, text in options.cloudFaults.append(try CloudFault(parsing: text)) },
        .number(
            "camera-rate", "FPS", "Pictures a second of every camera.", default: "the model's", in: 0.01...120
        ) { $0.fleet.cameraRate = $1 },
        Flag("config-out", "FILE", "Write a configuration of bambu_exporter for these printers.") {
            $0.configurationFile = $1
        },
        Flag("announce", "Announce the printers by SSDP on the loopback interface.") { $0.announces = true },
        Flag("help", "Show this text.") { $0.wantsHelp = true },
    ])
}

extension Flag<ProgramOptions> {
    /// A flag that takes a number of `range`.
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
