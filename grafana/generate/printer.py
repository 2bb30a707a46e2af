"""Printer: everything about one printer, or about several side by side."""

from grafana_foundation_sdk.builders.dashboard import Row

from ams import spools, unit_name
from parts import *

TEMPERATURES = "Measured temperature, and the target as a dashed line. A target of 0 means off."
DASHED = {"custom.lineStyle": {"fill": "dash", "dash": [6, 4]}, "custom.lineWidth": 1}

# What is wrong, with its text if the exporter knows it. Hidden messages are on no screen.
MESSAGES = m("bambu_hms_message_active", 'level!="hidden"')
MESSAGES = (f"  {MESSAGES} * on ({BY}, code) group_left (text) {m('bambu_hms_message_info')}\n"
            f"  or on ({BY}, code) {MESSAGES}")


def against_target(title: str, actual: str, target: str, legend: str, w: int, limits=()):
    panel = lines(title, TEMPERATURES, w, 8 if w > 8 else 7, q(m(actual), legend), q(m(target), legend + " set"), unit="celsius", low=0,
                  limits=limits, empty="no sensor")
    return panel.override_by_query("B", [dm.DynamicConfigValue(id_val=k, value=v) for k, v in DASHED.items()])


def build() -> dict:
    panels = [
        big("State", "The current state of the printer.", 5, state_numbers(), "{{printer}}", background=True, mappings=STATE_WORDS),
        big("Done", "Progress of the job, as the printer estimates it. It stays at 100 after the job.", 3, m("bambu_print_progress_percent"), "{{printer}}",
            unit="percent", empty="no job", thresholds=steps(BLUE)),
        big("Done at", "When the job will end, as the printer estimates it.", 4, m("bambu_print_end_timestamp_seconds") + " * 1000", "{{printer}}", unit="time:HH:mm",
            empty="no job", thresholds=steps(BLUE)),
        big("Time left", "Time left for the job, as the printer estimates it.", 4, m("bambu_print_remaining_seconds"), "{{printer}}", unit="dthms",
            empty="no print runs", thresholds=steps(BLUE)),
        big("Layer", "The current layer, and the number of layers of the job.", 4, m("bambu_print_layer"), "{{printer}} now", empty="no job",
            unit="none", thresholds=steps(BLUE)).with_target(q(m("bambu_print_layers"), "{{printer}} in total", instant=True, ref="B")),
        big("Speed", "Speed of the print. 100 % is the standard profile.", 2, m("bambu_print_speed_percent"), "{{printer}}", unit="percent",
            empty="unknown", thresholds=steps(BLUE, (101, ORANGE))).with_target(
                q(m("bambu_print_speed_level"), "{{printer}} level", instant=True, ref="B"))
        .override_by_query("B", [dm.DynamicConfigValue(id_val="unit", value="none"), dm.DynamicConfigValue(id_val="mappings", value=[
            {"type": "value", "options": {"1": {"text": "silent"}, "2": {"text": "standard"}, "3": {"text": "sport"}, "4": {"text": "ludicrous"}}}])]),
        big("Wi-Fi", "Strength of the Wi-Fi signal. Below -75 dBm, connections drop.", 2, m("bambu_wifi_signal_dbm"), "{{printer}}",
            unit="dBm", empty="on a cable", thresholds=steps(RED, (-75, YELLOW), (-65, GREEN))),
        rows("Job", "The current job, or the last one.", 24, 4,
             q(f"max by (printer, task, file, type) ({m('bambu_print_job_info')})", as_table=True),
             q(f"max by (printer, stage) ({m('bambu_print_stage_info')})", as_table=True),
             q(f"max by (printer) ({m('bambu_print_start_timestamp_seconds')}) * 1000", as_table=True),
             order=["printer", "task", "file", "type", "stage", "Value #C"], hidden=["Value #A", "Value #B"],
             renamed={"printer": "Printer", "task": "Job", "file": "File", "type": "From", "stage": "Stage", "Value #C": "Started"},
             empty="no job", overrides=[("Started", {"unit": "dateTimeFromNow"})]),
        spools(16, 8),
        big("AMS humidity", "Relative humidity in each AMS.", 8, f"max by (printer, unit) ({unit_name(m('bambu_ams_humidity_raw_percent'))})", "{{printer}} {{unit}}", h=8,
            unit="humidity", empty="no unit sends a percentage", background=True,
            thresholds=steps(GREEN, (LIMITS["humidityPercent"]["warning"], ORANGE), (LIMITS["humidityPercent"]["critical"], RED))),
        rows("Health messages and errors", "What is wrong now. The text needs fault_texts in the configuration; the code leads to the maker's wiki.", 24, 5,
             q(f"max by (printer, code, module, level, text) (\n{MESSAGES}\n)\nor "
               f'label_replace(label_replace(max by (printer, code, text) ({ERRORS}), "level", "error", "", ""), "module", "printer", "", "")', as_table=True),
             order=["printer", "level", "text", "code", "module"], hidden=["Value"],
             renamed={"printer": "Printer", "level": "Level", "text": "What is wrong", "code": "Code", "module": "From"}, empty="nothing is wrong",
             overrides=[("What is wrong", cell("auto", wrapText=True)),
                        ("Code", {"links": [{"title": "Wiki", "targetBlank": True,
                                             "url": "https://wiki.bambulab.com/en/hms/home"}]}),
                        ("Level", {"mappings": [{"type": "value", "options": {
                            "fatal": {"text": "fatal", "color": RED}, "serious": {"text": "serious", "color": ORANGE},
                            "error": {"text": "error", "color": RED}, "common": {"text": "common", "color": YELLOW},
                            "info": {"text": "info", "color": BLUE}}}], **cell("color-background", mode="basic"), "custom.width": 100})]),
        timeline("State over time", "The states of the printer over time.", 24, 4, q(state_numbers(), "{{printer}}"),
                 mappings=STATE_WORDS, empty="no printer"),
        against_target("Nozzle", "bambu_nozzle_temperature_celsius", "bambu_nozzle_target_temperature_celsius", "{{printer}} {{nozzle}}", 12,
                       [(LIMITS["nozzle"]["celsius"], RED)]),
        against_target("Bed", "bambu_bed_temperature_celsius", "bambu_bed_target_temperature_celsius", "{{printer}}", 12,
                       [(LIMITS["bed"]["celsius"], RED)]),
        lines("Progress", "Progress of the job over time.", 8, 7, q(m("bambu_print_progress_percent"), "{{printer}}"),
              unit="percent", low=0, high=100, fill=10, empty="no job"),
        lines("Fans", "Speed of each fan that the model has.", 8, 7, q(m("bambu_fan_speed_percent"), "{{printer}} {{fan}}"),
              unit="percent", low=0, high=100, empty="no fan reported"),
        against_target("Chamber", "bambu_chamber_temperature_celsius", "bambu_chamber_target_temperature_celsius", "{{printer}}", 8),
        Row("Camera"),
        big("Camera", "Whether the last probe received a picture.", 3, m("bambu_camera_up"), "{{printer}}", background=True, h=6,
            mappings=words({"0": ("no picture", RED), "1": ("up", GREEN)}), empty="not probed"),
        big("Frames per second", "Frames per second in the last probe.", 3, m("bambu_camera_frames_per_second"), "{{printer}}", unit="none", decimals=1, h=6,
            empty="not probed", thresholds=steps(BLUE)),
        timeline("Frozen picture", "Whether all pictures of a probe were the same.", 5, 6, q(m("bambu_camera_frozen"), "{{printer}}"),
                 mappings=words({"0": ("moves", GREEN), "1": ("frozen", RED)}), empty="not probed"),
        lines("Picture size", "Mean size of a picture in the last probe.", 4, 6, q(m("bambu_camera_frame_bytes"), "{{printer}}"), unit="bytes", low=0, empty="not probed"),
        rows("Camera details", "Protocol, picture size, and the time of the last picture.", 9, 6,
             q(f"max by (printer, protocol, width, height) ({m('bambu_camera_info')})", as_table=True),
             q(f"max by (printer) ({m('bambu_camera_last_frame_timestamp_seconds')}) * 1000", as_table=True),
             order=["printer", "protocol", "width", "height", "Value #B"], hidden=["Value #A"],
             renamed={"printer": "Printer", "protocol": "Protocol", "width": "Width", "height": "Height", "Value #B": "Last picture"},
             empty="not probed", overrides=[("Last picture", {"unit": "dateTimeFromNow"})]),
        Row("Machine and connection"),
        timeline("Door, light, card", "Whether the door is open, a light is on, a card is in the printer.", 12, 7,
                 q(m("bambu_door_open"), "{{printer}} door open"), q(m("bambu_light_on"), "{{printer}} {{light}} on"),
                 q(m("bambu_sdcard_present"), "{{printer}} card"), mappings=YES_NO, empty="not reported"),
        timeline("Connection", "Whether reports arrive, and whether the MQTT session is open.", 12, 7, q(m("bambu_up"), "{{printer}} reports"),
                 q(m("bambu_mqtt_connected"), "{{printer}} session"), mappings=words({"0": ("no", ORANGE), "1": ("yes", GREEN)}), empty="no printer"),
        rows("Identity", "Model, firmware, serial number, and the way to the printer: LAN, broker or cloud.", 24, 5,
             q(f"max by (printer, model, firmware, serial, transport, name) ({m('bambu_printer_info')})", as_table=True),
             q(f"max by (printer) ({m('bambu_firmware_update_available')})", as_table=True),
             q(f"max by (printer) ({m('bambu_ams_auto_refill_enabled')})", as_table=True),
             order=["printer", "model", "firmware", "Value #B", "serial", "transport", "name", "Value #C"], hidden=["Value #A"],
             renamed={"printer": "Printer", "model": "Model", "firmware": "Firmware", "Value #B": "Update", "serial": "Serial",
                      "transport": "Via", "name": "Name", "Value #C": "Auto-refill"}, empty="-",
             overrides=[("Auto-refill", {"mappings": [{"type": "value", "options": {"0": {"text": "off"}, "1": {"text": "on", "color": GREEN}}}]}),
                        ("Update", {"mappings": [{"type": "value", "options": {"0": {"text": "none"}, "1": {"text": "available", "color": BLUE}}}]})]),
        rows("Nozzles", "The installed nozzles, and the one in use.", 24, 5,
             q(f'label_join(max by (printer, nozzle, diameter, type) ({m("bambu_nozzle_info")}), "place", " ", "printer", "nozzle")', as_table=True),
             q(f'label_join(max by (printer, nozzle) ({m("bambu_nozzle_active")}), "place", " ", "printer", "nozzle")', as_table=True),
             q(f'label_join(max by (printer, nozzle, slot) ({m("bambu_nozzle_tray_info")} * on ({SLOT}) group_left (slot) {m("bambu_ams_tray_info")}), "place", " ", "printer", "nozzle")', as_table=True),
             joined="place", order=["place", "diameter", "type", "Value #B", "slot"],
             hidden=["Value #A", "Value #C", "printer", "nozzle", "printer 1", "printer 2", "printer 3", "nozzle 1", "nozzle 2", "nozzle 3"],
             renamed={"place": "Nozzle", "diameter": "mm", "type": "Type", "Value #B": "In use", "slot": "Fed by"}, empty="-",
             overrides=[("In use", {"mappings": [{"type": "value", "options": {"0": {"text": "no"}, "1": {"text": "yes", "color": GREEN}}}]})]),
    ]
    return board("bambu-printer", "One printer, or several side by side.", "now-12h", panels, ANNOTATIONS, one_printer=True)
