import JSONScanning

/// Whether a printer is connected to the cloud's broker, as the broker reports it.
///
/// Wire: `{"event":{"event":"client.connected"}}` on the report topic. Source: ha-bambulab bambu_client.py:607-616.
package enum CloudPresence: String, Sendable {
    case connected = "client.connected"
    case disconnected = "client.disconnected"

    /// Reads the object `event`; `nil` if the event is of another kind. Its fields are not counted.
    init?(_ reader: inout FieldReader) throws {
        var name: String?
        let before = reader.rejected
        try reader.object { reader, key in
            if key.equals("event") { try reader.text(into: &name) } else { try reader.scanner.skip() }
        }
        reader.restoreRejected(before)
        guard let name, let presence = CloudPresence(rawValue: name) else { return nil }
        self = presence
    }
}
