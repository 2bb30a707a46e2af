import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    /// `tray` is the slot's number on the wire. The external spool is `ams="external"`, `tray="254"` or `"255"`.
    static let trays = Self(
        "AMS slots and spools", labels: ["ams", "tray"], of: TraySubject.self,
        from: { printer in printer.spoolState.map { TraySubject.all(in: $0, model: printer.model) } ?? [] },
        [
            .flag("bambu_ams_tray_present", "Whether a spool is in the slot; not for external spools.") {
                $0.isExternal ? nil : $0.isPresent
            },
            .flag(
                "bambu_ams_tray_active", "Whether the slot feeds the nozzle in use (MQTT tray_now, snow).", \.isActive),
            .info(
                "bambu_ams_tray_info", ["slot", "type", "name", "color", "profile"],
                "What is in the slot: material, name, colour as RRGGBB and filament profile; what is not set is empty."
            ) { subject in
                guard subject.isExternal ? subject.tray.isSet : subject.isPresent else { return nil }
                let tray = subject.tray
                return [subject.place, tray.type, tray.name, tray.color, tray.profile]
            },
            .gauge(
                "bambu_ams_tray_remaining_percent",
                "Filament left on the spool, 0 to 100; absent where it is not tracked (MQTT remain)."
            ) { $0.isPresent && $0.isTracking ? $0.tray.remaining : nil },
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
    /// As the printer's screen writes it: A1 to D4, HT-A to HT-H, Ext.
    let place: String
    let isExternal: Bool
    let isPresent: Bool
    let isTracking: Bool
    /// Whether it feeds the nozzle in use; `nil` where that is not known.
    let isActive: Bool?

    init(tray: Tray, place: String, isExternal: Bool, isPresent: Bool, isTracking: Bool, isActive: Bool?) {
        self.tray = tray
        self.place = place
        self.isExternal = isExternal
        self.isPresent = isPresent
        self.isTracking = isTracking
        self.isActive = isActive
    }

    var isFilled: Bool { isPresent || isExternal && tray.isSet }

    /// Every slot, filled or not, and every external spool of a printer, with the labels `ams` and `tray`.
    static func all(in state: PrinterState, model: Model) -> [(labels: [String], subject: TraySubject)] {
        let nozzles = max(model.nozzleCount, state.toolhead.nozzles.count)
        let active = state.ams.activeFeed(extruder: state.toolhead.activeFeed, nozzleCount: nozzles)
        let inside = state.ams.units.flatMap { unit in
            let isTracking = unit.isTracking
            return unit.slots.enumerated().map { index, slot in
                let subject = TraySubject(
                    tray: slot.tray, place: SlotPlace.name(slot: index, unit: unit.id), isExternal: false,
                    isPresent: slot.isPresent,
                    isTracking: isTracking, isActive: active.map { $0 == .slot(unit: unit.id, slot: index) })
                return (labels: [String(unit.id), String(index)], subject: subject)
            }
        }
        let outside = state.ams.externals.map { external in
            let side = SlotPlace.name(external: external.id, of: state.ams.externals.count)
            let subject = TraySubject(
                tray: external.tray, place: side, isExternal: true, isPresent: false, isTracking: false,
                isActive: active.map { $0 == .external(external.id) })
            return (labels: ["external", String(external.id)], subject: subject)
        }
        return inside + outside
    }
}
