/// A spool of filament.
package struct Spool: Sendable, Equatable {
    /// What the maker's RFID tag says.
    package struct Tag: Sendable, Equatable {
        /// `tag_uid`, 16 hexadecimal digits.
        package let uid: String
        /// `tray_uuid`, 32 hexadecimal digits.
        package let uuid: String
    }

    package let filament: Filament
    /// `RRGGBB`.
    package let color: String
    /// `nil` on a third party's spool: the printer then knows neither weight nor rest.
    package let tag: Tag?
    /// Grams on a full spool.
    package let capacity: Double
    /// Grams left.
    package var left: Double

    /// A spool of any kind.
    package static func random(using random: inout SeededGenerator, full: Bool = false) -> Spool {
        let isTagged = random.happens(0.7)
        let capacity = random.happens(0.15) ? 250.0 : 1000
        return Spool(
            filament: random.pick(isTagged ? Filament.tagged : Filament.plain, else: .basicPLA),
            color: random.pick(Filament.colors, else: "2B2B2B"),
            tag: isTagged ? Tag(uid: hex(8, using: &random), uuid: hex(16, using: &random)) : nil,
            capacity: capacity,
            left: full ? capacity : capacity * random.number(in: 0.12...1))
    }

    /// A spool of 1 kg whose rest the printer knows.
    ///
    /// - Parameter part: what is left of it, 0 to 1.
    static func tagged(_ filament: Filament, left part: Double, using random: inout SeededGenerator) -> Spool {
        Spool(
            filament: filament, color: "2B2B2B", tag: Tag(uid: hex(8, using: &random), uuid: hex(16, using: &random)),
            capacity: 1000, left: 1000 * part)
    }

    /// `remain`: percent, or -1 without a tag.
    package var remain: Int {
        tag == nil ? -1 : Int((100 * max(0, left) / capacity).rounded(.up))
    }

    /// As many random bytes in capital hexadecimal digits.
    static func hex(_ count: Int, using random: inout SeededGenerator) -> String {
        let digits = Array("0123456789ABCDEF")
        return String((0..<2 * count).map { _ in random.pick(digits, else: "0") })
    }
}
