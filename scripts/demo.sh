#!/bin/bash
# Runs the exporter against simulated printers and shows their metrics, until it is interrupted. On a terminal the tables are
# redrawn in place; otherwise they are appended.
# Usage: scripts/demo.sh FOLDER_OF_PROGRAMS
set -eu

programs=$1
work=$(mktemp -d)
simulator=
exporter=
terminal=
lines=0
if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then terminal=yes; fi

# shellcheck disable=SC2317  # called by the traps below
finish() {
    # A second Ctrl-C must not leave the folder behind.
    trap '' EXIT INT TERM HUP PIPE
    # Line wrap and the cursor come back.
    [ -z "$terminal" ] || printf '\e[?7h\e[?25h\r\e[K'
    # In the background a shell's programs ignore SIGINT.
    for process in $(jobs -p); do kill "$process" 2> /dev/null || true; done
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

pause() {
    sleep "$1" &
    wait $!
}

# Waits until a file has a line, at most 30 s.
await() {
    for _ in $(seq 300); do
        grep -q "$1" "$2" 2> /dev/null && return
        kill -0 "$3" 2> /dev/null || break
        pause 0.1
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
echo "The exporter watches three simulated printers over the LAN and one through an"
echo "account. An hour of a printer takes a minute. Ctrl-C ends the demo."
echo "  status page   http://$address/"
echo "  metrics       http://$address/metrics"
echo

# shellcheck disable=SC2016  # awk's variables
# Two tables of at most 79 columns: the printers, then their AMS units.
tables='
function label(name,   at, rest) {
    at = index($0, name "=\"")
    if (!at) return ""
    rest = substr($0, at + length(name) + 2)
    return substr(rest, 1, index(rest, "\"") - 1)
}
function shown(value, unit) { return value == "" ? "-" : value unit }
function unit() {
    key = printer SUBSEP label("ams")
    if (!(key in number)) { number[key] = label("ams"); units[printer, ++unitCount[printer]] = key }
    return key
}
/^#/ { next }
{ printer = label("printer"); value = $NF }
printer != "" && !(printer in seen) { seen[printer] = 1; order[++count] = printer }
/^bambu_up\{/ { up[printer] = value }
/^bambu_printer_info\{/ { model[printer] = label("model") }
/^bambu_printer_state\{/ && value == 1 { state[printer] = label("state") }
/^bambu_print_progress_percent\{/ { progress[printer] = value }
/^bambu_nozzle_temperature_celsius\{/ { nozzle[printer] = sprintf("%.0f", value) }
/^bambu_bed_temperature_celsius\{/ { bed[printer] = sprintf("%.0f", value) }
/^bambu_camera_frames_per_second\{/ { camera[printer] = sprintf("%.2g", value) }
/^bambu_ams_humidity_index\{/ { humidityIndex[unit()] = value }
/^bambu_ams_humidity_raw_percent\{/ { humidity[unit()] = value }
/^bambu_ams_tray_present\{/ && value == 1 && label("ams") != "external" { trays[unit()]++ }
/^bambu_ams_tray_remaining_percent\{/ && label("ams") != "external" { at = unit(); left[at] = left[at] sprintf("%5s", value "%") }
END {
    format = "%-8s  %-8s  %2s  %-9s  %5s  %6s  %5s  %8s\n"
    printf format, "PRINTER", "MODEL", "UP", "STATE", "DONE", "NOZZLE", "BED", "CAMERA/S"
    for (i = 1; i <= count; i++) {
        p = order[i]
        printf format, p, model[p], up[p], shown(state[p]), shown(progress[p], "%"), shown(nozzle[p], " C"),
            shown(bed[p], " C"), shown(camera[p])
    }
    format = "%-8s  %3s  %8s  %5s  %s\n"
    print ""
    printf format, "PRINTER", "AMS", "HUMIDITY", "INDEX", "FILAMENT LEFT"
    for (i = 1; i <= count; i++) for (j = 1; j <= unitCount[order[i]]; j++) {
        u = units[order[i], j]
        printf format, order[i], number[u], shown(humidity[u], "%"), shown(humidityIndex[u]),
            left[u] != "" ? left[u] : trays[u] + 0 " spools, not tracked"
    }
}'

# Draws over the previous tables. If the terminal is too low, the last rows are left out.
draw() {
    local text=$1 rows
    rows=$(stty size 2> /dev/null < /dev/tty | cut -d ' ' -f 1) || true
    text=$(head -n "$((${rows:-0} > 2 ? rows - 1 : 23))" <<< "$text")
    [ "$lines" = 0 ] || printf '\e[%dA' "$lines"
    # Clear each line after its text, and everything below the last one.
    printf '\r%s\e[K\n\e[J' "${text//$'\n'/$'\e[K\n'}"
    lines=$(wc -l <<< "$text")
}

# A line that is too long for a narrow terminal must not take two rows.
[ -z "$terminal" ] || printf '\e[?25l\e[?7l'
# ROUNDS limits the number of tables, for tests.
for ((round = 0; round < ${ROUNDS:-1000000}; round++)); do
    if [ "$round" != 0 ] && [ -z "$terminal" ]; then pause 5; else pause 1; fi
    scrape=$(curl -fsS "http://$address/metrics") || fail "The exporter does not answer:" "$work/exporter.log"
    text=$(date '+%H:%M:%S' && awk "$tables" <<< "$scrape")
    if [ -n "$terminal" ]; then draw "$text"; else printf '%s\n\n' "$text" 2> /dev/null || finish 0; fi
done
