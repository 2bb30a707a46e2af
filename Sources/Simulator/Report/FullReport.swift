/// A complete report: the answer to `pushall`, and all that X1, P2S and H2 ever send.
struct FullReport {
    let machine: Machine
    let sequence: Int
    /// The printer's address as it tells it, for the camera's URL.
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
        writer.array("stg") { writer in
            guard machine.job != nil else { return }
            for stage in [Stage.heatingBed, .homing, .leveling, .cleaningNozzle] { writer.element(stage.rawValue) }
        }
        writer.field("fail_reason", "0")
        writer.field("spd_lvl", 2)
        writer.field("spd_mag", 100)
        for key: StaticString in ["queue_number", "queue_total", "queue_est", "queue_sts"] { writer.field(key, 0) }
        let number = machine.job.map { $0.isCloud ? $0.number : 0 } ?? 0
        writer.quoted("project_id", number == 0 ? 0 : 5000 + number)
        writer.quoted("profile_id", number == 0 ? 0 : 6000 + number)
        writer.quoted("subtask_id", number == 0 ? 0 : 8000 + number)
        writer.array("s_obj")
        if dialect == .delta {
            writer.quoted("mc_print_line_number", Int(machine.part * 400_000))
            writer.field("mess_production_state", "active")
            writer.field("lifecycle", "product")
        }
    }

    /// What newer firmware says a second time in another place.
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
            writer.array("stage") { writer in
                writer.object { writer in
                    writer.field("clock_in", false)
                    writer.array("color") { $0.element("") }
                    writer.field("est_time", 0)
                    writer.field("idx", 0)
                    writer.field("platform", "")
                    writer.field("print_then", false)
                    writer.array("proc_list")
                    writer.array("tool") { $0.element("HS01") }
                    writer.field("type", 2)
                }
            }
        }
        writer.array("mapping") { writer in
            for tray in machine.job?.trays ?? [] {
                writer.element(AMSUnit.word(ofTray: tray))
            }
        }
        writer.field("percent", machine.percent)
        writer.field("remain_time", machine.remainingMinutes)
        writer.field("prepare_per", machine.download)
        writer.quoted("mc_print_error_code", machine.error & 0xFFFF)
        writer.field("mc_stage", machine.state == .running ? 2 : 1)
        for key: StaticString in ["mc_action", "print_gcode_action"] { writer.field(key, machine.isPrinting ? 0 : 255) }
        for key: StaticString in ["mc_err", "ap_err", "print_real_action", "batch_id", "canvas_id", "queue"] {
            writer.field(key, 0)
        }
        for key: StaticString in ["plate_cnt", "plate_id", "plate_idx"] { writer.field(key, 1) }
        if machine.model.facts.hasChamberSensor {
            writer.object("info") { $0.field("temp", machine.chamber.packed) }
        }
        writer.field("t_utc", machine.clock * 1000)
    }
}
