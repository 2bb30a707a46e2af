/// Fields of the wire or of the published notes that have no metric, and why they have none.
struct UnexportedField: Sendable {
    /// The fields as `docs/metrics.md` names them.
    let what: String
    /// Paths of the fields in a printer's messages; see `covers`.
    let fields: [String]
    let reason: String

    /// - Parameter fields: paths, with white space between them.
    private init(_ fields: String, _ reason: String) {
        self.fields = fields.split(whereSeparator: \.isWhitespace).map(String.init)
        what = self.fields.map { "`\($0)`" }.joined(separator: ", ")
        self.reason = reason
    }

    /// - Parameter what: what no path in a printer's message can say: a value, a bit, or a field of the REST interface.
    private init(told what: String, _ reason: String) {
        fields = []
        self.what = what
        self.reason = reason
    }

    /// Whether it speaks of the field at `path`, which is below `print` or begins with its section, as in `hms[].ts_unix`
    /// and `info.module[].flag`; `tray` is a slot or an external spool. With a field goes what is below it.
    func covers(_ path: String) -> Bool {
        fields.contains { path == $0 || path.hasPrefix("\($0).") || path.hasPrefix("\($0)[]") }
    }

    static let all: [UnexportedField] = [
        UnexportedField(
            """
            percent remain_time 3D.layer_num 3D.total_layer_num job state mc_stage mc_print_stage
            mc_print_sub_stage mc_print_line_number mc_action print_gcode_action print_real_action mc_print_error_code
            err err2 ap_err mc_err fail_reason fan_gear device.fan device.bed_temp device.cham_temp
            device.ctc.info.target device.nozzle.0.temp info.temp upgrade_state.sn dev_id
            """,
            "Say again, on some models, what an exported field says on all."),
        UnexportedField(
            """
            command msg sequence_id result info.command info.sequence_id ams.power_on_flag ams.ams_exist_bits
            tray.total_len
            """,
            "Tell how a message, or another field, is to be read."),
        UnexportedField(
            """
            gcode_file_prepare_percent prepare_per upload force_upgrade upgrade_state.progress upgrade_state.status
            upgrade_state.message upgrade_state.module upgrade_state.rate upgrade_state.sequence_id
            upgrade_state.err_code upgrade_state.cur_state_code upgrade_state.dis_state upgrade_state.upgrade_type
            upgrade_state.upgrade_fail_list upgrade_state.force_upgrade upgrade_state.consistency_request
            upgrade_state.idx upgrade_state.idx1 upgrade_state.idx2
            """,
            "Progress of transfers and updates that nobody watches from afar."),
        UnexportedField(
            """
            upgrade_state.new_ver_list upgrade_state.ahb_new_version_number upgrade_state.ams_new_version_number
            upgrade_state.ext_new_version_number upgrade_state.lower_limit upgrade_state.mc_for_ams_firmware
            info.module[].new_ver info.module[].ota_ver info.module[].loader_ver
            """,
            "Whether there is newer firmware for the printer is exported; the rest is for whoever installs it."),
        UnexportedField(
            """
            task_id subtask_id project_id profile_id job_id model_id design_id lan_task_id canvas_id batch_id plate_id
            plate_idx plate_cnt job_attr md5 url param file
            """,
            "Identify a job without end: a label of each would grow for ever."),
        UnexportedField(
            "tray.tag_uid tray.tray_uuid ams.ams[].chip_id device.nozzle.info[].sn",
            "Identify one spool or part, and say nothing to a person."),
        UnexportedField(
            "queue_number queue_total queue_est queue_sts queue care maintain",
            "Always 0 in every recording, or not documented."),
        UnexportedField(
            "stg s_obj 3D.print_cali_option",
            "Describe the plan of a job, not its course."),
        UnexportedField(
            """
            reason info.reason info.result ams_mapping ams_mapping2 auto_bed_leveling bed_leveling bed_temp
            extrude_cali_flag extrude_cali_manual_mode filament_id filaments flow_cali job_type layer_inspect
            nozzle_offset_cali skip_objects timelapse timestamp use_ams vibration_cali
            """,
            "Stand in answers to commands alone: what somebody asked for, and not what is."),
        UnexportedField(
            """
            ams_status ams_rfid_status ams.tray_tar ams.tray_pre ams.version ams.cfs ams.cali_id
            ams.cali_stat ams.tray_is_bbl_bits ams.tray_read_done_bits ams.tray_reading_bits ams.tray_hall_out_bits
            ams.unbind_ams_stat ams.ams_exist_bits_raw ams.ams[].check device.extruder.info[].spre
            device.extruder.info[].star device.extruder.info[].hpre device.extruder.info[].htar
            device.extruder.info[].stat device.nozzle.src_id device.nozzle.state
            """,
            "Steps of a filament or nozzle change, over in seconds; a scrape sees them by chance."),
        UnexportedField(
            "ams.ams[].dry_setting.dry_duration ams.ams[].dry_setting.dry_filament",
            "What was chosen for drying; its target, the time left, and why it is refused are exported."),
        UnexportedField(
            """
            k cali_version tray.k tray.n tray.cali_idx tray.bed_temp tray.bed_temp_type tray.tray_temp tray.tray_time
            tray.drying_temp tray.drying_time tray.tray_diameter tray.xcam_info ams.insert_flag
            """,
            "Settings for slicer and printer; the recommended nozzle temperatures are exported."),
        UnexportedField("tray.cols tray.ctype", "Further colours of a spool; the first one is exported."),
        UnexportedField(
            "filam_bak device.extruder.info[].filam_bak",
            "Which slots stand in for which; whether they do is exported."),
        UnexportedField(
            "device.nozzle.info[].fila_id device.nozzle.info[].color_m",
            "What a nozzle was fed last; the slot that feeds it now is exported."),
        UnexportedField(told: "`tray.remain` of an external spool", "Always 0, and means nothing."),
        UnexportedField(told: "`ams.ams[].humidity` of an AMS Lite", "A constant 5: it has no sensor."),
        UnexportedField(
            """
            xcam xcam_status fun2 flag3 ver lifecycle mess_production_state online aux_part_fan
            stg_cd 3D.enc_type 3D.ventobox device.bed.state device.plate device.holder
            device.toolhead device.screen device.fila_switch device.extruder.info[].hnow
            device.extruder.info[].z_bias device.nozzle.0.info device.nozzle.hc
            device.nozzle.info[].wear device.nozzle.info[].tm device.nozzle.info[].stat info.module[].flag info.module[].visible
            """,
            "Switches and parts whose bits are disputed among the sources, or not documented."),
        UnexportedField(
            told:
                "the other bits of `home_flag`, `cfg`, `stat`, `aux`, `fun`, `device.ctc.state`, `device.extruder.state` and `ams.ams[].info`",
            "Switches of which the sources disagree, or that are not documented."),
        UnexportedField(told: "`device.nozzle.info` of an X1C on 01.09, a number", "Not documented."),
        UnexportedField(
            """
            device.airduct.modeFunc device.airduct.modeList device.airduct.modeVisable
            device.airduct.subMode device.airduct.subFunc device.airduct.subVisable device.airduct.version
            device.airduct.parts[].func device.airduct.parts[].range device.airduct.parts[].tar_state
            """,
            "Which modes there are and which fans may take part; the mode and how fast each fan turns are exported."),
        UnexportedField(
            "2D device.type device.laser device.cam.laser device.ext_tool device.fourth_axis device.fire_ext",
            "Jobs and parts of a laser or a cutter, and what keeps them safe."),
        UnexportedField(
            """
            ipcam.ipcam_record ipcam.timelapse ipcam.resolution ipcam.mode_bits ipcam.bs_state
            ipcam.cap_pic_enable ipcam.laser_preview_res
            """,
            "How the camera is set; whether a picture comes, and how large it is, is measured."),
        UnexportedField(
            "ipcam.agora_service ipcam.brtc_service ipcam.tutk_server ipcam.liveview ipcam.liveview_preview",
            "Ways by which the app gets its picture."),
        UnexportedField(
            """
            ipcam.tl_external_free_kb ipcam.tl_external_total_kb ipcam.tl_internal_free_kb ipcam.tl_internal_total_kb
            ipcam.tl_store_hpd_type ipcam.tl_store_path_type device.cam.tl_external_free_kb
            device.cam.tl_external_total_kb device.cam.tl_internal_free_kb device.cam.tl_internal_total_kb
            device.cam.timelapse_path
            """,
            "Where time lapses go, and the room for them; whether a card is there is exported."),
        UnexportedField(
            "hms[].action hms[].timestamp hms[].ts_boot hms[].ts_unix",
            "What the screen offers to do, and when a message came by a clock that may be wrong."),
        UnexportedField("net.info ipcam.rtsp_url", "Addresses; whoever scrapes has them."),
        UnexportedField(
            told: "`lights_report` of a `work_light` that says `flashing`", "It says so whether it is on or off."),
        UnexportedField(told: "`system.get_access_code`", "A secret."),
        UnexportedField(
            "mc_print upgrade system xcam camera security liveview pushing t_utc",
            "Log lines, answers to commands, and the clock of a printer, which may be wrong."),
        UnexportedField(
            told:
                "REST `dev_access_code`; `ttcode`, `authkey`, `passwd`, `stream_key`, `stream_salt`, `channel_name`, `app_id`, `rtm`, `streams`, `peers`",
            "Secrets, and places for some. They are dropped as the answer is read."),
        UnexportedField(
            told:
                "REST `dev_structure`, `nozzle_diameter`, `print_job`, `tray_count`, `total_trays`, `has_ams`, `software_version`, `hardware_version`, `temperature` of a tray",
            "Say again what the model, the units or the printer itself say."),
        UnexportedField(
            told:
                "REST `firmware[].url`, `description`, `force_update`, `status`; `ams[].firmware`, `firmware_current`, `address`",
            "Whether there is newer firmware for the printer is exported; the rest is for whoever installs it."),
        UnexportedField(
            told:
                "REST `task_id`, `task_name`, `model_id`, `project_id`, `profile_id`, `thumbnail`, `progress`; `id`, `title`, `status`, `endTime`, `length`, `plateIndex`, `mode`, `failedType`, `deviceName`, `deviceModel`, `sourceColor`, `targetColor`, `filamentId`, `filamentType` of tasks",
            "Identify a job without end, are numbered differently by every source, or are told by the reports, from which jobs are counted."
        ),
        UnexportedField(
            told: "REST `my/messages`, `my/message/count`, `my/profile`, `slicer/setting`, `user/task`",
            "Not asked for: messages and presets are no measurements, and the last one answers nobody."),
        UnexportedField(told: "the humidity letter of the app", "Not on the wire: the app makes it from the index."),
    ]
}
