// The recorded series: those that alerts remember, and those for charts. A name ends in the function and its time range.
function(c)
  local e = (import 'expressions.libsonnet')(c);
  local rule(name, expr) = {
    record: name,
    expr: if std.length(std.findSubstr('\n', expr)) > 0 then std.rstripChars(expr, '\n') + '\n' else expr,
  };
  [
    {
      name: 'bambu-memory',
      rules: [rule(e.printerTargets, e.recordPrinterTargets), rule(e.lastSeen, e.recordLastSeen)]
             + [rule(name, e.recordMemory(name)) for name in std.objectFields(e.memories)],
    },
    {
      name: 'bambu-recording',
      rules: [
        rule(
          'bambu:filament_left:grams',
          e.named(e.last('bambu_ams_tray_remaining_grams') + '\n' + e.present, 'slot, type, name, color')
        ),
      ],
    },
    {
      name: 'bambu-recording-slow',
      interval: c.slowInterval,
      rules: [
        rule('bambu:filament_used_grams:increase1d', 'increase(bambu_filament_used_grams_total[1d])'),
        rule(
          'bambu:filament_left:days',
          |||
            sum without (ams, tray, slot, name, color) (bambu:filament_left:grams)
            / (increase(bambu_filament_used_grams_total[7d]) / 7 > 1)
          |||
        ),
        // A cancelled print is neither a success nor a failure.
        rule(
          'bambu:prints:success_ratio30d',
          |||
            increase(bambu_prints_finished_total[30d])
            / (increase(bambu_prints_finished_total[30d]) + increase(bambu_prints_failed_total[30d]) > 0)
          |||
        ),
        // The serial numbers that had a name, and when each was last seen: a printer may be renamed or replaced.
        rule(
          'bambu:printer_serial:last_seen30d',
          |||
            max without (model, firmware, transport, name) (
              timestamp(bambu_printer_info) or max_over_time(timestamp(bambu_printer_info)[30d:1h])
            )
          |||
        ),
      ],
    },
  ]
