import HTTP
import Platform

/// The contents of a `--web.config.file`: TLS, users and response headers.
///
/// The keys are those of Prometheus' exporter-toolkit, in JSON, which is a subset of its YAML. Source: exporter-toolkit
/// docs/web-configuration.md.
struct WebConfiguration: ConfigurationObject, Equatable {
    /// A `http_server_config` section.
    struct ServerSettings: ConfigurationObject, Equatable {
        var http2 = true
        var headers = ResponseFields()

        static let settings: [Setting<Self>] = [
            Setting("http2", \.http2, .flag, "Accepted but not used: the listener supports HTTP/1.1 only."),
            Setting("headers", \.headers, "Headers to add to every response."),
        ]
    }

    /// The headers of every response.
    struct ResponseFields: ConfigurationObject, Equatable {
        fileprivate var values: [String: String] = [:]

        /// The headers that exporter-toolkit allows.
        static let settings: [Setting<Self>] = [
            "Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options",
            "X-XSS-Protection",
        ].map { Setting($0, \.values[$0], .text, "A header to add to every response.") }
    }

    var tls: ServerTLS.Settings?
    var server = ServerSettings()
    /// bcrypt hashes of passwords, by user.
    var users: [String: Secret] = [:]

    static let settings: [Setting<Self>] = [
        Setting("tls_server_config", \.tls, "Serve HTTPS instead of HTTP."),
        Setting("http_server_config", \.server, "HTTP settings."),
        Setting(
            "basic_auth_users", \.users, .map(.bcryptHash),
            """
            The bcrypt hash of each user's password, by user name. To make one, run `htpasswd -nBC 10 \"\"`. \
            `/-/healthy` and `/-/ready` need no password.
            """
        ),
    ]

    mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
        for user in users.keys.sorted() where user.contains(":") {
            reading.refuse("basic_auth_users.\(user)", "a user name must not contain a colon")
        }
    }

    /// Above this cost, a check takes so long that it delays other clients; each step doubles the time.
    private static let highestCost = 12

    var warnings: [String] {
        users.sorted { $0.key < $1.key }.compactMap { user, hash in
            guard let cost = BcryptCost.of(hash.revealed), cost > Self.highestCost else { return nil }
            return
                """
                basic_auth_users.\(user): the hash has a cost of \(cost); above \(Self.highestCost), each check of a \
                password delays other clients
                """
        }
    }

    /// The headers of every response, sorted by name.
    var headers: Headers {
        var headers = Headers()
        for (name, value) in server.headers.values.sorted(by: { $0.key < $1.key }) { headers.append(name, value) }
        return headers
    }
}

extension WebConfiguration {
    private static let sizeLimit = 1 << 20

    /// Reads and checks a file.
    ///
    /// - Throws: `ConfigurationError` with all problems.
    init(file: String) throws(ConfigurationError) {
        let bytes = try FileReading.bytes(of: file, limit: Self.sizeLimit, as: "the web configuration")
        let reading = try read(
            String(decoding: bytes, as: UTF8.self), of: file,
            note: "the web configuration must be JSON; YAML is not supported: ")
        if !reading.problems.isEmpty { throw ConfigurationError(reading.problems) }
    }
}

extension SettingKind where Value == Secret {
    /// A bcrypt hash; no message shows it.
    fileprivate static var bcryptHash: Self {
        secret.checked { hash in
            let form = Pattern("\\$2[aby]\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}")
            return form.matches(hash.revealed) ? nil : "is not a bcrypt hash; make one with: htpasswd -nBC 10 \"\""
        }
    }
}
