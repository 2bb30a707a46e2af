import FoundationEssentials
import HTTP

/// Reads and checks a `--web.config.file`.
struct WebConfigurationLoader: Sendable {
    /// A hash that takes longer to check than this is a way to keep the exporter busy: each step doubles the time.
    private static let highestCost = 12

    let file: String

    /// - Throws: `ConfigurationError` with all that is wrong.
    func load() throws(ConfigurationError) -> WebConfiguration {
        let (tree, duplicates) = try read()
        var problems = duplicates.map { (path: $0.path, message: "this key is given twice") }
        problems += Setting.problems(in: tree, WebConfiguration.settings)
        var web = WebConfiguration()
        if problems.isEmpty {
            readTLS(tree["tls_server_config"], &web, &problems)
            readUsers(tree["basic_auth_users"], &web, &problems)
            let headers = tree["http_server_config"]?["headers"]?.members ?? [:]
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
                web.headers.append(name, value.text ?? "")
            }
        }
        if !problems.isEmpty {
            throw ConfigurationError(problems.map { .init(place: file, path: $0.path, message: $0.message) })
        }
        return web
    }

    private func read() throws(ConfigurationError) -> (ConfigurationValue, [(path: String, line: Int)]) {
        do {
            let outline = try JSON5Outline(
                String(decoding: try FileReading.bytes(of: file, limit: 1 << 20), as: UTF8.self))
            guard let tree = try? outline.tree() else {
                throw ConfigurationError(outline.refusedLine.map { "\(file):\($0)" } ?? file, Self.wanted)
            }
            return (tree, outline.duplicates)
        } catch let error as JSON5Outline.SyntaxError {
            throw ConfigurationError("\(file):\(error.line)", "\(Self.wanted): \(error.message)")
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError(file, "cannot read the web configuration: \(FileReading.reason(error))")
        }
    }

    private static let wanted = "is not JSON, which this program wants of it though others take YAML"

    private func readTLS(
        _ tree: ConfigurationValue?, _ web: inout WebConfiguration, _ problems: inout [(path: String, message: String)]
    ) {
        guard let tree else { return }
        let path = "tls_server_config"
        guard let certificate = tree["cert_file"]?.text, let key = tree["key_file"]?.text else {
            return problems.append((path, "cert_file and key_file belong together, and one is missing"))
        }
        var settings = ServerTLS.Settings(certificateFile: resolved(certificate), keyFile: resolved(key))
        let authentication = tree["client_auth_type"]?.text
        settings.clientAuthentication =
            WebConfiguration.authentications.first { $0.name == authentication }?.value ?? .none
        settings.clientAuthorityFile = tree["client_ca_file"]?.text.map(resolved)
        settings.oldest = tree["min_version"]?.text == "TLS13" ? .tls13 : .tls12
        settings.newest = tree["max_version"]?.text == "TLS12" ? .tls12 : .tls13
        if settings.oldest > settings.newest { problems.append((path, "min_version is newer than max_version")) }
        let needsAuthority = [.verifyIfGiven, .requireAndVerify].contains(settings.clientAuthentication)
        if needsAuthority != (settings.clientAuthorityFile != nil) {
            problems.append(
                (
                    path,
                    "client_ca_file goes with VerifyClientCertIfGiven and RequireAndVerifyClientCert, and with no other"
                ))
        }
        guard problems.isEmpty else { return }
        do throws(ServerTLS.Unusable) {
            _ = try ServerTLS(settings)
            web.tls = settings
        } catch {
            problems.append((path, error.description))
        }
    }

    /// Paths are taken from the folder of the file, as exporter-toolkit takes them.
    private func resolved(_ path: String) -> String {
        path.hasPrefix("/") ? path : URL(filePath: file).deletingLastPathComponent().appending(path: path).path
    }

    private func readUsers(
        _ tree: ConfigurationValue?, _ web: inout WebConfiguration, _ problems: inout [(path: String, message: String)]
    ) {
        for (user, value) in (tree?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            let hash = value.text ?? ""
            guard let match = hash.wholeMatch(of: /\$2[aby]\$([0-9]{2})\$[.\/A-Za-z0-9]{53}/), let cost = Int(match.1),
                (4...31).contains(cost)
            else {
                problems.append(("basic_auth_users.\(user)", "is no bcrypt hash; make one with: htpasswd -nBC 10 \"\""))
                continue
            }
            if user.contains(":") {
                problems.append(("basic_auth_users.\(user)", "a user's name has no colon"))
                continue
            }
            if cost > Self.highestCost {
                web.warnings.append(
                    "\(file): the hash of \(user) has a cost of \(cost); above \(Self.highestCost), who guesses passwords keeps others waiting"
                )
            }
            web.users[user] = hash
        }
    }
}
