/// A complete report: the answer to `pushall`, and all that X1, P2S and H2 ever send.
struct FullReport {
    let machine: Machine
    let sequence: Int
    /// The printer's address, as in the camera's URL.
    static let address = "127.0.0.1"

    private var dialect: PrinterModel.Dialect { machine.model.facts.dialect }
    private var hasDevice: Bool { dialect == .device || dialect == .x1 || machine.model == .a2l }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.object("print") { writer in
                for field in ReportField.all(of: machine) { field.write(to: &writer) }
                writeJob(to: &writer)
                FilamentSection(machine: machine).write(to: &writer)
                HealthSection(machine: machine).write(to: &writer)
                LightSection(machine: machine).write(to: &writer)
                SettingsSection(machine: machine).write(to: &writer)
                if hasDevice {
                    writeDuplicates(to: &writer)
                    DeviceSection(machine: machine).write(to: &writer)
                }
                writer.field("command", "push_status")
                if dialect != .classic { writer.field("msg", 0) }
                writer.quoted("sequence_id", sequence)
            }
        }
    }

    private func writeJob(to writer: inout JSONWriter) {
        let stages = [Stage.heatingBed, .homing, .leveling, .cleaningNozzle].map(\.rawValue)
        writer.elements("stg", machine.job == nil ? [] : stages)
        let number = machine.job.map { $0.isCloud ? $0.number : 0 } ?? 0
        writer.quoted("project_id", number == 0 ? 0 : 5000 + number)
        writer.quoted("profile_id", number == 0 ? 0 : 6000 + number)
        writer.quoted("subtask_id", number == 0 ? 0 : 8000 + number)
        writer.members(
            """
            "fail_reason":"0","spd_lvl":2,"spd_mag":100,"queue_number":0,"queue_total":0,"queue_est":0,"queue_sts":0,\
            "s_obj":[]
            """)
        guard dialect == .delta else { return }
        writer.quoted("mc_print_line_number", Int(machine.part * 400_000))
        writer.members(#""mess_production_state":"active","lifecycle":"product""#)
    }

    /// What newer firmware reports a second time in another place.
    private func writeDuplicates(to writer: inout JSONWriter) {
        writer.object("3D") { writer in
            writer.field("layer_num", machine.layer)
            writer.field("total_layer_num", machine.job?.layers ?? 0)
        }
        writer.object("job") { writer in
            writer.object("cur_stage") { writer in
                writer.field("idx", 0)
                writer.field("state", machine.state == .running ? 2 : 0)
            }
            writer.members(
                """
                "stage":[{"clock_in":false,"color":[""],"est_time":0,"idx":0,"platform":"","print_then":false,\
                "proc_list":[],"tool":["HS01"],"type":2}]
                """)
        }
        writer.elements("mapping", (machine.job?.trays ?? []).map(AMSUnit.word))
        writer.field("percent", machine.percent)
        writer.field("remain_time", machine.remainingMinutes)
        writer.field("prepare_per", machine.download)
        writer.quoted("mc_print_error_code", machine.error & 0xFFFF)
        writer.field("mc_stage", machine.state == .running ? 2 : 1)
        for key: StaticString in ["mc_action", "print_gcode_action"] { writer.field(key, machine.isPrinting ? 0 : 255) }
        writer.members(
            """
            "mc_err":0,"ap_err":0,"print_real_action":0,"batch_id":0,"canvas_id":0,"queue":0,"plate_cnt":1,"plate_id":1,\
            "plate_idx":1
            """)
        if machine.model.facts.hasChamberSensor {
            writer.object("info") { $0.field("temp", machine.chamber.packed) }
        }
        writer.field("t_utc", machine.clock * 1000)
    }
}
