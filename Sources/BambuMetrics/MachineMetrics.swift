import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    /// Nozzle 0 is the only one or the right one, 1 the left one.
    static let nozzles = Self(
        "Nozzles", labels: ["nozzle"], of: NozzleSubject.self,
        from: { printer in
            guard let toolhead = printer.state?.toolhead else { return [] }
            return toolhead.nozzles.map { nozzle in
                ([String(nozzle.id)], NozzleSubject(nozzle: nozzle, toolhead: toolhead))
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
                "bambu_nozzle_tray_info", ["ams", "tray"],
                "The slot loaded in the nozzle, on machines with two (MQTT device.extruder.info.snow)."
            ) { $0.toolhead.hasTwo ? $0.nozzle.feed?.labels : nil },
        ])

    static let temperatures = Self(
        "Bed and chamber", of: HeatingSubject.self,
        from: { printer in
            printer.state.map {
                HeatingSubject(bed: $0.heating.bed, chamber: $0.heating.chamber(of: printer.model))
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
            .flag("bambu_sdcard_present", "Whether a card or stick is in the printer (MQTT sdcard).") {
                $0.hardware.isStoragePresent
            },
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

    static let hms = Self(
        "Health", of: [HMSMessage].self, from: { $0.state.map { $0.hms ?? [] } },
        [
            .byLabel("bambu_hms_messages", "level", "Active messages of the health management system (MQTT hms).") {
                hms in
                HMSMessage.Level.allCases.map { level in (level.name, Double(hms.count { $0.level == level })) }
            }
        ])
}

/// A nozzle, and the toolhead that it is part of. A class, as every metric of the group is handed it, texts and all.
private final class NozzleSubject: Sendable {
    let nozzle: Toolhead.Nozzle
    let toolhead: Toolhead

    init(nozzle: Toolhead.Nozzle, toolhead: Toolhead) {
        self.nozzle = nozzle
        self.toolhead = toolhead
    }
}

private struct HeatingSubject {
    let bed: Temperature
    let chamber: Temperature
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

extension Toolhead.Feed {
    /// The labels `ams` and `tray` of the slot; `nil` where nothing is loaded.
    var labels: [String]? {
        switch self {
        case .none: nil
        case .slot(let unit, let slot): [String(unit), String(slot)]
        case .external(let id): ["external", String(id)]
        }
    }
}
