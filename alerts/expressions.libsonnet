// The parts that rules are made of.
function(config) {
  local e = self,
  list(names):: std.join(', ', names),
  exporter:: 'on (%s)' % e.list(config.exporterLabels),
  printerLabels:: e.list(config.printerLabels),
  unitLabels:: e.list(config.printerLabels + ['ams']),
  slotLabels:: e.list(config.printerLabels + ['ams', 'tray']),
  printer:: 'on (%s)' % e.printerLabels,
  unit:: 'on (%s)' % e.unitLabels,
  slot:: 'on (%s)' % e.slotLabels,

  // The last reading within the gap.
  last(series):: 'last_over_time(%s[%s])' % [series, config.gap],
  running:: 'and %s %s == 1' % [e.printer, e.last('bambu_printer_state{state="running"}')],

  // No unit that dries, or is still warm from it.
  notDrying:: 'unless %s max_over_time(bambu_ams_drying_active[%s]) == 1' % [e.unit, config.afterDrying],
  // No unit whose slots are all empty.
  notEmpty:: 'unless %s max by (%s) (%s) == 0' % [e.unit, e.unitLabels, e.last('bambu_ams_tray_present')],
  // No slot without a spool.
  present:: 'unless %s %s == 0' % [e.slot, e.last('bambu_ams_tray_present')],

  // What is in each slot, as 1. After a swap the gap still remembers the old spool: the newest counts.
  spool(matchers=''):: |||
    (topk by (%s) (1,
      max_over_time(timestamp(bambu_ams_tray_info%s)[%s:%s])
    ) > bool 0)
  ||| % [e.slotLabels, matchers, config.gap, config.gapStep],
  named(expr, labels='slot, type, name'):: std.join('\n', [
    '(', e.indent(expr), ')', '* %s group_left (%s)' % [e.slot, labels], e.spool(),
  ]),

  // Grams on a full spool, and on this one.
  full:: '(%s or %s %s * 0 + %d)' % [
    e.last('bambu_ams_tray_spool_grams'),
    e.slot,
    e.last('bambu_ams_tray_remaining_percent'),
    config.spoolGrams,
  ],
  left:: '%s / 100\n* %s\n%s' % [e.last('bambu_ams_tray_remaining_percent'), e.slot, e.full],

  indent(text):: std.join('\n', ['  ' + line for line in std.split(std.rstripChars(text, '\n'), '\n')]),
}
