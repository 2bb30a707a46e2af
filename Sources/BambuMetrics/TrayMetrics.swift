import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    /// The label `tray` is the slot's number on the wire, `slot` the name on the printer's screen.
    ///
    /// The external spool is `ams="external"`, `tray="254"` or `"255"`.
    static let trays = Self(
        "AMS slots and spools", labels: ["ams", "tray", "slot"], of: Boxed<TraySubject>.self,
        from: { printer in printer.spoolState.map { TraySubject.all(in: $0, model: printer.model) } ?? [] },
        [
            .flag("bambu_ams_tray_present", "Whether a spool is in the AMS slot; absent for external spools.") {
                $0.value.isExternal ? nil : $0.value.isPresent
            },
            .flag(
                "bambu_ams_tray_active",
                "Whether the AMS slot or external spool feeds the active nozzle (MQTT tray_now, snow).",
                \.value.isActive),
            .info(
                "bambu_ams_tray_info", ["type", "name", "color", "profile"],
                "Material, name, colour (RRGGBB) and filament profile of the spool, always 1; a label is empty if it is not set."
            ) { subject in
                guard subject.value.isExternal ? subject.value.tray.isSet : subject.value.isPresent else { return nil }
                let tray = subject.value.tray
                return [tray.type, tray.name, tray.color, tray.profile]
            },
            .gauge(
                "bambu_ams_tray_remaining_percent",
                "Filament left on the spool, 0 to 100; absent if the printer does not track it (MQTT remain)."
            ) { $0.value.isTracked ? $0.value.tray.remaining : nil },
            .gauge(
                "bambu_ams_tray_remaining_grams",
                "Filament left on the spool; absent if the printer does not track it (MQTT remain_g, or remain and tray_weight)."
            ) { $0.value.isTracked ? $0.value.tray.remainingGrams : nil },
            .gauge("bambu_ams_tray_spool_grams", "Filament on a full spool of this type (MQTT tray_weight).") {
                $0.value.isFilled ? $0.value.tray.grams : nil
            },
            .gauge(
                "bambu_ams_tray_nozzle_temperature_min_celsius",
                "Lowest nozzle temperature recommended for the filament of the spool (MQTT nozzle_temp_min)."
            ) { $0.value.isFilled ? $0.value.tray.nozzleMinimum : nil },
            .gauge(
                "bambu_ams_tray_nozzle_temperature_max_celsius",
                "Highest nozzle temperature recommended for the filament of the spool (MQTT nozzle_temp_max)."
            ) { $0.value.isFilled ? $0.value.tray.nozzleMaximum : nil },
        ])

    static let filament = Self(
        "Filament used", label: "type", of: \.printer.filament.grams,
        [
            .counter(
                "bambu_filament_used_grams_total",
                "Filament used, by material (at most 32). Computed from the decrease of the remaining filament of tracked spools."
            ) { $0 }
        ])
}

/// A slot of an AMS unit, or an external spool.
private struct TraySubject {
    let tray: Tray
    let isExternal: Bool
    let isPresent: Bool
    let isTracking: Bool
    /// Whether it feeds the active nozzle; `nil` if that is unknown.
    let isActive: Bool?

    var isFilled: Bool { isPresent || isExternal && tray.isSet }
    var isTracked: Bool { isPresent && isTracking }

    /// Returns all slots, filled or not, and all external spools of a printer, with the labels `ams`, `tray` and
    /// `slot`.
    static func all(in state: PrinterState, model: Model) -> [(labels: [String], subject: Boxed<TraySubject>)] {
        let active = state.activeSource(on: model)
        func row(_ source: FilamentSource, _ tray: Tray, in slot: (isPresent: Bool, isTracking: Bool)?)
            -> (labels: [String], subject: Boxed<TraySubject>)
        {
            let subject = TraySubject(
                tray: tray, isExternal: slot == nil, isPresent: slot?.isPresent ?? false,
                isTracking: slot?.isTracking ?? false, isActive: active.map { $0 == source })
            return (source.labels(externals: state.ams.externals) ?? [], Boxed(subject))
        }
        let inside = state.ams.units.flatMap { unit in
            unit.slots.enumerated().map { index, slot in
                row(.slot(unit: unit.id, slot: index), slot.tray, in: (slot.isPresent, unit.isTracking))
            }
        }
        return inside + state.ams.externals.spools.map { row(.external($0.id), $0.tray, in: nil) }
    }
}
