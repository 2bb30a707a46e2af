package enum SimulatorError: Error, Equatable, CustomStringConvertible {
    /// `mosquitto` is neither in PATH nor in the directories of packages.
    case noBroker
    /// The broker did not start or ended unexpectedly, with the last lines of its output.
    case brokerFailed(output: String)
    case openSSL(operation: String)
    case file(path: String, reason: String)

    package var description: String {
        switch self {
        case .noBroker:
            "mosquitto is not installed. Install it, for example with: apt-get install mosquitto"
        case .brokerFailed(let output):
            "mosquitto stopped: \(output.isEmpty ? "it printed no message" : output)"
        case .openSSL(let operation):
            "OpenSSL failed in \(operation)"
        case .file(let path, let reason):
            "\(path): \(reason)"
        }
    }
}
