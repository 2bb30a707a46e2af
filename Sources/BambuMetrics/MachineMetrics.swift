import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    /// Nozzle 0 is the only one or the right one, 1 the left one.
    static let nozzles = Self(
        "Nozzles", labels: ["nozzle"], of: NozzleSubject.self,
        from: { printer in
            guard let state = printer.state else { return [] }
            return state.toolhead.nozzles.map { nozzle in
                ([String(nozzle.id)], NozzleSubject(nozzle: nozzle, state: state))
            }
        },
        [
            .gauge(
                "bambu_nozzle_temperature_celsius",
                "Measured temperature (MQTT nozzle_temper, or the low half of device.extruder.info.temp)."
            ) { $0.nozzle.temperature.measured },
            .gauge(
                "bambu_nozzle_target_temperature_celsius", "Temperature that the heater regulates to, 0 being off."
            ) { $0.nozzle.temperature.target },
            .info("bambu_nozzle_info", ["diameter", "type"], "What nozzle is fitted; the diameter in mm.") {
                $0.nozzle.diameter.isEmpty && $0.nozzle.type.isEmpty ? nil : [$0.nozzle.diameter, $0.nozzle.type]
            },
            .flag("bambu_nozzle_active", "Whether it is the nozzle in use; 0 for both while they are switched.") {
                $0.toolhead.isActive($0.nozzle.id)
            },
            .info(
                "bambu_nozzle_tray_info", ["ams", "tray", "slot"],
                "The slot loaded in the nozzle, on machines with several (MQTT device.extruder.info.snow)."
            ) { subject in
                subject.toolhead.hasSeveral ? subject.nozzle.feed?.labels(externals: subject.externals) : nil
            },
            .flag(
                "bambu_nozzle_filament_present",
                "Whether there is filament in the toolhead (MQTT hw_switch_state, device.extruder.info.info)."
            ) { $0.toolhead.isFilamentPresent(at: $0.nozzle.id) },
        ])

    /// By the nozzles' own count, kept while the printer is down.
    static let nozzleTimes = Self(
        "Time that nozzles printed", labels: ["nozzle"], of: Double.self,
        from: { printer in
            printer.printer.printTimes.nozzles.sorted { $0.key < $1.key }.map { ([String($0.key)], $0.value) }
        },
        [
            .counter(
                "bambu_nozzle_print_seconds_total",
                "Time that the fitted nozzle has printed by its own count (MQTT device.nozzle.info.p_t)."
            ) { $0 }
        ])

    /// `hotend` is the number of the hotend's place in the rack, from 1 on.
    static let hotends = Self(
        "Rack of hotends", labels: ["hotend"], of: Rack.Hotend.self,
        from: { printer in (printer.state?.toolhead.hotends ?? []).map { ([String($0.number)], $0) } },
        [
            .info(
                "bambu_hotend_info", ["place", "diameter", "type"],
                "A hotend, mounted or in the rack, by its place in the rack; the diameter in mm (MQTT device.nozzle.info)."
            ) { [$0.isMounted ? "mounted" : "rack", $0.diameter, $0.type] }
        ])

    /// By the hotends' own count, kept while the printer is down.
    static let hotendTimes = Self(
        "Time that hotends printed", labels: ["hotend"], of: Double.self,
        from: { printer in
            printer.printer.printTimes.hotends.sorted { $0.key < $1.key }.map { ([String($0.key)], $0.value) }
        },
        [
            .counter(
                "bambu_hotend_print_seconds_total",
                "Time that the hotend has printed by its own count (MQTT device.nozzle.info.p_t)."
            ) { $0 }
        ])

    static let temperatures = Self(
        "Bed and chamber", of: HeatingSubject.self,
        from: { printer in
            printer.state.map {
                HeatingSubject(
                    bed: $0.heating.bed(of: printer.model), chamber: $0.heating.chamber(of: printer.model),
                    chamberHeater: $0.heating.chamberHeater(of: printer.model), airductMode: $0.fans.airduct.mode)
            }
        },
        [
            .gauge("bambu_bed_temperature_celsius", "Measured temperature of the bed (MQTT bed_temper).") {
                $0.bed.measured
            },
            .gauge("bambu_bed_target_temperature_celsius", "Temperature that the bed regulates to, 0 being off.") {
                $0.bed.target
            },
            .gauge(
                "bambu_chamber_temperature_celsius",
                "Air temperature in the chamber, where there is a sensor (MQTT chamber_temper, device.ctc)."
            ) { $0.chamber.measured },
            .gauge(
                "bambu_chamber_target_temperature_celsius", "Temperature that the chamber regulates to, 0 being off."
            ) { $0.chamber.target },
            .states(
                "bambu_chamber_heater_state",
                "What the chamber's heater does: 1 for the state it is in; where there is one (MQTT device.ctc.state)."
            ) { $0.chamberHeater },
            .info(
                "bambu_airduct_mode_info", ["mode"], "How air is led through the chamber (MQTT device.airduct.modeCur)."
            ) { $0.airductMode.map { [$0] } },
        ])

    static let fans = Self(
        "Fans", labels: ["fan"], of: Double.self,
        from: { printer in
            (printer.state?.fans.speeds(on: printer.model) ?? []).map { ([$0.fan.rawValue], $0.percent) }
        },
        [.gauge("bambu_fan_speed_percent", "Speed of a fan that the model has, 0 to 100.") { $0 }])

    static let lights = Self(
        "Lights", labels: ["light"], of: Bool.self,
        from: { printer in (printer.state?.lights ?? []).map { ([$0.name], $0.isOn) } },
        [.flag("bambu_light_on", "Whether a light is on or flashing (MQTT lights_report).") { $0 }])

    static let hardware = Self(
        "Hardware", of: HardwareSubject.self,
        from: { printer in
            guard printer.state != nil || printer.account != nil else { return nil }
            return HardwareSubject(
                hardware: (printer.state ?? PrinterState()).hardware, model: printer.model,
                firmware: printer.printer.firmware.version,
                isUpdateOffered: printer.account?.isUpdateAvailable)
        },
        [
            .flag("bambu_door_open", "Whether the door stands open, on models with a switch (MQTT home_flag, stat).") {
                $0.hardware.isDoorOpen(on: $0.model, firmware: $0.firmware)
            },
            .flag("bambu_lid_open", "Whether the lid stands open, on models with a switch (MQTT stat).") {
                $0.hardware.isLidOpen(on: $0.model)
            },
            .flag("bambu_sdcard_present", "Whether a card or stick is in the printer (MQTT aux, sdcard, home_flag).") {
                $0.hardware.storage.map { $0 != .absent }
            },
            .states(
                "bambu_sdcard_state",
                "How the card or stick is: 1 for the state it is in (MQTT aux, sdcard, home_flag)."
            ) { $0.hardware.storage },
            .flag(
                "bambu_developer_mode_enabled",
                "Whether Developer Mode is on, so that commands need no signature; where the printer says it (MQTT fun)."
            ) { $0.hardware.isDeveloperModeEnabled },
            .gauge("bambu_wifi_signal_dbm", "Strength of the Wi-Fi signal; absent on a cable (MQTT wifi_signal).") {
                $0.hardware.wifiSignal
            },
            .flag(
                "bambu_firmware_update_available",
                "Whether the printer, or the account, knows of newer firmware (MQTT upgrade_state, REST firmware)."
            ) { $0.hardware.isUpdateAvailable ?? $0.isUpdateOffered },
        ])

    static let firmware = Self(
        "Firmware", labels: ["module"], of: Firmware.Module.self,
        from: { printer in printer.printer.firmware.modules.map { ([$0.name], $0) } },
        [
            .info(
                "bambu_firmware_module_info", ["software", "hardware"],
                "Firmware of a part of the printer, kept while it is down (MQTT info.module)."
            ) { [$0.software, $0.hardware] }
        ])
}

/// A nozzle, and what it is part of. A class, as every metric of the group is handed it, texts and all.
private final class NozzleSubject: Sendable {
    let nozzle: Toolhead.Nozzle
    let toolhead: Toolhead
    let externals: ExternalSpools

    init(nozzle: Toolhead.Nozzle, state: PrinterState) {
        self.nozzle = nozzle
        toolhead = state.toolhead
        externals = state.ams.externals
    }
}

private struct HeatingSubject {
    let bed: Temperature
    let chamber: Temperature
    let chamberHeater: Heating.ChamberHeater?
    let airductMode: String?
}

/// The hardware of a printer, and what tells how to read it. A class, since every metric of the group is handed it.
private final class HardwareSubject: Sendable {
    let hardware: Hardware
    let model: Model
    let firmware: String
    /// By the account.
    let isUpdateOffered: Bool?

    init(hardware: Hardware, model: Model, firmware: String, isUpdateOffered: Bool?) {
        self.hardware = hardware
        self.model = model
        self.firmware = firmware
        self.isUpdateOffered = isUpdateOffered
    }
}
