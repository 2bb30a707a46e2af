/// A kind of filament, with the data of its tag or preset.
package struct Filament: Sendable, Equatable {
    /// Wire: `tray_type`.
    package let type: String
    /// Wire: `tray_sub_brands`; empty for third-party filament.
    package let brand: String
    /// Wire: `tray_info_idx`.
    package let profile: String
    /// The nozzle temperatures, in °C.
    package let nozzle: ClosedRange<Int>
    package let bed: Int
    /// The recommended drying temperature, in °C; 0 if it is not known.
    let dryingTemperature: Int
    let dryingHours: Int

    private init(
        _ type: String, _ brand: String, _ profile: String, nozzle: ClosedRange<Int>, bed: Int,
        drying: (celsius: Int, hours: Int) = (0, 0)
    ) {
        self.type = type
        self.brand = brand
        self.profile = profile
        self.nozzle = nozzle
        self.bed = bed
        dryingTemperature = drying.celsius
        dryingHours = drying.hours
    }

    static let basicPLA = Filament("PLA", "PLA Basic", "GFA00", nozzle: 190...230, bed: 55, drying: (55, 8))

    /// Filaments with a tag of Bambu Lab.
    static let tagged = [
        basicPLA,
        Filament("PLA", "PLA Matte", "GFA01", nozzle: 190...230, bed: 55, drying: (55, 8)),
        Filament("PETG", "PETG HF", "GFG02", nozzle: 230...260, bed: 70, drying: (65, 8)),
        Filament("ABS", "ABS", "GFB00", nozzle: 240...280, bed: 90, drying: (80, 8)),
        Filament("PLA-CF", "PLA-CF", "GFA50", nozzle: 210...240, bed: 55, drying: (55, 8)),
    ]

    /// Third-party filaments, as set on the printer's screen.
    static let plain = [
        Filament("PLA", "", "GFL99", nozzle: 190...240, bed: 55),
        Filament("PETG", "", "GFG99", nozzle: 220...270, bed: 70),
        Filament("ASA", "", "GFB98", nozzle: 240...280, bed: 90),
        Filament("TPU", "", "GFU99", nozzle: 200...250, bed: 35),
    ]

    /// Wire: `tray_color` without alpha.
    static let colors = ["1C6E8C", "F2F0E6", "2B2B2B", "C84B31", "E9B44C", "6A994E", "8E7DBE", "D3D0CB"]
}
