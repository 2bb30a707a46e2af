/// An HMS message: what the printer finds wrong with itself.
package struct HealthMessage: Sendable, Equatable {
    /// Module and place.
    package let attribute: UInt32
    /// Level, 1 fatal to 4 info, in the high half; the message in the low one.
    package let code: UInt32
    /// Seconds since 1970.
    package let since: Int

    /// HMS_0300_0D00_0001_0003: the plate does not lie right.
    static func plate(since: Int) -> HealthMessage {
        HealthMessage(attribute: 0x0300_0D00, code: 0x0001_0003, since: since)
    }

    /// HMS_0C00_0300_0003_000B: it is looking at the first layer.
    static func firstLayer(since: Int) -> HealthMessage {
        HealthMessage(attribute: 0x0C00_0300, code: 0x0003_000B, since: since)
    }

    /// HMS_0700_2000_0002_0001 and so on: a slot of an AMS ran out.
    static func ranOut(unit: Int, slot: Int, since: Int) -> HealthMessage {
        HealthMessage(
            attribute: (unit >= 128 ? 0x1800_2000 : 0x0700_2000) | UInt32(unit & 7) << 16 | UInt32(slot & 3) << 8,
            code: 0x0002_0001, since: since)
    }
}
