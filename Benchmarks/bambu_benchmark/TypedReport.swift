/// The fields that a minimal exporter would declare for JSONDecoder: far fewer than this program reads.
struct TypedReport: Decodable {
    struct Section: Decodable {
        let gcode_state: String?
        let mc_percent: Int?
        let mc_remaining_time: Int?
        let layer_num: Int?
        let total_layer_num: Int?
        let nozzle_temper: Double?
        let nozzle_target_temper: Double?
        let bed_temper: Double?
        let bed_target_temper: Double?
        let chamber_temper: Double?
        let subtask_name: String?
        let gcode_file: String?
        let wifi_signal: String?
        let cooling_fan_speed: String?
        let heatbreak_fan_speed: String?
        let big_fan1_speed: String?
        let big_fan2_speed: String?
        let spd_lvl: Int?
        let print_error: Int?
        let stg_cur: Int?
        let ams: AMS?
    }

    struct AMS: Decodable {
        let ams: [Unit]?
        let tray_now: String?
        let ams_exist_bits: String?
        let tray_exist_bits: String?
    }

    struct Unit: Decodable {
        let id: String?
        let humidity: String?
        let humidity_raw: String?
        let temp: String?
        let tray: [Tray]?
    }

    struct Tray: Decodable {
        let id: String?
        let remain: Int?
        let tray_type: String?
        let tray_color: String?
        let tray_weight: String?
    }

    let print: Section?
}
