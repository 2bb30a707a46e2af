/// A complete report: the answer to `pushall`, and the only kind that X1, P2S and H2 send.
struct FullReport {
    let machine: Machine
    let sequence: Int

    private var dialect: PrinterModel.Dialect { machine.model.facts.dialect }
    private var hasDevice: Bool { machine.model.facts.isNew || machine.model == .a2l }

    var text: JSONText {
        let sections: [JSONText] = [
            job,
            FilamentSection(machine: machine).text,
            StatusSections.health(of: machine),
            StatusSections.lights(of: machine),
            SettingsSection(machine: machine).text,
            hasDevice ? duplicates : "",
            hasDevice ? DeviceSection(machine: machine).text : "",
            #""command":"push_status""#,
            dialect == .classic ? "" : #""msg":0"#,
            #""sequence_id":"\#(sequence)""#,
        ]
        return #"{"print":{\#(ChangingMembers.all(of: machine) + sections)}}"#
    }

    private var job: JSONText {
        let stages: [Stage] = machine.job == nil ? [] : [.heatingBed, .homing, .leveling, .cleaningNozzle]
        let number = machine.job.map { $0.isCloud ? $0.number : 0 } ?? 0
        func id(from first: Int) -> Int { number == 0 ? 0 : first + number }
        let text: JSONText = """
            "stg":[\(stages.map(\.rawValue))],\
            "project_id":"\(id(from: 5000))","profile_id":"\(id(from: 6000))","subtask_id":"\(id(from: 8000))",\
            \(ConstantMembers["job"])
            """
        guard dialect == .delta else { return text }
        return """
            \(text),"mc_print_line_number":"\(Int(machine.part * 400_000))","mess_production_state":"active",\
            "lifecycle":"product"
            """
    }

    /// The values that newer firmware reports a second time in another place.
    private var duplicates: JSONText {
        let action = machine.isPrinting ? 0 : 255
        let stage = machine.state == .running ? 2 : 1
        let chamber: JSONText = #","info":{"temp":\#(machine.chamber.packed)}"#
        return """
            "3D":{"layer_num":\(machine.layer),"total_layer_num":\(machine.job?.layers ?? 0)},\
            "job":{"cur_stage":{"idx":0,"state":\(machine.state == .running ? 2 : 0)},\(ConstantMembers["stages"])},\
            "mapping":[\((machine.job?.trays ?? []).map(AMSUnit.word))],\
            "percent":\(machine.percent),"remain_time":\(machine.remainingMinutes),"prepare_per":\(machine.download),\
            "mc_print_error_code":"\(machine.error & 0xFFFF)","mc_stage":\(stage),\
            "mc_action":\(action),"print_gcode_action":\(action),\
            \(ConstantMembers["plate"])\(machine.model.facts.hasChamberSensor ? chamber : ""),\
            "t_utc":\(machine.clock * 1000)
            """
    }
}
