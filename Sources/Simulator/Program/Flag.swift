/// A flag of the program: from its declaration come the parsing and the help.
struct Flag: Sendable {
    let name: String
    /// What stands for the value in the help; `nil` for a flag without one.
    let value: String?
    let help: String
    /// Takes the value, which is empty where the flag has none.
    let apply: @Sendable (inout ProgramOptions, String) throws(SimulatorError) -> Void

    static let all: [Flag] = [
        Flag(
            name: "printer", value: "MODEL[:AMS,...][@NAME]",
            help: "a printer, with these AMS units (ams, ams_lite, ams_2_pro, ams_ht); repeatable"
        ) { options, text throws(SimulatorError) in options.printers.append(try PrinterOptions(parsing: text)) },
        Flag(name: "count", value: "N", help: "add as many printers of mixed models") {
            options, text throws(SimulatorError) in
            guard let count = Int(text), (0...5000).contains(count) else {
                throw .usage("--count=\(text): wanted a number from 0 to 5000")
            }
            options.count = count
        },
        Flag(name: "speed", value: "FACTOR", help: "let the printers' time go faster than the clock (default 60)") {
            options, text throws(SimulatorError) in
            guard let speed = Double(text), speed >= 0.001, speed <= 100_000 else {
                throw .usage("--speed=\(text): wanted a number from 0.001 to 100000")
            }
            options.fleet.speed = speed
        },
        Flag(name: "rate", value: "DURATION", help: "from one report to the next, such as 200ms (default: the model's)")
        {
            options, text throws(SimulatorError) in
            guard let interval = DurationText.parse(text), interval >= .milliseconds(10) else {
                throw .usage("--rate=\(text): wanted a duration from 10ms on, such as 500ms or 2s")
            }
            options.fleet.interval = interval
        },
        Flag(
            name: "port", value: "PORT",
            help: "the first printer's port, the others' follow; 0: free ones (default 8883)"
        ) {
            options, text throws(SimulatorError) in
            guard let port = UInt16(text) else { throw .usage("--port=\(text): wanted a number from 0 to 65535") }
            options.fleet.port = port
        },
        Flag(
            name: "directory", value: "DIR",
            help: "where to put certificates and brokers' files (default: a temporary one)"
        ) {
            options, text in options.fleet.directory = text
        },
        Flag(name: "access-code", value: "CODE", help: "the access code of all printers (default: one each)") {
            options, text throws(SimulatorError) in
            guard !text.isEmpty else { throw .usage("--access-code: it is empty") }
            options.fleet.accessCode = text
        },
        Flag(name: "seed", value: "N", help: "the same seed makes the same fleet (default 1)") {
            options, text throws(SimulatorError) in
            guard let seed = UInt64(text) else { throw .usage("--seed=\(text): wanted a whole number") }
            options.fleet.seed = seed
        },
        Flag(name: "play", value: "FILE", help: "play a recording in place of a simulated print") {
            options, text in options.recording = text
        },
        Flag(name: "loop", value: nil, help: "play it again and again") { options, _ in options.loops = true },
        Flag(
            name: "fault", value: "KIND[@NAME][,after=30s][,for=20s]",
            help: "silence, disconnect, garbage, refuse or wrong-certificate, of the first printer or NAME; repeatable"
        ) { options, text throws(SimulatorError) in options.faults.append(try Fault(parsing: text)) },
        Flag(name: "config-out", value: "FILE", help: "write a configuration of bambu_exporter for these printers") {
            options, text in options.configurationFile = text
        },
        Flag(name: "announce", value: nil, help: "announce the printers by SSDP on the loopback interface") {
            options, _ in options.announces = true
        },
        Flag(name: "help", value: nil, help: "show this text") { options, _ in options.wantsHelp = true },
    ]
}
