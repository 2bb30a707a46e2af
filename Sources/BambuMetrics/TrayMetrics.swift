import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    /// `tray` is the slot's number on the wire, `slot` what the screen calls it. The external spool is `ams="external"`,
    /// `tray="254"` or `"255"`.
    static let trays = Self(
        "AMS slots and spools", labels: ["ams", "tray", "slot"], of: TraySubject.self,
        from: { printer in printer.spoolState.map { TraySubject.all(in: $0, model: printer.model) } ?? [] },
        [
            .flag("bambu_ams_tray_present", "Whether a spool is in the slot; not for external spools.") {
                $0.isExternal ? nil : $0.isPresent
            },
            .flag(
                "bambu_ams_tray_active", "Whether the slot feeds the nozzle in use (MQTT tray_now, snow).", \.isActive),
            .info(
                "bambu_ams_tray_info", ["type", "name", "color", "profile"],
                "What is in the slot: material, name, colour as RRGGBB and filament profile; what is not set is empty."
            ) { subject in
                guard subject.isExternal ? subject.tray.isSet : subject.isPresent else { return nil }
                let tray = subject.tray
                return [tray.type, tray.name, tray.color, tray.profile]
            },
            .gauge(
                "bambu_ams_tray_remaining_percent",
                "Filament left on the spool, 0 to 100; absent where it is not tracked (MQTT remain)."
            ) { $0.isTracked ? $0.tray.remaining : nil },
            .gauge(
                "bambu_ams_tray_remaining_grams",
                "Filament left on the spool in grams; absent with the percent (MQTT remain_g, or remain and tray_weight)."
            ) { $0.isTracked ? $0.tray.remainingGrams : nil },
            .gauge("bambu_ams_tray_spool_grams", "Filament on a full spool of this kind (MQTT tray_weight).") {
                $0.isFilled ? $0.tray.grams : nil
            },
            .gauge(
                "bambu_ams_tray_nozzle_temperature_min_celsius",
                "Lowest nozzle temperature recommended for the filament (MQTT nozzle_temp_min)."
            ) { $0.isFilled ? $0.tray.nozzleMinimum : nil },
            .gauge(
                "bambu_ams_tray_nozzle_temperature_max_celsius",
                "Highest nozzle temperature recommended for the filament (MQTT nozzle_temp_max)."
            ) { $0.isFilled ? $0.tray.nozzleMaximum : nil },
        ])

    static let filament = Self(
        "Filament used", labels: ["type"], of: Double.self,
        from: { printer in printer.printer.filament.grams.sorted { $0.key < $1.key }.map { ([$0.key], $0.value) } },
        [
            .counter(
                "bambu_filament_used_grams_total",
                "Filament that left the spools, from the falls of what remains; by material, at most 32 of them."
            ) { $0 }
        ])
}

/// A slot of an AMS unit, or an external spool. A class, since every metric of the group is handed it, texts and all.
private final class TraySubject: Sendable {
    let tray: Tray
    let isExternal: Bool
    let isPresent: Bool
    let isTracking: Bool
    /// Whether it feeds the nozzle in use; `nil` where that is not known.
    let isActive: Bool?

    init(tray: Tray, isExternal: Bool, isPresent: Bool, isTracking: Bool, isActive: Bool?) {
        self.tray = tray
        self.isExternal = isExternal
        self.isPresent = isPresent
        self.isTracking = isTracking
        self.isActive = isActive
    }

    var isFilled: Bool { isPresent || isExternal && tray.isSet }
    var isTracked: Bool { isPresent && isTracking }

    /// Every slot, filled or not, and every external spool of a printer, with the labels `ams`, `tray` and `slot`.
    static func all(in state: PrinterState, model: Model) -> [(labels: [String], subject: TraySubject)] {
        let active = state.activeFeed(on: model)
        let inside = state.ams.units.flatMap { unit in
            let isTracking = unit.isTracking
            return unit.slots.enumerated().map { index, slot in
                let feed = Toolhead.Feed.slot(unit: unit.id, slot: index)
                let subject = TraySubject(
                    tray: slot.tray, isExternal: false, isPresent: slot.isPresent, isTracking: isTracking,
                    isActive: active.map { $0 == feed })
                return (labels: feed.labels(externals: state.ams.externals) ?? [], subject: subject)
            }
        }
        let outside = state.ams.externals.spools.map { external in
            let feed = Toolhead.Feed.external(external.id)
            let subject = TraySubject(
                tray: external.tray, isExternal: true, isPresent: false, isTracking: false,
                isActive: active.map { $0 == feed })
            return (labels: feed.labels(externals: state.ams.externals) ?? [], subject: subject)
        }
        return inside + outside
    }
}
