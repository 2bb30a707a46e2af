import HTTP
import Platform

/// Applies the web configuration to the listener. May be called on any thread.
struct WebProtection: Sendable {
    /// A web configuration, with what was made from it.
    struct Reading: Sendable {
        fileprivate var configuration = WebConfiguration()
        fileprivate var tls: ServerTLS?
        fileprivate var users: BasicAuthentication?
    }

    /// The web configuration; `nil` for no protection. Takes effect after `read` and `use`.
    let file: String?
    let site: Site
    let log: Log
    private let current = Locked(Reading())

    var speaksTLS: Bool { current.withLock { $0.tls != nil } }

    /// Reads the file. Returns `nil` if it has not changed.
    ///
    /// - Throws: `ConfigurationError` with all problems.
    func read() throws(ConfigurationError) -> Reading? {
        guard let file else { return nil }
        let configuration = try WebConfiguration(file: file)
        guard configuration != current.withLock({ $0.configuration }) else { return nil }
        do {
            let tls = try configuration.tls.map { settings in
                try ServerTLS(settings) { [log] problem in
                    log.error("The renewed certificate is invalid; the old one stays in use", ["err": problem])
                }
            }
            let users =
                configuration.users.isEmpty
                ? nil : try BasicAuthentication(users: configuration.users.mapValues(\.revealed))
            return Reading(configuration: configuration, tls: tls, users: users)
        } catch {
            throw ConfigurationError(file, "\(error)")
        }
    }

    func use(_ reading: Reading?) {
        guard let reading else { return }
        for warning in reading.configuration.warnings { log.warn(warning, ["file": file]) }
        current.withLock { $0 = reading }
    }

    private static let certificateNeeded = Response(.forbidden, text: "Forbidden. A client certificate is required.\n")

    var accessControl: AccessControl {
        AccessControl(
            tls: { self.current.withLock { $0.tls } },
            decision: { request, peer in
                if self.site.isHealth(request.path) { return .pass }
                if peer.lacksCertificate { return .refuse(Self.certificateNeeded) }
                return self.current.withLock { $0.users }?.decision(on: request, from: peer) ?? .pass
            },
            headers: { self.current.withLock { $0.configuration.headers } })
    }
}
