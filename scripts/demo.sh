#!/bin/bash
# Runs the exporter against simulated printers and shows their metrics, until it is interrupted.
# Usage: scripts/demo.sh FOLDER_OF_PROGRAMS
set -eu

programs=$1
work=$(mktemp -d)
simulator=
exporter=

# shellcheck disable=SC2317  # called by the traps below
finish() {
    trap - EXIT INT TERM HUP PIPE
    [ -z "$exporter" ] || kill "$exporter" 2> /dev/null || true
    [ -z "$simulator" ] || kill "$simulator" 2> /dev/null || true
    wait 2> /dev/null || true
    rm -rf "$work"
    exit "${1:-0}"
}
trap 'finish 0' INT TERM HUP PIPE
trap 'finish $?' EXIT

fail() {
    echo "$1" >&2
    cat "$2" >&2
    exit 1
}

# Waits until a file has a line, at most 30 s.
await() {
    for _ in $(seq 300); do
        grep -q "$1" "$2" 2> /dev/null && return
        kill -0 "$3" 2> /dev/null || break
        sleep 0.1
    done
    fail "$4" "$2"
}

"$programs/bambu_simulator" --port=0 --speed=60 --directory="$work/printers" --config-out="$work/config.json5" \
    --printer='X1C:ams,ams@studio' --printer='P1S:ams@garage' --printer='A1 mini:ams_lite@desk' \
    --account-printer='P2S:ams_2_pro@attic' \
    > "$work/simulator.log" 2>&1 &
simulator=$!
await '^ready' "$work/simulator.log" "$simulator" "The simulated printers did not start:"

"$programs/bambu_exporter" --config.file="$work/config.json5" --web.listen-address="${LISTEN:-127.0.0.1:0}" \
    2> "$work/exporter.log" &
exporter=$!
await 'msg="Listening"' "$work/exporter.log" "$exporter" "The exporter did not start:"
address=$(sed -n 's/.*msg="Listening" address=\([^ ]*\).*/\1/p' "$work/exporter.log" | head -n 1)

echo
echo "Three simulated printers are being watched over the LAN, and one through an account. An hour of theirs is a minute of yours."
echo "  status page   http://$address/"
echo "  metrics       http://$address/metrics"
echo "Ctrl-C ends it."

table='
function label(name,   at, rest) {
    at = index($0, name "=\"")
    if (!at) return ""
    rest = substr($0, at + length(name) + 2)
    return substr(rest, 1, index(rest, "\"") - 1)
}
function shown(value, unit) { return value == "" ? "-" : value unit }
/^#/ { next }
{ printer = label("printer"); value = $NF; if (printer != "" && !(printer in seen)) { seen[printer] = 1; order[++count] = printer } }
/^bambu_up\{/ { up[printer] = value }
/^bambu_printer_info\{/ { model[printer] = label("model") }
/^bambu_printer_state\{/ && value == 1 { state[printer] = label("state") }
/^bambu_print_progress_percent\{/ { progress[printer] = value }
/^bambu_nozzle_temperature_celsius\{/ { nozzle[printer] = sprintf("%.0f", value) }
/^bambu_bed_temperature_celsius\{/ { bed[printer] = sprintf("%.0f", value) }
/^bambu_ams_humidity_index\{/ { index_[printer] = index_[printer] (index_[printer] == "" ? "" : " ") value }
/^bambu_ams_humidity_raw_percent\{/ { raw[printer] = raw[printer] (raw[printer] == "" ? "" : " ") value "%" }
/^bambu_camera_frames_per_second\{/ { camera[printer] = sprintf("%.3g", value) }
/^bambu_ams_tray_present\{/ && value == 1 { trays[printer]++ }
/^bambu_ams_tray_remaining_percent\{/ { left[printer] = left[printer] (left[printer] == "" ? "" : " ") value "%" }
END {
    format = "%-8s %-8s %2s  %-8s %5s  %6s  %5s  %6s  %-9s %-9s %s\n"
    printf format, "PRINTER", "MODEL", "UP", "STATE", "DONE", "NOZZLE", "BED", "CAM/S", "HUM.INDEX", "HUMIDITY", "FILAMENT LEFT"
    for (i = 1; i <= count; i++) {
        p = order[i]
        spools = left[p] != "" ? left[p] : trays[p] ? trays[p] " spools, not tracked" : "-"
        printf format, p, model[p], up[p], shown(state[p]), shown(progress[p], "%"), shown(nozzle[p], " C"),
            shown(bed[p], " C"), shown(camera[p]), shown(index_[p]), shown(raw[p]), spools
    }
}'

# ROUNDS limits the number of tables, for tests.
for ((round = 0; round < ${ROUNDS:-1000000}; round++)); do
    sleep "$((round == 0 ? 2 : 5))" & wait $!
    scrape=$(curl -fsS "http://$address/metrics") || fail "The exporter does not answer:" "$work/exporter.log"
    echo
    date '+%H:%M:%S'
    awk "$table" <<< "$scrape"
done
