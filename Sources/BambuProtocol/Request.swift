/// What this program says to a printer: these three, and nothing else, ever. None of them changes anything.
///
/// Source: OpenBambuAPI mqtt.md:137-160.
package enum Request: String, CaseIterable, Sendable {
    case getVersion = #"{"info":{"sequence_id":"0","command":"get_version"}}"#
    case pushAll = #"{"pushing":{"sequence_id":"0","command":"pushall","version":1,"push_target":1}}"#
    /// Gets a printer that has fallen silent to report again.
    case start = #"{"pushing":{"sequence_id":"0","command":"start"}}"#

    package var payload: [UInt8] { Array(rawValue.utf8) }

    /// Where a printer listens.
    package static func topic(serial: String) -> String { "device/\(serial)/request" }

    /// Where a printer speaks.
    package static func reportTopic(serial: String) -> String { "device/\(serial)/report" }
}
