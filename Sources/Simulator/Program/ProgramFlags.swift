import CommandFlags
import Reactor

extension ProgramOptions {
    /// The flags, as `--help` lists them.
    static let flags = FlagSet<ProgramOptions>([
        Flag(
            "printer", "MODEL[:AMS,...][@NAME]",
            "A printer, with these AMS units (ams, ams_lite, ams_2_pro, ams_ht); repeatable."
        ) { options, text in options.printers.append(try PrinterOptions(parsing: text)) },
        Flag("count", "N", "Add as many printers of mixed models.") {
            options, text in
            guard let count = Int(text), (0...5000).contains(count) else {
                throw UsageError("expected a number from 0 to 5000, found \"\(text)\"")
            }
            options.count = count
        },
        Flag("speed", "FACTOR", "Let the printers' time go faster than the clock.", default: "60") {
            options, text in
            guard let speed = Double(text), speed >= 0.001, speed <= 100_000 else {
                throw UsageError("expected a number from 0.001 to 100000, found \"\(text)\"")
            }
            options.fleet.speed = speed
        },
        Flag("rate", "DURATION", "From one report to the next, such as 200ms.", default: "the model's") {
            options, text in
            guard let interval = DurationText.parse(text), interval >= .milliseconds(10) else {
                throw UsageError("expected a duration from 10ms on, such as 500ms or 2s, found \"\(text)\"")
            }
            options.fleet.interval = interval
        },
        Flag(
            "port", "PORT", "The first printer's port, the others' follow; 0: free ones.", default: "8883"
        ) {
            options, text in
            guard let port = UInt16(text) else {
                throw UsageError("expected a number from 0 to 65535, found \"\(text)\"")
            }
            options.fleet.port = port
        },
        Flag(
            "directory", "DIR",
            "Where to put certificates and brokers' files; the same one makes the same certificates.",
            default: "a temporary one"
        ) {
            options, text in options.fleet.directory = text
        },
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
        Flag("first-number", "N", "The number of the first printer, which its serial ends in.", default: "1") {
            options, text in
            guard let number = Int(text), (0..<1_000_000).contains(number) else {
                throw UsageError("expected a number from 0 to 999999, found \"\(text)\"")
            }
            options.fleet.firstNumber = number
        },
        Flag("play", "FILE", "Play a recording in place of a simulated print.") {
            options, text in options.recording = text
        },
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
        Flag("cloud-port", "PORT", "The port of the account's REST interface; 0: a free one.", default: "0") {
            options, text in
            guard let port = UInt16(text) else {
                throw UsageError("expected a number from 0 to 65535, found \"\(text)\"")
            }
            options.fleet.account.port = port
        },
        Flag(
            "cloud-fault", "KIND[@API][,after=30s][,for=20s]",
            "Something that goes wrong with the account, from the list below; repeatable."
        ) { options, text in options.cloudFaults.append(try CloudFault(parsing: text)) },
        Flag("camera-rate", "FPS", "Pictures a second of every camera.", default: "the model's") { options, text in
            guard let rate = Double(text), (0.01...120).contains(rate) else {
                throw UsageError("expected a number from 0.01 to 120, found \"\(text)\"")
            }
            options.fleet.cameraRate = rate
        },
        Flag("config-out", "FILE", "Write a configuration of bambu_exporter for these printers.") {
            options, text in options.configurationFile = text
        },
        Flag("announce", "Announce the printers by SSDP on the loopback interface.") { $0.announces = true },
        Flag("help", "Show this text.") { $0.wantsHelp = true },
    ])
}
