import HTTP

/// What `--web.config.file` says: TLS, who may ask, and fields of every answer.
///
/// The keys are those of Prometheus' exporter-toolkit, in JSON, which its YAML takes in. Source: exporter-toolkit
/// docs/web-configuration.md.
struct WebConfiguration: Sendable, Equatable {
    var tls: ServerTLS.Settings?
    /// bcrypt hashes of passwords, by user.
    var users: [String: String] = [:]
    var headers = Headers()
    /// What is worth a warning, in words.
    var warnings: [String] = []

    /// The keys of the file. Its checks and `docs/web.md` both come from here.
    static let settings: [Setting] = [
        Setting(
            "tls_server_config",
            .object([
                Setting(
                    "cert_file", .text,
                    "The certificate, and those between it and the authority, as PEM. Looked at with every new client, at most once a second: a renewed one needs no restart, and one that cannot be used is logged while the old one stays."
                ),
                Setting("key_file", .text, "The key of the certificate, as PEM."),
                Setting(
                    "client_auth_type", .choice(authentications.map(\.name)),
                    "What clients must show of themselves.", default: "\"NoClientCert\""),
                Setting("client_ca_file", .text, "The authorities that clients' certificates must lead to, as PEM."),
                Setting("min_version", .choice(["TLS12", "TLS13"]), "The oldest TLS to speak.", default: "\"TLS12\""),
                Setting("max_version", .choice(["TLS12", "TLS13"]), "The newest TLS to speak.", default: "\"TLS13\""),
            ]), "Serves HTTPS instead of HTTP."),
        Setting(
            "http_server_config",
            .object([
                Setting("http2", .flag, "Taken and not used: HTTP/1.1 is spoken.", default: "true"),
                Setting(
                    "headers", .object(headerNames.map { Setting($0, .text, "Goes with every answer.") }),
                    "Fields of every answer."),
            ]), "How HTTP is spoken."),
        Setting(
            "basic_auth_users", .map(.secret),
            "The bcrypt hash of each user's password, by the user's name: `htpasswd -nBC 10 \"\"`. `/-/healthy` and `/-/ready` need none."
        ),
    ]

    /// The fields that exporter-toolkit lets be set.
    private static let headerNames = [
        "Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options",
        "X-XSS-Protection",
    ]

    static let authentications: [(name: String, value: ServerTLS.ClientAuthentication)] = [
        ("NoClientCert", .none), ("RequestClientCert", .request), ("RequireAnyClientCert", .requireAny),
        ("VerifyClientCertIfGiven", .verifyIfGiven), ("RequireAndVerifyClientCert", .requireAndVerify),
    ]
}
