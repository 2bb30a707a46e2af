import HTTP
import Platform

/// Applies the web configuration to the listener. May be called on any thread.
final class WebProtection: Sendable {
    fileprivate struct State: Sendable {
        var configuration = WebConfiguration()
        var tls: ServerTLS?
        var users: BasicAuthentication?
    }

    private let file: String?
    private let site: Site
    private let log: Log
    private let state = Locked(State())

    /// A web configuration that was read but is not in use yet.
    struct Reading: Sendable {
        fileprivate let state: State
    }

    /// - Parameter file: the web configuration; `nil` for no protection. Takes effect after `read` and `use`.
    init(file: String?, site: Site, log: Log) {
        self.file = file
        self.site = site
        self.log = log
    }

    var speaksTLS: Bool { state.withLock { $0.tls != nil } }

    /// Reads the file. Returns `nil` if it has not changed.
    ///
    /// - Throws: `ConfigurationError` with all problems.
    func read() throws(ConfigurationError) -> Reading? {
        guard let file else { return nil }
        let configuration = try WebConfigurationLoader(file: file).load()
        guard configuration != state.withLock({ $0.configuration }) else { return nil }
        do {
            let tls = try configuration.tls.map { settings in
                try ServerTLS(settings) { [log] problem in
                    log.error("The renewed certificate is invalid; the old one stays in use", ["err": problem])
                }
            }
            let users =
                configuration.users.isEmpty
                ? nil : try BasicAuthentication(users: configuration.users.mapValues(\.revealed))
            return Reading(state: State(configuration: configuration, tls: tls, users: users))
        } catch {
            throw ConfigurationError(file, "\(error)")
        }
    }

    func use(_ reading: Reading?) {
        guard let reading else { return }
        for warning in reading.state.configuration.warnings { log.warn(warning, ["file": file ?? ""]) }
        state.withLock { $0 = reading.state }
    }

    private static let certificateNeeded = Response(.forbidden, text: "Forbidden. A client certificate is required.\n")

    var accessControl: AccessControl {
        AccessControl(
            tls: { self.state.withLock { $0.tls } },
            decision: { request, peer in
                if self.site.isHealth(request.path) { return .pass }
                if peer.lacksCertificate { return .refuse(Self.certificateNeeded) }
                return self.state.withLock { $0.users }?.decision(on: request, from: peer) ?? .pass
            },
            headers: { self.state.withLock { $0.configuration.headers } })
    }
}
