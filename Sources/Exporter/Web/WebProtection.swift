import HTTP
import Reactor

/// The web configuration in force, as the listener's thread sees it.
final class WebProtection: Sendable {
    private struct State {
        var configuration = WebConfiguration()
        var tls: ServerTLS?
        var users: BasicAuthentication?
    }

    /// Whoever asks whether the process is well need not say who he is.
    private static let open: Set = ["/-/healthy", "/-/ready"]

    private let file: String?
    private let log: Log
    private let checker = PasswordChecker()
    private let state = Locked(State())

    /// Reads the file.
    ///
    /// - Parameter file: `nil` for no protection.
    /// - Throws: `ConfigurationError`.
    init(file: String?, log: Log) throws(ConfigurationError) {
        self.file = file
        self.log = log
        try reload()
    }

    var speaksTLS: Bool { state.withLock { $0.tls != nil } }

    /// Reads the file again. A bad one changes nothing.
    func reload() throws(ConfigurationError) {
        guard let file else { return }
        let configuration = try WebConfigurationLoader(file: file).load()
        for warning in configuration.warnings { log.warn(warning) }
        let before = state.withLock { $0 }
        guard configuration != before.configuration else { return }
        var tls: ServerTLS?
        do throws(ServerTLS.Unusable) {
            tls = try configuration.tls.map { settings throws(ServerTLS.Unusable) in
                try ServerTLS(settings) { [log] problem in
                    log.error("The renewed certificate cannot be used; the old one stays", ["err": problem])
                }
            }
        } catch {
            throw ConfigurationError(file, error.description)
        }
        let users =
            configuration.users.isEmpty ? nil : BasicAuthentication(users: configuration.users, checker: checker)
        state.withLock { $0 = State(configuration: configuration, tls: tls, users: users) }
    }

    /// For the server.
    var protection: Protection {
        Protection(
            tls: { self.state.withLock { $0.tls } },
            verdict: { request in
                guard !Self.open.contains(request.path), let users = self.state.withLock({ $0.users }) else {
                    return .pass
                }
                return users.verdict(on: request)
            },
            headers: { self.state.withLock { $0.configuration.headers } })
    }
}
