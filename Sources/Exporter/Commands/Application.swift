import BambuMetrics
import CShim
import CommandFlags
import Glibc
import HTTP

/// The program: parses the command line, runs the command and reports errors.
package enum Application {
    /// Runs the program until it ends.
    ///
    /// - Parameter arguments: the command line, including the program's name.
    /// - Returns: The exit code: 0, 1 after an error, 2 for an invalid command line.
    package static func run(_ arguments: [String], environment: [String: String]) -> Int32 {
        // Writing to a closed connection or pipe must not end the process.
        signal(SIGPIPE, SIG_IGN)
        // Sets PR_SET_NO_NEW_PRIVS and PR_SET_DUMPABLE: no process gains privileges, and no core dump or environment
        // exposes a secret.
        shim_restrict_process()
        shim_openssl_skip_cleanup()
        for variable in ConfigurationLoader.secretVariables { shim_forget_variable(variable) }
        do {
            let options = try Options(arguments: Array(arguments.dropFirst()), environment: environment)
            return try run(options, environment)
        } catch {
            for line in "\(error)".split(separator: "\n") { printError("bambu_exporter: \(line)\n") }
            if let command = (error as? CommandError)?.command { printError("\(command)\n") }
            return error is UsageError ? 2 : 1
        }
    }

    private static func run(_ options: Options, _ environment: [String: String]) throws -> Int32 {
        if options.showsHelp {
            printOutput(Options.manual.help)
            return 0
        }
        if options.showsVersion {
            printOutput("\(Build.summary)\n")
            return 0
        }
        let loader = ConfigurationLoader(file: options.configFile, shard: options.shard, environment: environment)
        if options.checksConfig {
            let configuration = try loader.load()
            if let file = options.webConfigFile { _ = try WebConfiguration(file: file) }
            for warning in configuration.warnings { printError("bambu_exporter: warning: \(warning)\n") }
            let count = configuration.printers.count
            let more = configuration.cloud == nil ? "" : ", plus those of the account"
            printOutput("The configuration is valid: \(count) \(count == 1 ? "printer" : "printers")\(more).\n")
            return 0
        }
        switch options.command {
        case .serve: return try ExporterProcess(options, loader).run()
        case .login: return try LoginCommand(options, loader).run()
        case .discover: return try Discovery(timeout: options.timeout).run(printOutput)
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
                "no state_dir is set, so only the running exporter remembers certificates. Restart it to forget them")
        }
        let count = try CertificateFile(in: directory).forget(printer.serial)
        printOutput(
            count == 0
                ? "No certificate of \(name) is remembered.\n"
                : """
                Forgot the certificate of \(name). A running exporter accepts a new one at its next connection, \
                within a minute.\n
                """
        )
        return 0
    }

    private static let printOutput: @Sendable (String) -> Void = { Output.write($0, to: STDOUT_FILENO) }
    private static let printError: @Sendable (String) -> Void = { Output.write($0, to: STDERR_FILENO) }
}
