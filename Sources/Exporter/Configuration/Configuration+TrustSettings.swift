import TLS

extension Configuration {
    /// The `tls` section of a printer: how its certificate is verified.
    struct TrustSettings: ConfigurationObject, Equatable {
        enum Mode: String, Sendable, CaseIterable {
            case tofu, ca, pin, none
        }

        var mode = Mode.tofu
        var authorityFile: String?
        var fingerprint: Fingerprint?

        static let settings: [Setting<Self>] = [
            Setting(
                "verify", \.mode, .choice,
                """
                How to verify the printer's certificate: `tofu` remembers the first one, `ca` requires a chain to \
                `ca_file`, `pin` requires `fingerprint`, `none` accepts any certificate and logs a warning. If this \
                key is missing, `ca_file` selects `ca` and `fingerprint` selects `pin`.
                """
            ),
            Setting("ca_file", \.authorityFile, .text, "A PEM file with the certificate authorities that `ca` trusts."),
            Setting(
                "fingerprint", \.fingerprint, .fingerprint,
                """
                The SHA-256 fingerprint of the leaf certificate that `pin` requires: `sha256:` and 64 hexadecimal \
                digits.
                """),
        ]

        /// Derives the mode from the other keys if `verify` is missing.
        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            guard value["verify"] == nil else { return }
            let (hasAuthorities, hasFingerprint) = (value["ca_file"] != nil, value["fingerprint"] != nil)
            if hasAuthorities, hasFingerprint {
                reading.refuse(
                    path, "verify is missing. Set it to \"ca\" to use ca_file, or to \"pin\" to use fingerprint")
            }
            if hasAuthorities { mode = .ca } else if hasFingerprint { mode = .pin }
        }

        /// Checks that the keys of the mode are present, and reads its file.
        func check(at path: String, _ reading: inout ConfigurationReading) {
            switch mode {
            case .ca:
                guard let authorityFile else {
                    return reading.refuse(
                        path, "verify: \"ca\" requires ca_file, a PEM file with the authorities to trust")
                }
                reading.readAuthorities(authorityFile, at: "\(path).ca_file")
            case .pin where fingerprint == nil:
                reading.refuse(
                    path, "verify: \"pin\" requires fingerprint, the SHA-256 fingerprint of the printer's certificate")
            default: break
            }
        }
    }
}
