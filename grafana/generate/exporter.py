"""Exporter: connections to the printers, camera probes, the cloud, and the process itself."""

from grafana_foundation_sdk.builders.dashboard import Row

from parts import *

RATE = "$__rate_interval"


def own(name: str, more: str = "") -> str:
    """A series of the exporter itself, without the label printer."""
    return m(name, more, printer=False)


def rate(metric: str) -> str:
    return f"rate({metric}[{RATE}])"


def build() -> dict:
    days = f"({own('bambu_cloud_token_expiry_timestamp_seconds')} - time())"
    panels = [
        big("Exporter", "Whether Prometheus can scrape the exporter.", 4, f"{own('up')} and on (job, instance) {own('bambu_exporter_build_info')}", "{{instance}}", background=True,
            mappings=words({"0": ("down", RED), "1": ("up", GREEN)}), empty="not scraped"),
        big("Version", "Version and revision of the exporter.", 4, own("bambu_exporter_build_info"), "{{version}} {{revision}}", name=True, empty="not scraped",
            thresholds=steps(BLUE), mappings=words({"1": ("", None)})),
        big("Uptime", "Time since the last start.", 4, f"time() - ({own('process_start_time_seconds')} and on (job, instance) {own('bambu_exporter_build_info')})", "{{instance}}",
            unit="dtdhms", thresholds=steps(BLUE), empty="not scraped"),
        big("Reporting printers", "Printers that report, and printers that are configured.", 4, f"sum({m('bambu_up')})", "reporting", unit="none", thresholds=steps(GREEN))
        .with_target(q(f"count({m('bambu_up')})", "configured", instant=True, ref="B")),
        big("Configuration", "Whether the last reading of the configuration succeeded.", 4, own("bambu_exporter_config_last_reload_successful"), "{{instance}}",
            background=True, mappings=words({"0": ("reload failed", RED), "1": ("loaded", GREEN)}), empty="not scraped"),
        big("Configuration loaded", "When the current configuration was read.", 4, f"{own('bambu_exporter_config_last_reload_success_timestamp_seconds')} * 1000", "{{instance}}",
            unit="dateTimeFromNow", thresholds=steps(BLUE), empty="not scraped"),
        Row("Connections to the printers"),
        rows("Connections", "For each printer: age of the last report, connections and failures in a day, why it is down, and the expiry of its certificate.", 24, 8,
             q(f"max by (printer) (time() - {m('bambu_last_report_timestamp_seconds')})", as_table=True),
             q(f"max by (printer, reason) ({m('bambu_down_reason_info')})", as_table=True),
             q(f"sum by (printer) ({m('bambu_mqtt_connects_total')})".replace(m("bambu_mqtt_connects_total"), f"increase({m('bambu_mqtt_connects_total')}[1d])"), as_table=True),
             q(f"sum by (printer) (increase({m('bambu_mqtt_connect_failures_total')}[1d]))", as_table=True),
             q(f"max by (printer) ({m('bambu_printer_certificate_expiry_timestamp_seconds')}) * 1000", as_table=True),
             q(f"max by (printer, transport) ({m('bambu_printer_info')})", as_table=True),
             order=["printer", "transport", "Value #A", "reason", "Value #C", "Value #D", "Value #E"], hidden=["Value #B", "Value #F"],
             renamed={"printer": "Printer", "transport": "Via", "Value #A": "Last report", "reason": "Reason", "Value #C": "Connects per day",
                      "Value #D": "Failures per day", "Value #E": "Certificate expires"}, empty="-",
             overrides=[("Last report", {"unit": "s", "decimals": 0, "color": {"mode": "thresholds"}, **cell("color-text"),
                                   "thresholds": {"mode": "absolute", "steps": [{"value": None, "color": GREEN}, {"value": LIMITS["telemetrySilenceSeconds"], "color": RED}]}}),
                        ("Reason", {**cell("color-text"), "color": {"mode": "fixed", "fixedColor": ORANGE}}),
                        ("Connects per day", {"decimals": 0}), ("Failures per day", {"decimals": 0}), ("Certificate expires", {"unit": "dateTimeAsIso"})]),
        lines("Messages", "Messages on the report topic of each printer.", 8, 8, q(rate(m("bambu_mqtt_messages_total")), "{{printer}}"), unit="reqps", low=0, empty="no printer"),
        lines("Bytes", "Bytes of the messages on the report topic of each printer.", 8, 8, q(rate(m("bambu_mqtt_message_bytes_total")), "{{printer}}"), unit="Bps", low=0, empty="no printer"),
        lines("Rejected input", "Messages and fields from printers that the exporter could not use.", 8, 8,
              q(f"sum by (reason) ({rate(m('bambu_mqtt_messages_rejected_total'))})", "message: {{reason}}"),
              q(f"sum by (printer) ({rate(m('bambu_report_fields_rejected_total'))})", "field: {{printer}}"), unit="cps", low=0, empty="nothing"),
        lines("Connects", "New sessions with the printers' own brokers, and with shared brokers.", 12, 7,
              q(f"increase({m('bambu_mqtt_connects_total')}[{RATE}])", "{{printer}}"),
              q(f"increase({own('bambu_shared_mqtt_connects_total')}[{RATE}])", "{{source}}"), unit="none", low=0, bars=True, empty="none"),
        lines("Failures to connect", "Failed attempts to connect, by reason.", 12, 7,
              q(f"sum by (reason) (increase({m('bambu_mqtt_connect_failures_total')}[{RATE}]))", "{{reason}}"),
              q(f"sum by (source, reason) (increase({own('bambu_shared_mqtt_connect_failures_total')}[{RATE}]))", "{{source}}: {{reason}}"),
              unit="none", low=0, bars=True, stack=True, empty="none"),
        Row("Cameras and cloud"),
        lines("Camera probes", "Camera probes, and failed ones by reason.", 8, 9,
              q(f"sum(increase({m('bambu_camera_probes_total')}[{RATE}]))", "probes"),
              q(f"sum by (reason) (increase({m('bambu_camera_probe_failures_total')}[{RATE}]))", "failed: {{reason}}"), unit="none", low=0, bars=True, empty="no camera"),
        lines("Frames", "Frames counted in camera probes.", 4, 9, q(f"increase({m('bambu_camera_frames_total')}[{RATE}])", "{{printer}}"), unit="none", low=0, empty="no camera"),
        big("Cloud", "Whether the last poll of the account succeeded, and how long the token is valid.", 4, own("bambu_cloud_up"), "cloud", background=True, h=9,
            mappings=words({"0": ("down", RED), "1": ("up", GREEN)}), empty="no account")
        .with_target(q(days, "token ends in", instant=True, ref="B"))
        .override_by_query("B", [dm.DynamicConfigValue(id_val="unit", value="dtdhms"), dm.DynamicConfigValue(id_val="mappings", value=[]),
                                 dm.DynamicConfigValue(id_val="thresholds", value={"mode": "absolute", "steps": [
                                     {"value": None, "color": RED}, {"value": LIMITS["tokenDays"] * 86400, "color": GREEN}]})]),
        lines("Requests to the cloud", "Requests by interface, and failed ones by reason.", 8, 9,
              q(f"sum by (api) (increase({own('bambu_cloud_requests_total')}[{RATE}]))", "{{api}}"),
              q(f"sum by (reason) (increase({own('bambu_cloud_request_failures_total')}[{RATE}]))", "failed: {{reason}}"),
              unit="none", low=0, bars=True, empty="no account"),
        rows("Account", "Each printer according to the account: online, state of its print, planned weight and time of its last job.", 24, 6,
             q(f"max by (printer) ({m('bambu_cloud_printer_online')})", as_table=True),
             q(f"max by (printer, status) ({m('bambu_cloud_print_status')})", as_table=True),
             q(f"max by (printer) ({m('bambu_cloud_task_planned_grams')})", as_table=True),
             q(f"max by (printer) ({m('bambu_cloud_task_planned_seconds')})", as_table=True),
             q(f"max by (printer) ({m('bambu_cloud_task_start_timestamp_seconds')}) * 1000", as_table=True),
             order=["printer", "Value #A", "status", "Value #C", "Value #D", "Value #E"], hidden=["Value #B"],
             renamed={"printer": "Printer", "Value #A": "Online", "status": "Print", "Value #C": "Planned weight", "Value #D": "Planned time", "Value #E": "Started"},
             empty="no account",
             overrides=[("Online", {"mappings": [{"type": "value", "options": {"0": {"text": "no", "color": GREY}, "1": {"text": "yes", "color": GREEN}}}]}),
                        ("Planned weight", {"unit": "massg"}), ("Planned time", {"unit": "dtdhms"}), ("Started", {"unit": "dateTimeFromNow"})]),
        Row("Process"),
        lines("Processor", "Processor time of the exporter, as a share of one core.", 5, 7, q(f"{rate(own('process_cpu_seconds_total'))} and on (job, instance) {own('bambu_exporter_build_info')}", "{{instance}}"), unit="percentunit", low=0),
        lines("Memory", "Resident memory of the exporter.", 5, 7, q(f"{own('process_resident_memory_bytes')} and on (job, instance) {own('bambu_exporter_build_info')}", "{{instance}}"), unit="bytes", low=0),
        lines("Open files", "Open file descriptors of the exporter, and their limit.", 5, 7, q(f"{own('process_open_fds')} and on (job, instance) {own('bambu_exporter_build_info')}", "{{instance}}"),
              q(f"{own('process_max_fds')} and on (job, instance) {own('bambu_exporter_build_info')}", "{{instance}} limit"), unit="none", low=0)
        .override_by_query("B", [dm.DynamicConfigValue(id_val="custom.hideFrom", value={"viz": True, "legend": False, "tooltip": False})]),
        lines("Scrapes", "Duration of a scrape.", 5, 7,
              q(f"{own('scrape_duration_seconds')} and on (job, instance) {own('bambu_exporter_build_info')}", "{{instance}}"), unit="s", low=0),
        lines("Refused and dropped", "HTTP requests and connections that were refused, and log lines that were dropped.", 4, 7,
              q(f"sum by (instance) ({rate(own('bambu_exporter_http_requests_rejected_total'))})", "requests: {{instance}}"),
              q(f"sum by (instance) ({rate(own('bambu_exporter_log_lines_dropped_total'))})", "log lines: {{instance}}"), unit="cps", low=0),
    ]
    return board("bambu-exporter", "The exporter, its connections, and its process.", "now-6h", panels)
