/// The three requests that this program sends to a printer. It sends nothing else, and none of them changes anything.
///
/// Source: OpenBambuAPI mqtt.md:137-160.
package enum PrinterRequest: String, CaseIterable, Sendable {
    case getVersion = #"{"info":{"sequence_id":"0","command":"get_version"}}"#
    case pushAll = #"{"pushing":{"sequence_id":"0","command":"pushall","version":1,"push_target":1}}"#
    /// Makes a printer that stopped reporting report again.
    case start = #"{"pushing":{"sequence_id":"0","command":"start"}}"#

    package var payload: [UInt8] { Array(rawValue.utf8) }

    /// The topic on which a printer receives requests.
    package static func topic(serial: String) -> String { "device/\(serial)/request" }

    /// The topic on which a printer sends its reports.
    package static func reportTopic(serial: String) -> String { "device/\(serial)/report" }
}
