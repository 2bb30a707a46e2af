import BambuProtocol
import Platform

extension Configuration {
    /// An element of `printers`: one printer.
    struct Printer: ConfigurationObject, Equatable {
        var name = ""
        var serial = ""
        var host: String?
        var port: UInt16 = 8883
        var accessCode: Secret?
        /// The file of `accessCode`; it is read again after a refusal.
        var accessCodeFile: String?
        var model: Model?
        var trust = TrustSettings()
        var camera = Camera()

        static let settings: [Setting<Self>] =
            [
                Setting(
                    "name", \.name, .text,
                    "The `printer` label of every metric. It must be unique. Default: the serial number.",
                    variable: "BAMBU_PRINTER_NAME"),
                Setting(
                    "serial", \.serial, .serial,
                    "The serial number, from the printer's sticker or screen. Required; case-sensitive.",
                    variable: "BAMBU_PRINTER_SERIAL"),
                Setting(
                    "host", \.host, .host,
                    """
                    The host name or IP address on the LAN, without scheme and port. Without it, the printer is read \
                    through `broker` or `cloud`; if neither is configured, it is listed as down.
                    """,
                    variable: "BAMBU_PRINTER_HOST"),
                Setting(
                    "access_code", \.accessCode, .secret,
                    "The access code, from the network settings on the printer's screen.",
                    variable: "BAMBU_PRINTER_ACCESS_CODE"),
                Setting(
                    "access_code_file", \.accessCodeFile, .text,
                    "A file with the access code, instead of `access_code`.",
                    variable: "BAMBU_PRINTER_ACCESS_CODE_FILE"),
                Setting(
                    "model", \.model, .choice(Model.known.map { ($0.name, $0) }),
                    "The model, instead of the one that the printer reports."),
            ] + common

        /// The keys that `defaults` has too.
        static let common: [Setting<Self>] = [
            Setting("mqtt_port", \.port, .port, "The port of the printer's MQTT broker."),
            Setting("tls", \.trust, "How to verify the printer's certificate."),
            Setting("camera", \.camera, "How to probe the printer's camera; see [camera.md](camera.md)."),
        ]

        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            if value["serial"] == nil {
                reading.refuse(
                    path, "serial is missing. It is on the printer's sticker and on its screen")
            }
            if name.isEmpty { name = serial }
            accessCode = reading.secret(accessCode, orFile: accessCodeFile, at: "\(path).access_code")
            if host != nil, value["access_code"] == nil, value["access_code_file"] == nil {
                reading.refuse(
                    path,
                    """
                    access_code or access_code_file is missing. The code is on the printer's screen, in the network \
                    settings
                    """
                )
            }
            trust.check(at: "\(path).tls", &reading)
            camera.check(at: "\(path).camera", &reading)
        }

        /// Applies the environment to the one printer that can be configured there.
        mutating func override(by environment: [String: String], _ reading: inout ConfigurationReading) {
            let (code, file) = (accessCode, accessCodeFile)
            (accessCode, accessCodeFile) = (nil, nil)
            read(environment: environment, &reading)
            if name.isEmpty { name = serial }
            if host == nil {
                reading.refuse("BAMBU_PRINTER_HOST", "is missing. Set it to the printer's host name or IP address")
            }
            if accessCode == nil, accessCodeFile == nil {
                (accessCode, accessCodeFile) = (code, file)
                guard code == nil else { return }
                reading.refuse(
                    "BAMBU_PRINTER_ACCESS_CODE",
                    "is missing. The code is on the printer's screen, in the network settings")
            } else {
                accessCode = reading.secret(accessCode, orFile: accessCodeFile, at: "BAMBU_PRINTER_ACCESS_CODE")
            }
        }
    }
}

extension Configuration.Camera {
    /// Checks that a probe fits into its interval.
    fileprivate func check(at path: String, _ reading: inout ConfigurationReading) {
        let interval = interval(for: cameraProtocol)
        guard window >= interval else { return }
        reading.refuse(
            "\(path).window",
            """
            \(DurationText.text(of: window)) is too long. The window must be shorter than the interval of \
            \(DurationText.text(of: interval))
            """
        )
    }
}
