/// Names of the stages of a job. Wire: `stg_cur`. Source: ha-bambulab const.py:85-169; from 78 on Bambu Studio.
package enum Stage {
    private static let names = [
        "printing", "auto_bed_leveling", "heatbed_preheating", "sweeping_xy_mech_mode", "changing_filament",
        "m400_pause",
        "paused_filament_runout", "heating_hotend", "calibrating_extrusion", "scanning_bed_surface",
        "inspecting_first_layer", "identifying_build_plate_type", "calibrating_micro_lidar", "homing_toolhead",
        "cleaning_nozzle_tip", "checking_extruder_temperature", "paused_user", "paused_front_cover_falling",
        "calibrating_micro_lidar", "calibrating_extrusion_flow", "paused_nozzle_temperature_malfunction",
        "paused_heat_bed_temperature_malfunction", "filament_unloading", "paused_skipped_step", "filament_loading",
        "calibrating_motor_noise", "paused_ams_lost", "paused_low_fan_speed_heat_break",
        "paused_chamber_temperature_control_error", "cooling_chamber", "paused_user_gcode", "motor_noise_showoff",
        "paused_nozzle_filament_covered_detected", "paused_cutter_error", "paused_first_layer_error",
        "paused_nozzle_clog", "check_absolute_accuracy_before_calibration", "absolute_accuracy_calibration",
        "check_absolute_accuracy_after_calibration", "calibrate_nozzle_offset", "bed_level_high_temperature",
        "check_quick_release", "check_door_and_cover", "laser_calibration", "check_platform",
        "check_birdeye_camera_position", "calibrate_birdeye_camera", "bed_level_phase_1", "bed_level_phase_2",
        "heating_chamber", "heated_bed_cooling", "print_calibration_lines", "check_material",
        "calibrating_live_view_camera", "waiting_for_heatbed_temperature", "check_material_position",
        "calibrating_cutter_model_offset", "measuring_surface", "thermal_preconditioning", "homing_blade_holder",
        "calibrating_camera_offset", "calibrating_blade_holder_position", "hotend_pick_place_test",
        "waiting_chamber_temperature_equalize", "preparing_hotend", "calibrating_detection_nozzle_clumping",
        "purifying_chamber_air", "measuring_rotary_attachment", "moving_toolhead_above_purge_chute",
        "cooling_nozzle", "moving_toolhead_to_center_of_heatbed", "active_arc_fitting", "hotend_type_detection",
        "build_plate_alignment_detection", "heatbed_surface_foreign_object_detection",
        "heatbed_underside_foreign_object_detection", "pre_extrusion_before_printing", "preparing_ams",
        "compensating_timing_belt_artifacts", "preparing_accessory", unknown, "detecting_cutting_pad_offset",
        "stabilizing_heatbed_temperature", "calibrating_tool_rack_position", "tool_pick_and_place_test", unknown,
        unknown, unknown, "processing_2d_job",
    ]

    /// The name of all unknown stages.
    private static let unknown = "unknown"

    /// The name of a stage; `idle` for -1 (X1 and later) and 255 (P1, A1), `unknown` if this program does not know it.
    package static func name(of stage: Int) -> String {
        if stage == -1 || stage == 255 { return "idle" }
        return names.indices.contains(stage) ? names[stage] : unknown
    }
}
