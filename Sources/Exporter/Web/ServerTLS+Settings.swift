import HTTP
import TLS

/// The settings of a `tls_server_config` section.
extension ServerTLS.Settings: ConfigurationObject {
    init() { self.init(certificateFile: "", keyFile: "") }

    static let settings: [Setting<Self>] = [
        Setting(
            "cert_file", \.certificateFile, .text,
            """
            The certificate and its intermediates, as PEM. A renewed certificate needs no restart: the file is checked \
            at each new connection, at most once a second. If the new certificate is invalid, an error is logged and \
            the old one stays in use.
            """
        ),
        Setting("key_file", \.keyFile, .text, "The key of the certificate, as PEM."),
        Setting(
            "client_auth_type", \.clientAuthentication,
            .choice([
                ("NoClientCert", .none), ("RequestClientCert", .request), ("RequireAnyClientCert", .requireAny),
                ("VerifyClientCertIfGiven", .verifyIfGiven), ("RequireAndVerifyClientCert", .requireAndVerify),
            ]), "Which certificate clients must present."),
        Setting(
            "client_ca_file", \.clientAuthorityFile, .text,
            "The certificate authorities for client certificates, as PEM."),
        Setting("min_version", \.oldest, versions, "The oldest TLS version that is accepted."),
        Setting("max_version", \.newest, versions, "The newest TLS version that is accepted."),
    ]

    private static var versions: SettingKind<ServerTLS.Version> { .choice([("TLS12", .tls12), ("TLS13", .tls13)]) }

    mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
        guard !certificateFile.isEmpty, !keyFile.isEmpty else {
            return reading.refuse(path, "cert_file and key_file are both required, and one is missing")
        }
        certificateFile = reading.resolved(certificateFile)
        keyFile = reading.resolved(keyFile)
        clientAuthorityFile = clientAuthorityFile.map(reading.resolved)
        if oldest > newest { return reading.refuse(path, "min_version is newer than max_version") }
        let needsAuthority = [.verifyIfGiven, .requireAndVerify].contains(clientAuthentication)
        guard needsAuthority == (clientAuthorityFile != nil) else {
            return reading.refuse(
                path,
                """
                client_ca_file is required for VerifyClientCertIfGiven and RequireAndVerifyClientCert, and not allowed \
                otherwise
                """)
        }
        guard reading.problems.isEmpty else { return }
        do throws(ServerTLS.Unusable) {
            _ = try ServerTLS(self)
        } catch {
            reading.refuse(path, error.description)
        }
    }
}
