import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    static let ams = Self(
        "AMS", of: Hardware.self, from: { $0.state?.hardware },
        [
            .flag(
                "bambu_ams_auto_refill_enabled",
                "Whether printing goes on with another spool of the same filament when one ends (MQTT home_flag)."
            ) { $0.isAutoRefillEnabled }
        ])

    /// `ams` is the unit's id on the wire; see `UnitID`.
    static let amsUnits = Self(
        "AMS units", labels: ["ams"], of: UnitSubject.self,
        from: { printer in
            (printer.spoolState?.ams.units ?? []).map { unit in
                let module = printer.printer.firmware.module(ofUnit: unit.id)
                return ([unit.id.description], UnitSubject(unit: unit, module: module))
            }
        },
        [
            .info(
                "bambu_ams_info", ["model", "serial", "firmware", "nozzle"],
                "What the unit is, and the nozzle it feeds where it is bound to one (MQTT ams.ams.info, info.module)."
            ) { subject in
                [
                    subject.unit.kind?.rawValue ?? "", subject.serial, subject.module?.software ?? "",
                    subject.unit.nozzle.map { String($0) } ?? "",
                ]
            },
            .gauge(
                "bambu_ams_humidity_index", "Humidity as the unit grades it, 1 wettest to 5 driest (MQTT humidity)."
            ) { $0.unit.humidityIndex.map(Double.init) },
            .gauge("bambu_ams_humidity_raw_percent", "Relative humidity in the unit (MQTT humidity_raw).") {
                $0.unit.humidityRaw
            },
            .gauge("bambu_ams_temperature_celsius", "Temperature in the unit (MQTT temp).") { $0.unit.temperature },
            .flag("bambu_ams_drying_active", "Whether the unit dries its filament (MQTT dry_time).") {
                $0.unit.drying.minutes.map { $0 > 0 }
            },
            .gauge(
                "bambu_ams_drying_remaining_seconds",
                "Time left of drying, 0 when it does not (MQTT dry_time, in minutes)."
            ) { $0.unit.drying.minutes.map { $0 * 60 } },
            .gauge(
                "bambu_ams_drying_target_temperature_celsius",
                "Temperature that drying regulates to, while it does (MQTT dry_setting)."
            ) { $0.unit.drying.target },
            .states(
                "bambu_ams_drying_state",
                "What the unit does about drying: 1 for the state it is in; units that dry (MQTT ams.ams.info)."
            ) { $0.unit.dryingState },
            .byLabel(
                "bambu_ams_drying_blocked_info", "reason",
                "A reason why the unit will not dry now, one series each (MQTT dry_sf_reason)."
            ) { $0.unit.drying.blockedReasons.map { ($0, 1) } },
        ])
}

/// An AMS unit and the firmware that runs on it. A class, as every metric of the group is handed it, texts and all.
private final class UnitSubject: Sendable {
    let unit: AMSUnit
    let module: Firmware.Module?

    init(unit: AMSUnit, module: Firmware.Module?) {
        self.unit = unit
        self.module = module
    }

    var serial: String {
        unit.serial.isEmpty ? module?.serial ?? "" : unit.serial
    }
}
