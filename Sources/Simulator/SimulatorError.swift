/// Why the simulator cannot do what it was asked to.
package enum SimulatorError: Error, Equatable, CustomStringConvertible {
    /// No `mosquitto` in PATH nor in the places where packages put it.
    case noBroker
    /// The broker did not start or ended by itself; with what it said last.
    case brokerFailed(output: String)
    /// A call into OpenSSL that failed.
    case openSSL(operation: String)
    /// A file or directory that cannot be written, read or removed.
    case file(path: String, reason: String)
    /// A recording in no form that can be played.
    case recording(path: String, reason: String)
    /// A flag, or the value of one, that cannot be understood.
    case usage(String)

    package var description: String {
        switch self {
        case .noBroker:
            "mosquitto is not installed; apt-get install mosquitto"
        case .brokerFailed(let output):
            "mosquitto ended: \(output.isEmpty ? "it said nothing" : output)"
        case .openSSL(let operation):
            "OpenSSL failed at \(operation)"
        case .file(let path, let reason):
            "\(path): \(reason)"
        case .recording(let path, let reason):
            "\(path) cannot be played: \(reason)"
        case .usage(let text):
            text
        }
    }
}
