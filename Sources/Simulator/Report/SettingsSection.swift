/// The part of a report about the printer and its settings, of which little ever changes.
struct SettingsSection {
    let machine: Machine

    private var dialect: PrinterModel.Dialect { machine.model.facts.dialect }
    private var isNew: Bool { dialect == .device || dialect == .x1 }

    func write(to writer: inout JSONWriter) {
        writer.field("sdcard", machine.fittings.card != .absent)
        writer.field("nozzle_type", dialect == .device ? "HS01" : "stainless_steel")
        writer.members(Self.constants)
        writer.members(dialect == .delta ? Self.deltaConstants : Self.completeConstants)
        if dialect != .delta { writer.members(isNew ? Self.newUpload : Self.upload) }
        writer.object("ipcam") { writer in
            writer.members(Self.camera)
            writer.field("mode_bits", dialect == .delta ? 3 : 2)
            guard dialect != .delta else { return }
            // From the factory, it is switched off.
            let url = "rtsps://\(FullReport.address):322/streaming/live/1"
            writer.field("rtsp_url", machine.fittings.isLiveviewOn ? url : "disable")
            if isNew { writer.members(Self.newCamera) }
        }
        writer.object("online") { writer in
            writer.field("ahb", !machine.filament.units.isEmpty)
            writer.members(#""rfid":false,"version":7"#)
        }
        if isNew { writeFlags(to: &writer) }
    }

    private func writeFlags(to writer: inout JSONWriter) {
        let fittings = machine.fittings
        func field(_ key: StaticString, _ bits: Int) {
            writer.field(key, String(bits, radix: 16, uppercase: true))
        }
        // Bit 23 the door, 24 the lid, if the printer reports them here.
        let door = dialect == .device && fittings.isDoorOpen ? 1 << 23 : 0
        let lid = machine.model.facts.hasLid && fittings.isLidOpen ? 1 << 24 : 0
        field("stat", 0x4005_8000 | door | lid)
        // Bit 29: commands must be signed.
        field("fun", 0x41_8FFF_9CFF | (fittings.isDeveloperModeOn ? 0 : 1 << 29))
        // Bits 12 and 13: the card.
        field("aux", fittings.card.rawValue << 12 | 4)
        // Bit 7 the light, 17 remain detected, 18 refill.
        field("cfg", 1 << 17 | 1 << 18 | (fittings.isLightOn ? 1 << 7 : 0))
        writer.field("aux_part_fan", machine.model.facts.hasSideFans)
        writer.members(Self.flags)
    }

    // `net.info` is 127.0.0.1, its lowest byte first; bit 0 of `net.conf` is for a wired network.
    private static let constants: StaticString = """
        "force_upgrade":false,"nozzle_diameter":"0.4","cali_version":0,"ams_rfid_status":0,\
        "net":{"conf":16,"info":[{"ip":16777343,"mask":255}]}
        """
    // `new_version_state` is 1 if there is newer firmware, 2 if there is none.
    private static let deltaConstants: StaticString = """
        "upgrade_state":{"sequence_id":0,"progress":"","status":"IDLE","consistency_request":false,"dis_state":0,\
        "err_code":0,"force_upgrade":false,"message":"","module":"","new_version_state":2,"cur_state_code":0,\
        "new_ver_list":[]},"xcam":{"buildplate_marker_detector":true},\
        "upload":{"status":"idle","progress":0,"message":""},"filam_bak":[],"flag3":15,"k":"0.0200"
        """
    private static let completeConstants: StaticString = """
        "upgrade_state":{"sequence_id":0,"progress":"","status":"IDLE","consistency_request":false,"dis_state":0,\
        "err_code":0,"force_upgrade":false,"message":"","module":"","new_version_state":2,"lower_limit":"00.00.00.00",\
        "ota_new_version_number":"","ams_new_version_number":"","ahb_new_version_number":"","ext_new_version_number":""},\
        "xcam":{"buildplate_marker_detector":true,"allow_skip_parts":false,"first_layer_inspector":true,\
        "halt_print_sensitivity":"medium","print_halt":true,"printing_monitor":true,"spaghetti_detector":true}
        """
    private static let upload: StaticString = #""upload":{"status":"idle","progress":0,"message":""}"#
    private static let newUpload: StaticString = """
        "upload":{"status":"idle","progress":0,"message":"","file_size":0,"finish_size":0,"speed":0,\
        "time_remaining":0,"oss_url":"","task_id":"","trouble_id":""}
        """
    private static let camera: StaticString = """
        "ipcam_dev":"1","ipcam_record":"enable","timelapse":"disable","resolution":"1080p","tutk_server":"disable"
        """
    private static let newCamera: StaticString = """
        "agora_service":"disable","brtc_service":"enable","liveview_preview":true,"tl_external_free_kb":28311552,\
        "tl_external_total_kb":31260672
        """
    private static let flags: StaticString = """
        "ver":"20000","err":"0","xcam_status":"0","job_attr":1,"model_id":"","design_id":"",\
        "care":[{"id":"ls","info":"1864"},{"id":"ld","info":"1864"},{"id":"lr","info":"1864"}]
        """
}
