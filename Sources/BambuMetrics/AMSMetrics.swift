import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    static let ams = Self(
        "AMS", of: Hardware.self, from: { $0.state?.hardware },
        [
            .flag(
                "bambu_ams_auto_refill_enabled",
                "Whether the printer switches to another spool of the same filament when one runs out (MQTT home_flag).",
                \.isAutoRefillEnabled)
        ])

    /// The label `ams` is the unit's id on the wire; see `UnitID`.
    static let amsUnits = Self(
        "AMS units", labels: ["ams"], of: Boxed<UnitSubject>.self,
        from: { printer in
            (printer.spoolState?.ams.units ?? []).map { unit in
                let module = printer.printer.firmware.module(ofUnit: unit.id)
                return ([unit.id.description], Boxed(UnitSubject(unit: unit, module: module)))
            }
        },
        [
            .info(
                "bambu_ams_info", ["model", "serial", "firmware", "nozzle"],
                "Model, serial number, firmware and bound nozzle of the AMS unit; always 1 (MQTT ams.ams.info, info.module)."
            ) { subject in
                [
                    subject.value.unit.kind?.rawValue ?? "", subject.value.serial, subject.value.module?.software ?? "",
                    subject.value.unit.nozzle.map { String($0) } ?? "",
                ]
            },
            .gauge(
                "bambu_ams_humidity_index",
                "Humidity level in the AMS unit, from 1 (wettest) to 5 (driest) (MQTT humidity)."
            ) { $0.value.unit.humidityIndex.map(Double.init) },
            .gauge(
                "bambu_ams_humidity_raw_percent", "Relative humidity in the AMS unit, 0 to 100 (MQTT humidity_raw).",
                \.value.unit.humidityRaw),
            .gauge(
                "bambu_ams_temperature_celsius", "Temperature in the AMS unit (MQTT temp).", \.value.unit.temperature),
            .flag("bambu_ams_drying_active", "Whether the AMS unit is drying filament (MQTT dry_time).") {
                $0.value.unit.drying.minutes.map { $0 > 0 }
            },
            .gauge(
                "bambu_ams_drying_remaining_seconds",
                "Remaining drying time of the AMS unit, 0 if it is not drying (MQTT dry_time, in minutes)."
            ) { $0.value.unit.drying.minutes.map { $0 * 60 } },
            .gauge(
                "bambu_ams_drying_target_temperature_celsius",
                "Target temperature of drying in the AMS unit; absent if it is not drying (MQTT dry_setting).",
                \.value.unit.drying.target),
            .states(
                "bambu_ams_drying_state",
                "Drying state of the AMS unit: 1 for the current state, 0 for the others. Only for units that can dry (MQTT ams.ams.info).",
                \.value.unit.dryingState),
            .byLabel(
                "bambu_ams_drying_blocked_info", "reason",
                "Reason why the AMS unit cannot dry now, always 1; one series per reason (MQTT dry_sf_reason)."
            ) { $0.value.unit.drying.blockedReasons.map { ($0, 1) } },
        ])
}

/// An AMS unit and its firmware module.
private struct UnitSubject {
    let unit: AMSUnit
    let module: Firmware.Module?

    var serial: String {
        unit.serial.isEmpty ? module?.serial ?? "" : unit.serial
    }
}
