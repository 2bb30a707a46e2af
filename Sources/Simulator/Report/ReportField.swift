/// A field of a report that changes independently, so that a delta may contain it.
struct ReportField: Equatable {
    enum Value: Equatable {
        case number(Int)
        case decimal(Double)
        case text(String)
        /// A number that is a string on the wire.
        case quoted(Int)
    }

    let key: StaticString
    let value: Value

    init(_ key: StaticString, _ value: Value) {
        self.key = key
        self.value = value
    }

    /// Compares values only: fields are compared in the order of `all`, so their keys are equal.
    static func == (left: ReportField, right: ReportField) -> Bool {
        left.value == right.value
    }

    func write(to writer: inout JSONWriter) {
        switch value {
        case .number(let number): writer.field(key, number)
        case .decimal(let number): writer.field(key, number)
        case .text(let text): writer.field(key, text)
        case .quoted(let number): writer.quoted(key, number)
        }
    }
}

extension ReportField {
    /// All fields, in the same order for the same model.
    static func all(of machine: Machine) -> [ReportField] {
        temperatures(of: machine) + progress(of: machine) + fans(of: machine) + [
            ReportField("wifi_signal", .text("\(machine.signal)dBm")),
            ReportField("home_flag", .number(homeFlag(of: machine))),
            ReportField("print_error", .number(machine.error)),
        ]
    }

    private static func temperatures(of machine: Machine) -> [ReportField] {
        let isFine = machine.model.facts.dialect == .delta
        let nozzle = machine.nozzles[min(machine.activeNozzle, machine.nozzles.count - 1)]
        let value = { (heater: Heater) in isFine ? Value.decimal(heater.fine) : .number(heater.whole) }
        var fields = [
            ReportField("nozzle_temper", value(nozzle)),
            ReportField("nozzle_target_temper", .number(Int(nozzle.target))),
            ReportField("bed_temper", value(machine.bed)),
            ReportField("bed_target_temper", .number(Int(machine.bed.target))),
        ]
        switch machine.model.facts.dialect {
        // P1 and A1 have no sensor and always report 5.
        case .delta: fields.append(ReportField("chamber_temper", .number(5)))
        case .classic, .x1: fields.append(ReportField("chamber_temper", .number(machine.chamber.whole)))
        case .device: break
        }
        return fields
    }

    private static func progress(of machine: Machine) -> [ReportField] {
        let isBusy = machine.stage != nil
        // 255 on P1 and A1, -1 on other models; also while a file is downloaded, which has no stage of its own.
        let idle = machine.model.facts.dialect == .delta ? 255 : -1
        let stage = machine.stage == .downloading ? idle : machine.stage?.rawValue ?? idle
        let mainStage = machine.state == .pause ? 3 : machine.state == .running ? 2 : 1
        let kind = machine.job.map { $0.isCloud ? "cloud" : "local" } ?? "idle"
        return [
            ReportField("gcode_state", .text(machine.state.rawValue)),
            ReportField("mc_percent", .number(machine.percent)),
            ReportField("mc_remaining_time", .number(machine.remainingMinutes)),
            ReportField("layer_num", .number(machine.layer)),
            ReportField("total_layer_num", .number(machine.job?.layers ?? 0)),
            ReportField("stg_cur", .number(stage)),
            ReportField("mc_print_stage", .quoted(mainStage)),
            ReportField("mc_print_sub_stage", .number(isBusy && machine.state == .prepare ? 1 : 0)),
            ReportField("gcode_file_prepare_percent", .quoted(machine.download)),
            ReportField("subtask_name", .text(machine.job?.name ?? "")),
            ReportField("gcode_file", .text(machine.job == nil ? "" : "/data/Metadata/plate_1.gcode")),
            ReportField("print_type", .text(kind)),
            ReportField("task_id", .quoted(machine.job.map { $0.isCloud ? 7000 + $0.number : 0 } ?? 0)),
            ReportField("ams_status", .number(amsStatus(of: machine))),
            ReportField("hw_switch_state", .number(machine.filament.now == FilamentSystem.unloaded ? 0 : 1)),
        ]
    }

    private static func amsStatus(of machine: Machine) -> Int {
        // The high byte is the activity: 0 idle, 1 filament change, 3 print assist.
        machine.stage == .changingFilament ? 0x0105 : machine.state == .running ? 0x0300 : 0
    }

    private static func fans(of machine: Machine) -> [ReportField] {
        let fans = FanSpeeds(of: machine)
        return [
            ReportField("cooling_fan_speed", .quoted(fans.part)),
            ReportField("big_fan1_speed", .quoted(fans.auxiliary)),
            ReportField("big_fan2_speed", .quoted(fans.chamber)),
            ReportField("heatbreak_fan_speed", .quoted(fans.heatbreak)),
            ReportField("fan_gear", .number(fans.gear)),
        ]
    }

    private static func homeFlag(of machine: Machine) -> Int {
        // Bits 0 to 2: X, Y and Z homed; 7: remain detected; 8 and 9: card; 10: refill; 11: store to card; 18: sound
        // supported.
        var flag: UInt32 = 0x4_0C87 | UInt32(machine.fittings.card.rawValue) << 8
        let dialect = machine.model.facts.dialect
        if dialect == .classic || dialect == .x1, machine.fittings.isDoorOpen { flag |= 1 << 23 }
        // The newest firmware sets the highest bit, so the number is negative on the wire.
        if dialect == .device { flag |= 1 << 31 }
        return Int(Int32(bitPattern: flag))
    }
}
