import BambuMetrics
import CShim
import CommandFlags
import Glibc
import HTTP
import Reactor

/// The program: reads its command line, does what it says, and tells how it ended.
package enum Application {
    /// Runs the program to its end.
    ///
    /// - Parameter arguments: the command line, the program's name included.
    /// - Returns: the exit code: 0, 1 for what went wrong, 2 for a command line that cannot be used.
    package static func run(_ arguments: [String], environment: [String: String]) -> Int32 {
        // A client that goes away while it is written to is no reason to die.
        signal(SIGPIPE, SIG_IGN)
        // Nothing that this process is or starts may become more than it is, and neither a dump of its memory nor its
        // environment may show a secret.
        shim_restrict_process()
        shim_openssl_skip_cleanup()
        for variable in ConfigurationLoader.secretVariables { shim_forget_variable(variable) }
        let options: Options
        do {
            options = try Options(arguments: Array(arguments.dropFirst()), environment: environment)
        } catch {
            complain("bambu_exporter: \(error)\n")
            return 2
        }
        if options.showsHelp {
            say(Options.manual.help)
            return 0
        }
        if options.showsVersion {
            say("\(Build.summary)\n")
            return 0
        }
        do {
            return try run(options, environment)
        } catch let error as PictureError {
            // Its last line may be a command to copy.
            complain("bambu_exporter: \(error)\n")
            return 1
        } catch {
            for line in "\(error)".split(separator: "\n") { complain("bambu_exporter: \(line)\n") }
            return 1
        }
    }

    private static func run(_ options: Options, _ environment: [String: String]) throws -> Int32 {
        let loader = ConfigurationLoader(
            file: options.configFile, shard: options.shard, environment: environment
        )
        if options.checksConfig {
            let configuration = try loader.load()
            if let file = options.webConfigFile { _ = try WebConfigurationLoader(file: file).load() }
            for warning in configuration.warnings { complain("bambu_exporter: warning: \(warning)\n") }
            let count = configuration.printers.count
            let more = configuration.cloud == nil ? "" : ", and those of an account"
            say("The configuration is good: \(count) \(count == 1 ? "printer" : "printers")\(more).\n")
            return 0
        }
        switch options.command {
        case .serve: return try ExporterProcess(options, loader).run()
        case .login: return try LoginCommand(options, loader).run()
        case .discover: return try Discovery(timeout: options.timeout).run(say)
        case .forget: return try forget(options.operand ?? "", loader)
        case .snapshot: return try PictureCommand(options: options, loader: loader).run()
        case .healthcheck: return try HealthCheck.run(options)
        }
    }

    private static func forget(_ name: String, _ loader: ConfigurationLoader) throws -> Int32 {
        let configuration = try loader.load()
        let printer = try configuration.printer(named: name, for: "forget")
        guard let directory = configuration.stateDirectory else {
            throw ConfigurationError(
                "forget",
                "there is no state_dir, so certificates are remembered by the running exporter alone; restart it")
        }
        let count = try CertificateFile(in: directory).forget(printer.serial)
        say(
            count == 0
                ? "No certificate of \(name) was remembered.\n"
                : "Forgot the certificate of \(name). A running exporter takes the next one when it connects again, within a minute.\n"
        )
        return 0
    }

    private static let say: @Sendable (String) -> Void = { Output.write($0, to: STDOUT_FILENO) }
    private static let complain: @Sendable (String) -> Void = { Output.write($0, to: STDERR_FILENO) }
}
