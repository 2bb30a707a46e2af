import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    /// The label `nozzle` is 0 for the only or the right nozzle, 1 for the left one.
    static let nozzles = Self(
        "Nozzles", labels: ["nozzle"], of: Boxed<NozzleSubject>.self,
        from: { printer in
            guard let state = printer.state else { return [] }
            let (toolhead, externals) = (state.toolhead, state.ams.externals)
            return toolhead.nozzles.map {
                ([String($0.id)], Boxed(NozzleSubject(nozzle: $0, toolhead: toolhead, externals: externals)))
            }
        },
        [
            .gauge(
                "bambu_nozzle_temperature_celsius",
                "Measured temperature of the nozzle (MQTT nozzle_temper, or the low half of device.extruder.info.temp).",
                \.value.nozzle.temperature.measured),
            .gauge(
                "bambu_nozzle_target_temperature_celsius",
                "Target temperature of the nozzle, 0 if its heater is off (MQTT nozzle_target_temper, or the high half of device.extruder.info.temp).",
                \.value.nozzle.temperature.target),
            .info(
                "bambu_nozzle_info", ["diameter", "type"],
                "Diameter (in mm) and type of the installed nozzle; always 1."
            ) {
                $0.value.nozzle.diameter.isEmpty && $0.value.nozzle.type.isEmpty
                    ? nil : [$0.value.nozzle.diameter, $0.value.nozzle.type]
            },
            .flag("bambu_nozzle_active", "Whether the nozzle is in use; 0 for both nozzles during a switch.") {
                $0.value.toolhead.isActive($0.value.nozzle.id)
            },
            .info(
                "bambu_nozzle_tray_info", ["ams", "tray", "slot"],
                "Slot that is loaded in the nozzle, always 1; only on printers with several nozzles (MQTT device.extruder.info.snow)."
            ) { subject in
                subject.value.toolhead.hasSeveral
                    ? subject.value.nozzle.source?.labels(externals: subject.value.externals) : nil
            },
            .flag(
                "bambu_nozzle_filament_present",
                "Whether filament is present in the toolhead (MQTT hw_switch_state, device.extruder.info.info)."
            ) { $0.value.toolhead.isFilamentPresent(at: $0.value.nozzle.id) },
        ])

    /// Print times as recorded by the nozzles; kept while the printer is down.
    static let nozzleTimes = Self(
        "Nozzle print time", label: "nozzle", of: \.printer.printTimes.nozzles,
        [
            .counter(
                "bambu_nozzle_print_seconds_total",
                "Print time that the installed nozzle has recorded (MQTT device.nozzle.info.p_t)."
            ) { $0 }
        ])

    /// The label `hotend` is the number of the hotend's place in the rack, from 1.
    static let hotends = Self(
        "Hotends", labels: ["hotend"], of: Rack.Hotend.self,
        from: { printer in (printer.state?.toolhead.hotends ?? []).map { ([String($0.number)], $0) } },
        [
            .info(
                "bambu_hotend_info", ["place", "diameter", "type"],
                "Place (mounted or rack), diameter (in mm) and type of a hotend of the rack; always 1 (MQTT device.nozzle.info)."
            ) { [$0.isMounted ? "mounted" : "rack", $0.diameter, $0.type] }
        ])

    /// Print times as recorded by the hotends; kept while the printer is down.
    static let hotendTimes = Self(
        "Hotend print time", label: "hotend", of: \.printer.printTimes.hotends,
        [
            .counter(
                "bambu_hotend_print_seconds_total",
                "Print time that the hotend has recorded (MQTT device.nozzle.info.p_t)."
            ) { $0 }
        ])

    static let temperatures = Self(
        "Bed and chamber", of: HeatingSubject.self,
        from: { printer in
            printer.state.map {
                HeatingSubject(
                    bed: $0.heaters.bed(of: printer.model), chamber: $0.heaters.chamber(of: printer.model),
                    chamberHeater: $0.heaters.chamberHeater(of: printer.model), airductMode: $0.fans.airduct.mode)
            }
        },
        [
            .gauge(
                "bambu_bed_temperature_celsius",
                "Measured temperature of the bed (MQTT bed_temper, or the low half of device.bed.info.temp).",
                \.bed.measured),
            .gauge(
                "bambu_bed_target_temperature_celsius",
                "Target temperature of the bed, 0 if its heater is off (MQTT bed_target_temper, or the high half of device.bed.info.temp).",
                \.bed.target),
            .gauge(
                "bambu_chamber_temperature_celsius",
                "Air temperature in the chamber; absent without a sensor (MQTT chamber_temper, device.ctc).",
                \.chamber.measured),
            .gauge(
                "bambu_chamber_target_temperature_celsius",
                "Target temperature of the chamber, 0 if its heater is off (MQTT ctt, mc_target_cham, device.ctc).",
                \.chamber.target),
            .states(
                "bambu_chamber_heater_state",
                "State of the chamber heater: 1 for the current state, 0 for the others; absent without a heater (MQTT device.ctc.state).",
                \.chamberHeater),
            .info(
                "bambu_airduct_mode_info", ["mode"],
                "Mode of the air duct of the chamber; always 1 (MQTT device.airduct.modeCur)."
            ) { $0.airductMode.map { [$0] } },
        ])

    static let fans = Self(
        "Fans", labels: ["fan"], of: Double.self,
        from: { printer in
            (printer.state?.fans.speeds(on: printer.model) ?? []).map { ([$0.name], $0.percent) }
        },
        [.gauge("bambu_fan_speed_percent", "Speed of the fan, 0 to 100; only for fans that the model has.") { $0 }])

    static let lights = Self(
        "Lights", labels: ["light"], of: Bool.self,
        from: { printer in (printer.state?.lights ?? []).map { ([$0.name], $0.isOn) } },
        [.flag("bambu_light_on", "Whether the light is on or flashing (MQTT lights_report).") { $0 }])

    static let hardware = Self(
        "Hardware", of: Boxed<HardwareSubject>.self,
        from: { printer in
            guard printer.state != nil || printer.account != nil else { return nil }
            return Boxed(HardwareSubject(printer: printer, hardware: (printer.state ?? PrinterState()).hardware))
        },
        [
            .flag(
                "bambu_door_open", "Whether the door is open; only on models with a door switch (MQTT home_flag, stat)."
            ) {
                $0.value.hardware.isDoorOpen(
                    on: $0.value.printer.model, firmware: $0.value.printer.printer.firmware.version)
            },
            .flag("bambu_lid_open", "Whether the lid is open; only on models with a lid switch (MQTT stat).") {
                $0.value.hardware.isLidOpen(on: $0.value.printer.model)
            },
            .flag(
                "bambu_sdcard_present",
                "Whether a memory card or USB stick is in the printer (MQTT aux, sdcard, home_flag)."
            ) {
                $0.value.hardware.storage.map { $0 != .absent }
            },
            .states(
                "bambu_sdcard_state",
                "State of the memory card or USB stick: 1 for the current state, 0 for the others (MQTT aux, sdcard, home_flag).",
                \.value.hardware.storage),
            .flag(
                "bambu_developer_mode_enabled",
                "Whether Developer Mode is on, in which commands need no signature; absent if the printer does not report it (MQTT fun).",
                \.value.hardware.isDeveloperModeEnabled),
            .gauge(
                "bambu_wifi_signal_dbm",
                "Wi-Fi signal strength of the printer; absent on a wired connection (MQTT wifi_signal).",
                \.value.hardware.wifiSignal),
            .flag(
                "bambu_firmware_update_available",
                "Whether the printer, else the cloud account, reports newer firmware (MQTT upgrade_state, REST firmware)."
            ) { $0.value.hardware.isUpdateAvailable ?? $0.value.printer.account?.isUpdateAvailable },
        ])

    static let firmware = Self(
        "Firmware", labels: ["module"], of: Firmware.Module.self,
        from: { printer in printer.printer.firmware.modules.map { ([$0.name], $0) } },
        [
            .info(
                "bambu_firmware_module_info", ["software", "hardware"],
                "Firmware and hardware version of a module of the printer, always 1; kept while the printer is down (MQTT info.module)."
            ) { [$0.software, $0.hardware] }
        ])
}

/// A nozzle with its toolhead and the external spools.
private struct NozzleSubject {
    let nozzle: Toolhead.Nozzle
    let toolhead: Toolhead
    let externals: ExternalSpools
}

private struct HeatingSubject {
    let bed: Temperature
    let chamber: Temperature
    let chamberHeater: Heaters.ChamberHeater?
    let airductMode: String?
}

/// A printer and its hardware.
private struct HardwareSubject {
    let printer: PrinterSnapshot
    let hardware: Hardware
}
