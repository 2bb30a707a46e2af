/// A kind of filament, with what its tag or preset says.
package struct Filament: Sendable, Equatable {
    /// `tray_type`.
    package let type: String
    /// `tray_sub_brands`; empty for a third party's.
    package let brand: String
    /// `tray_info_idx`.
    package let profile: String
    /// The first part of `tray_id_name`.
    package let family: String
    /// °C.
    package let nozzle: ClosedRange<Int>
    package let bed: Int
    /// What the maker recommends for drying: °C and hours.
    package let drying: (celsius: Int, hours: Int)

    package static func == (left: Filament, right: Filament) -> Bool {
        left.profile == right.profile && left.type == right.type
    }

    private init(
        _ type: String, _ brand: String, _ profile: String, _ family: String, nozzle: ClosedRange<Int>, bed: Int,
        drying: (Int, Int)
    ) {
        self.type = type
        self.brand = brand
        self.profile = profile
        self.family = family
        self.nozzle = nozzle
        self.bed = bed
        self.drying = (drying.0, drying.1)
    }

    static let basicPLA = Filament("PLA", "PLA Basic", "GFA00", "A00", nozzle: 190...230, bed: 55, drying: (55, 8))

    /// With a tag of the maker.
    static let tagged = [
        basicPLA,
        Filament("PLA", "PLA Matte", "GFA01", "A01", nozzle: 190...230, bed: 55, drying: (55, 8)),
        Filament("PETG", "PETG HF", "GFG02", "G02", nozzle: 230...260, bed: 70, drying: (65, 8)),
        Filament("ABS", "ABS", "GFB00", "B00", nozzle: 240...280, bed: 90, drying: (80, 8)),
        Filament("PLA-CF", "PLA-CF", "GFA50", "A50", nozzle: 210...240, bed: 55, drying: (55, 8)),
    ]

    /// Of third parties, as set at the screen.
    static let plain = [
        Filament("PLA", "", "GFL99", "", nozzle: 190...240, bed: 55, drying: (0, 0)),
        Filament("PETG", "", "GFG99", "", nozzle: 220...270, bed: 70, drying: (0, 0)),
        Filament("ASA", "", "GFB98", "", nozzle: 240...280, bed: 90, drying: (0, 0)),
        Filament("TPU", "", "GFU99", "", nozzle: 200...250, bed: 35, drying: (0, 0)),
    ]

    /// `tray_color` without its alpha.
    static let colors = ["1C6E8C", "F2F0E6", "2B2B2B", "C84B31", "E9B44C", "6A994E", "8E7DBE", "D3D0CB"]
}
