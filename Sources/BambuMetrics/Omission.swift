/// A field of the wire or of the published notes that has no metric, and why it has none.
struct Omission: Sendable {
    /// Fields as the wire writes them, below `print` where they do not say otherwise.
    let what: String
    let reason: String

    private init(_ what: String, _ reason: String) {
        self.what = what
        self.reason = reason
    }

    static let all: [Omission] = [
        Omission(
            "`percent`, `remain_time`, `3D.layer_num`, `3D.total_layer_num`, `2D`, `job`, `stage`, `state`, `mc_stage`, `mc_print_stage`, `mc_print_sub_stage`, `mc_action`, `print_gcode_action`, `print_real_action`, `mc_print_error_code`, `err`, `err2`, `ap_err`, `mc_err`, `fail_reason`, `fan_gear`, `device.fan`, `device.bed_temp`, `device.cham_temp`, `info.temp`",
            "Say again, on some models, what an exported field says on all."),
        Omission(
            "`gcode_file_prepare_percent`, `prepare_per`, `upload`, `upgrade_state.progress`, `upgrade_state.status`, `upgrade_state.message`, `flag3`, `force_upgrade`",
            "Progress of transfers and updates that nobody watches from afar."),
        Omission(
            "`task_id`, `subtask_id`, `project_id`, `profile_id`, `job_id`, `model_id`, `design_id`, `lan_task_id`, `canvas_id`, `batch_id`, `plate_id`, `plate_idx`, `plate_cnt`, `job_attr`, `md5`, `url`, `param`, `file`",
            "Identify a job without end: a label of each would grow for ever."),
        Omission(
            "`tag_uid`, `tray_uuid`, `chip_id`, `device.nozzle.info[].sn`",
            "Identify one spool or part, and say nothing to a person."),
        Omission(
            "`queue_number`, `queue_total`, `queue_est`, `queue_sts`, `queue`, `care`, `maintain`",
            "Always 0 in every recording, or not documented."),
        Omission(
            "`stg`, `s_obj`, `mapping`, `ams_mapping`, `ams_mapping2`, `filaments`, `mc_print_line_number`, `gcode_start_time`",
            "Describe the plan of a job, not its course."),
        Omission(
            "`ams_status`, `ams_rfid_status`, `hw_switch_state`, `tray_tar`, `tray_pre`, `ams.version`, `ams.cfs`, `ams.cali_id`, `ams.cali_stat`, `tray_is_bbl_bits`, `tray_read_done_bits`, `tray_reading_bits`, `tray_hall_out_bits`, `insert_flag`, `check`, `dry_sf_reason`, `unbind_ams_stat`, `ams_exist_bits_raw`",
            "Steps of a filament change, over in seconds; a scrape sees them by chance."),
        Omission(
            "`k`, `n`, `cali_idx`, `cali_version`, `bed_temp`, `bed_temp_type`, `tray_temp`, `tray_time`, `drying_temp`, `drying_time`, `tray_diameter`, `cols`, `ctype`, `xcam_info`, `filam_bak`",
            "Settings for slicer and printer; the recommended nozzle temperatures are exported."),
        Omission("`remain` of an external spool", "Always 0, and means nothing."),
        Omission("`humidity` of an AMS Lite", "A constant 5: it has no sensor."),
        Omission(
            "`xcam`, `xcam_status`, `cfg`, `fun`, `fun2`, `ver`, `lifecycle`, `mess_production_state`, `online`, `nozzle_offset_cali`, `timelapse`, `device.airduct.modeCur`, `device.plate`, `device.laser`, `device.ext_tool`, `device.fourth_axis`, `device.fire_ext`, `device.holder`, `device.toolhead`, `device.screen`, `device.type`, `device.cam`, `device.extruder.info[].hnow`, `device.nozzle.info[].wear`, `device.nozzle.info[].tm`",
            "Switches and parts whose bits are disputed among the sources, or not documented."),
        Omission("`net.info`, `ipcam.rtsp_url`", "Addresses; whoever scrapes has them."),
        Omission(
            "`device.nozzle.info[]` with ids 16 to 21", "Hotends in the rack of an H2C: a rack is no nozzle."),
        Omission("`system.get_access_code`", "A secret."),
        Omission(
            "`mc_print.param`, `upgrade`, `xcam`, `camera`, `security`, `liveview`, `t_utc`",
            "Log lines, answers to commands, and the clock of a printer, which may be wrong."),
        Omission(
            "REST `dev_access_code`; `ttcode`, `authkey`, `passwd`, `stream_key`, `stream_salt`, `channel_name`, `app_id`, `rtm`, `streams`, `peers`",
            "Secrets, and places for some. They are dropped as the answer is read."),
        Omission(
            "REST `dev_model_name`, `dev_structure`, `nozzle_diameter`, `print_job`, `tray_count`, `total_trays`, `has_ams`, `software_version`, `hardware_version`",
            "Say again what the model, the units or the printer itself say."),
        Omission(
            "REST `firmware[].url`, `description`, `force_update`, `status`; `ams[].firmware`, `firmware_current`",
            "Whether there is newer firmware for the printer is exported; the rest is for whoever installs it."),
        Omission(
            "REST `task_id`, `task_name`, `title`, `thumbnail`, `progress`, `status` and `endTime` of tasks, `length`, `plateIndex`, `mode`, `failedType`",
            "Identify a job without end, or are numbered differently by every source. Jobs are counted from the reports."
        ),
        Omission(
            "REST `my/messages`, `my/message/count`, `my/profile`, `slicer/setting`, `user/task`",
            "Not asked for: messages and presets are no measurements, and the last one answers nobody."),
        Omission("the humidity letter of the app", "Not on the wire: the app makes it from the index."),
    ]
}
