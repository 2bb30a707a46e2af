/// An HMS message: a problem that the printer detected.
package struct HealthMessage: Sendable, Equatable {
    /// The module and its part.
    package let attribute: UInt32
    /// The level (1 fatal to 4 info) in the high half, the message number in the low half.
    package let code: UInt32
    /// The time, in seconds since 1970.
    package let since: Int

    /// HMS_0300_0D00_0001_0003: the build plate is not aligned.
    static func plate(since: Int) -> HealthMessage {
        HealthMessage(attribute: 0x0300_0D00, code: 0x0001_0003, since: since)
    }

    /// HMS_0C00_0300_0003_000B: the first layer is being inspected.
    static func firstLayer(since: Int) -> HealthMessage {
        HealthMessage(attribute: 0x0C00_0300, code: 0x0003_000B, since: since)
    }

    /// HMS_0700_2000_0002_0001 and similar: the filament of an AMS slot ran out.
    static func ranOut(unit: Int, slot: Int, since: Int) -> HealthMessage {
        HealthMessage(
            attribute: (unit >= 128 ? 0x1800_2000 : 0x0700_2000) | UInt32(unit & 7) << 16 | UInt32(slot & 3) << 8,
            code: 0x0002_0001, since: since)
    }
}
