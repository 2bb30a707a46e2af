import JSONScanning

/// Whether a printer stands in connection with the cloud's broker, as that broker tells its subscribers.
///
/// Wire: `{"event":{"event":"client.connected"}}` on the report topic. Source: ha-bambulab bambu_client.py:607-616.
package enum Presence: String, Sendable {
    case connected = "client.connected"
    case disconnected = "client.disconnected"

    /// Reads the object `event`; `nil` for an event of another kind. Nothing of it is counted as a field.
    init?(_ reader: inout FieldReader) throws {
        var name: String?
        let before = reader.rejected
        try reader.object { reader, key in
            if key.equals("event") { try reader.text(into: &name) } else { try reader.scanner.skip() }
        }
        reader.pardon(since: before)
        guard let name, let presence = Presence(rawValue: name) else { return nil }
        self = presence
    }
}
