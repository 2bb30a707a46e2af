import BambuProtocol
import Reactor

extension Configuration {
    /// One printer.
    struct Printer: ConfigurationObject, Equatable {
        /// The label `printer`.
        var name = ""
        var serial = ""
        /// `nil` for a printer that is not reached over the LAN.
        var host: String?
        var port: UInt16 = 8883
        var accessCode: Secret?
        /// The file that `accessCode` was read from; it is read again after a refusal.
        var accessCodeFile: String?
        var model: Model?
        var trust = TrustSettings()
        var camera = Camera()

        static let settings: [Setting<Self>] =
            [
                Setting(
                    "name", \.name, .text,
                    "The label `printer` of every metric; must be unique. Default: the serial number.",
                    variable: "BAMBU_PRINTER_NAME"),
                Setting(
                    "serial", \.serial, .serial,
                    "The serial number, on a sticker and on the screen. Required; case-sensitive.",
                    variable: "BAMBU_PRINTER_SERIAL"),
                Setting(
                    "host", \.host, .host,
                    "Name or address on the LAN, without scheme and port. Without it, a printer is read through `broker` or `cloud`; if neither is configured, it is listed as down.",
                    variable: "BAMBU_PRINTER_HOST"),
                Setting(
                    "access_code", \.accessCode, .secret,
                    "The access code, on the printer's screen under its network settings.",
                    variable: "BAMBU_PRINTER_ACCESS_CODE"),
                Setting(
                    "access_code_file", \.accessCodeFile, .text,
                    "A file with the access code, instead of `access_code`.",
                    variable: "BAMBU_PRINTER_ACCESS_CODE_FILE"),
                Setting(
                    "model", \.model, .choice(Model.known.map { ($0.name, $0) }),
                    "Overrides the model that the printer reports."),
            ] + shared

        /// The keys that `defaults` has too.
        static let shared: [Setting<Self>] = [
            Setting("mqtt_port", \.port, .port, "The port of the printer's MQTT broker."),
            Setting("tls", \.trust, "How the printer's certificate is verified."),
            Setting("camera", \.camera, "How the printer's camera is probed; see [camera.md](camera.md)."),
        ]

        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            if value["serial"] == nil {
                reading.refuse(
                    path, "the serial number is missing; it is on a sticker of the printer and on its screen")
            }
            if name.isEmpty { name = serial }
            accessCode = reading.secret(accessCode, orFile: accessCodeFile, at: "\(path).access_code")
            if host != nil, value["access_code"] == nil, value["access_code_file"] == nil {
                reading.refuse(
                    path,
                    "access_code or access_code_file is missing; the printer's screen shows the code under its network settings"
                )
            }
            trust.check(at: "\(path).tls", &reading)
            camera.check(at: "\(path).camera", &reading)
        }

        /// Overrides what the file says by the environment, for the one printer that can be configured there.
        mutating func override(by environment: [String: String], _ reading: inout ConfigurationReading) {
            let (code, file) = (accessCode, accessCodeFile)
            (accessCode, accessCodeFile) = (nil, nil)
            read(environment: environment, &reading)
            if name.isEmpty { name = serial }
            if host == nil {
                reading.refuse("BAMBU_PRINTER_HOST", "is missing; it is the printer's address on the LAN")
            }
            if accessCode == nil, accessCodeFile == nil {
                (accessCode, accessCodeFile) = (code, file)
                guard code == nil else { return }
                reading.refuse(
                    "BAMBU_PRINTER_ACCESS_CODE",
                    "is missing; the printer's screen shows the code under its network settings")
            } else {
                accessCode = reading.secret(accessCode, orFile: accessCodeFile, at: "BAMBU_PRINTER_ACCESS_CODE")
            }
        }
    }
}

extension Configuration.Camera {
    /// Checks that a probe fits into its interval.
    ///
    /// - Parameter path: the path of the printer's `camera` section.
    fileprivate func check(at path: String, _ reading: inout ConfigurationReading) {
        let interval = interval(for: language)
        guard window >= interval else { return }
        reading.refuse(
            "\(path).window",
            "a window of \(DurationText.text(of: window)) does not fit into an interval of \(DurationText.text(of: interval))"
        )
    }
}
