import Reactor

extension Configuration {
    /// How a printer's certificate is verified.
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
                "How the printer's certificate is verified: `tofu` remembers the first one, `ca` requires a chain to `ca_file`, `pin` requires `fingerprint`, `none` accepts any and warns. Without this key, `ca_file` alone means `ca`, and `fingerprint` alone means `pin`."
            ),
            Setting("ca_file", \.authorityFile, .text, "PEM file of the authorities that `ca` trusts."),
            Setting(
                "fingerprint", \.fingerprint, .fingerprint,
                "SHA-256 of the leaf certificate that `pin` requires: `sha256:` and 64 digits."),
        ]

        /// Sets the mode that the other key of the section is for.
        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            guard value["verify"] == nil else { return }
            switch (value["ca_file"], value["fingerprint"]) {
            case (nil, nil): break
            case (.some, nil): mode = .ca
            case (nil, .some): mode = .pin
            case (.some, .some):
                reading.refuse(path, "verify is missing: \"ca\" uses ca_file, and \"pin\" uses fingerprint")
            }
        }

        /// Checks that the mode has what it needs, and reads its file.
        ///
        /// - Parameter path: the path of the printer's `tls` section.
        func check(at path: String, _ reading: inout ConfigurationReading) {
            switch mode {
            case .ca:
                guard let authorityFile else {
                    return reading.refuse(
                        path, "verify: \"ca\" needs ca_file, the PEM file of the authorities to trust")
                }
                reading.readAuthorities(authorityFile, at: "\(path).ca_file")
            case .pin where fingerprint == nil:
                reading.refuse(
                    path, "verify: \"pin\" needs fingerprint, the SHA-256 of the printer's certificate")
            default: break
            }
        }
    }
}
