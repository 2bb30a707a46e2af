/// The members of a report that change independently, so that a delta may contain each of them.
enum ChangingMembers {
    /// All members, in the same order for the same model.
    static func all(of machine: Machine) -> [JSONText] {
        let last: [JSONText] = [
            #""wifi_signal":"\#(machine.signal)dBm""#,
            #""home_flag":\#(homeFlag(of: machine))"#,
            #""print_error":\#(machine.error)"#,
        ]
        return temperatures(of: machine) + progress(of: machine) + fans(of: machine) + last
    }

    private static func temperatures(of machine: Machine) -> [JSONText] {
        let dialect = machine.model.facts.dialect
        let nozzle = machine.nozzles[min(machine.activeNozzle, machine.nozzles.count - 1)]
        func current(_ heater: Heater) -> Double { dialect == .delta ? heater.fine : Double(heater.whole) }
        let chamber: JSONText =
            switch dialect {
            // P1 and A1 have no sensor and always report 5.
            case .delta: #""chamber_temper":5"#
            case .classic, .x1: #""chamber_temper":\#(machine.chamber.whole)"#
            case .device: ""
            }
        return [
            #""nozzle_temper":\#(current(nozzle))"#,
            #""nozzle_target_temper":\#(Int(nozzle.target))"#,
            #""bed_temper":\#(current(machine.bed))"#,
            #""bed_target_temper":\#(Int(machine.bed.target))"#,
            chamber,
        ]
    }

    private static func progress(of machine: Machine) -> [JSONText] {
        let (job, state) = (machine.job, machine.state)
        // 255 on P1 and A1, -1 on other models; also while a file is downloaded, which has no stage of its own.
        let idle = machine.model.facts.dialect == .delta ? 255 : -1
        let stage = machine.stage == .downloading ? idle : machine.stage?.rawValue ?? idle
        return [
            #""gcode_state":\#(state.rawValue)"#,
            #""mc_percent":\#(machine.percent)"#,
            #""mc_remaining_time":\#(machine.remainingMinutes)"#,
            #""layer_num":\#(machine.layer)"#,
            #""total_layer_num":\#(job?.layers ?? 0)"#,
            #""stg_cur":\#(stage)"#,
            #""mc_print_stage":"\#(state == .pause ? 3 : state == .running ? 2 : 1)""#,
            #""mc_print_sub_stage":\#(machine.stage != nil && state == .prepare ? 1 : 0)"#,
            #""gcode_file_prepare_percent":"\#(machine.download)""#,
            #""subtask_name":\#(job?.name ?? "")"#,
            #""gcode_file":\#(job == nil ? "" : "/data/Metadata/plate_1.gcode")"#,
            #""print_type":\#(job.map { $0.isCloud ? "cloud" : "local" } ?? "idle")"#,
            #""task_id":"\#(job.map { $0.isCloud ? 7000 + $0.number : 0 } ?? 0)""#,
            #""ams_status":\#(amsStatus(of: machine))"#,
            #""hw_switch_state":\#(machine.filament.now == FilamentSystem.unloaded ? 0 : 1)"#,
        ]
    }

    private static func amsStatus(of machine: Machine) -> Int {
        // The high byte is the activity: 0 idle, 1 filament change, 3 print assist.
        machine.stage == .changingFilament ? 0x0105 : machine.state == .running ? 0x0300 : 0
    }

    private static func fans(of machine: Machine) -> [JSONText] {
        let fans = FanSpeeds(of: machine)
        return [
            #""cooling_fan_speed":"\#(fans.part)""#,
            #""big_fan1_speed":"\#(fans.auxiliary)""#,
            #""big_fan2_speed":"\#(fans.chamber)""#,
            #""heatbreak_fan_speed":"\#(fans.heatbreak)""#,
            #""fan_gear":\#(fans.gear)"#,
        ]
    }

    private static func homeFlag(of machine: Machine) -> Int32 {
        // Bits 0 to 2: X, Y and Z homed; 7: remain detected; 8 and 9: card; 10: refill; 11: store to card; 18: sound
        // supported.
        var flag: UInt32 = 0x4_0C87 | UInt32(machine.fittings.card.rawValue) << 8
        let dialect = machine.model.facts.dialect
        if dialect == .classic || dialect == .x1, machine.fittings.isDoorOpen { flag |= 1 << 23 }
        // The newest firmware sets the highest bit, so the number is negative on the wire.
        if dialect == .device { flag |= 1 << 31 }
        return Int32(bitPattern: flag)
    }
}
