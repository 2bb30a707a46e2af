/// What a report says about the printer and its settings, and hardly ever changes.
struct SettingsSection {
    let machine: Machine

    private var dialect: PrinterModel.Dialect { machine.model.facts.dialect }
    private var isNew: Bool { dialect == .device || dialect == .x1 }

    func write(to writer: inout JSONWriter) {
        writer.field("sdcard", machine.fittings.card != .absent)
        writer.field("force_upgrade", false)
        writer.field("nozzle_diameter", "0.4")
        writer.field("nozzle_type", dialect == .device ? "HS01" : "stainless_steel")
        writer.field("cali_version", 0)
        writer.field("ams_rfid_status", 0)
        writeUpgrade(to: &writer)
        writeCamera(to: &writer)
        writeNetwork(to: &writer)
        writeDetectors(to: &writer)
        writer.object("upload") { writer in
            writer.field("status", "idle")
            writer.field("progress", 0)
            writer.field("message", "")
            guard isNew else { return }
            for key: StaticString in ["file_size", "finish_size", "speed", "time_remaining"] { writer.field(key, 0) }
            for key: StaticString in ["oss_url", "task_id", "trouble_id"] { writer.field(key, "") }
        }
        if dialect == .delta {
            writer.array("filam_bak")
            writer.field("flag3", 15)
            writer.field("k", "0.0200")
        }
        if isNew { writeFlags(to: &writer) }
    }

    private func writeUpgrade(to writer: inout JSONWriter) {
        writer.object("upgrade_state") { writer in
            writer.field("sequence_id", 0)
            writer.field("progress", "")
            writer.field("status", "IDLE")
            writer.field("consistency_request", false)
            writer.field("dis_state", 0)
            writer.field("err_code", 0)
            writer.field("force_upgrade", false)
            writer.field("message", "")
            writer.field("module", "")
            // 1 there is a newer one, 2 there is none.
            writer.field("new_version_state", 2)
            if dialect == .delta {
                writer.field("cur_state_code", 0)
                writer.array("new_ver_list")
            } else {
                writer.field("lower_limit", "00.00.00.00")
                for key: StaticString in [
                    "ota_new_version_number", "ams_new_version_number", "ahb_new_version_number",
                    "ext_new_version_number",
                ] { writer.field(key, "") }
            }
        }
    }

    private func writeCamera(to writer: inout JSONWriter) {
        writer.object("ipcam") { writer in
            writer.field("ipcam_dev", "1")
            writer.field("ipcam_record", "enable")
            writer.field("timelapse", "disable")
            writer.field("resolution", "1080p")
            writer.field("mode_bits", dialect == .delta ? 3 : 2)
            writer.field("tutk_server", "disable")
            guard dialect != .delta else { return }
            // From the factory it is switched off.
            writer.field(
                "rtsp_url", machine.fittings.isLiveviewOn ? "rtsps://127.0.0.1:322/streaming/live/1" : "disable")
            guard isNew else { return }
            writer.field("agora_service", "disable")
            writer.field("brtc_service", "enable")
            writer.field("liveview_preview", true)
            writer.field("tl_external_free_kb", 28_311_552)
            writer.field("tl_external_total_kb", 31_260_672)
        }
    }

    private func writeNetwork(to writer: inout JSONWriter) {
        writer.object("net") { writer in
            // Bit 0: wired.
            writer.field("conf", 16)
            writer.array("info") { writer in
                // 127.0.0.1, its lowest byte first.
                writer.object { writer in
                    writer.field("ip", 0x0100_007F)
                    writer.field("mask", 0x0000_00FF)
                }
            }
        }
        writer.object("online") { writer in
            writer.field("ahb", machine.filament.units.isEmpty == false)
            writer.field("rfid", false)
            writer.field("version", 7)
        }
    }

    private func writeDetectors(to writer: inout JSONWriter) {
        writer.object("xcam") { writer in
            writer.field("buildplate_marker_detector", true)
            guard dialect != .delta else { return }
            writer.field("allow_skip_parts", false)
            writer.field("first_layer_inspector", true)
            writer.field("halt_print_sensitivity", "medium")
            writer.field("print_halt", true)
            writer.field("printing_monitor", true)
            writer.field("spaghetti_detector", true)
        }
    }

    private func writeFlags(to writer: inout JSONWriter) {
        let fittings = machine.fittings
        // Bit 23: the door, 24 the lid, where a printer says them here.
        let door = dialect == .device && fittings.isDoorOpen ? 1 << 23 : 0
        let lid = machine.model.facts.hasLid && fittings.isLidOpen ? 1 << 24 : 0
        writer.field("stat", String(0x4005_8000 | door | lid, radix: 16, uppercase: true))
        // Bit 29: commands must be signed.
        let functions = 0x41_8FFF_9CFF | (fittings.isDeveloperModeOn ? 0 : 1 << 29)
        writer.field("fun", String(functions, radix: 16, uppercase: true))
        // Bits 12 and 13: the card.
        writer.field("aux", String(fittings.card.rawValue << 12 | 4, radix: 16, uppercase: true))
        // Bit 7 the light, 17 remain detected, 18 refill.
        writer.field("cfg", String(1 << 17 | 1 << 18 | (fittings.isLightOn ? 1 << 7 : 0), radix: 16, uppercase: true))
        writer.field("ver", "20000")
        writer.field("err", "0")
        writer.field("xcam_status", "0")
        writer.field("job_attr", 1)
        writer.field("model_id", "")
        writer.field("design_id", "")
        writer.field("aux_part_fan", machine.model.facts.hasSideFans)
        writer.array("care") { writer in
            for part in ["ls", "ld", "lr"] {
                writer.object { writer in
                    writer.field("id", part)
                    writer.field("info", "1864")
                }
            }
        }
    }
}
