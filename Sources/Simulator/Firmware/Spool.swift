package struct Spool: Sendable, Equatable {
    /// The data of the maker's RFID tag.
    package struct Tag: Sendable, Equatable {
        /// Wire: `tag_uid`, 16 hexadecimal digits.
        package let uid: String
        /// Wire: `tray_uuid`, 32 hexadecimal digits.
        package let uuid: String
    }

    package let filament: Filament
    /// The colour as `RRGGBB`.
    package let color: String
    /// The tag; `nil` on a third-party spool, whose weight and remainder the printer cannot determine.
    package let tag: Tag?
    /// The weight of the filament on a full spool, in grams.
    package let capacity: Double
    /// The filament left, in grams.
    package var left: Double

    package static func random(using random: inout SeededGenerator, full: Bool = false) -> Spool {
        let isTagged = random.happens(0.7)
        let capacity = random.happens(0.15) ? 250.0 : 1000
        return Spool(
            filament: (isTagged ? Filament.tagged : Filament.plain).randomElement(using: &random) ?? .basicPLA,
            color: Filament.colors.randomElement(using: &random) ?? "2B2B2B",
            tag: isTagged ? Tag(uid: hex(8, using: &random), uuid: hex(16, using: &random)) : nil,
            capacity: capacity,
            left: full ? capacity : capacity * random.number(in: 0.12...1))
    }

    /// Returns a spool of 1 kg with a tag; `part` is the fraction left, 0 to 1.
    static func tagged(_ filament: Filament, left part: Double, using random: inout SeededGenerator) -> Spool {
        Spool(
            filament: filament, color: "2B2B2B", tag: Tag(uid: hex(8, using: &random), uuid: hex(16, using: &random)),
            capacity: 1000, left: 1000 * part)
    }

    /// Wire: `remain`, in percent; -1 without a tag.
    package var remain: Int {
        tag == nil ? -1 : Int((100 * max(0, left) / capacity).rounded(.up))
    }

    /// Returns `count` random bytes in upper-case hexadecimal.
    static func hex(_ count: Int, using random: inout SeededGenerator) -> String {
        String((0..<2 * count).map { _ in "0123456789ABCDEF".randomElement(using: &random) ?? "0" })
    }
}
