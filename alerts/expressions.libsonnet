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

  // A printer that reports now. Its readings of now count, and older ones do not: a spool or unit that left is gone at once.
  reports:: '%s bambu_up == 1' % e.printer,
  // The reading of now; while the printer is out of reach, the last one within the gap.
  last(series):: '(%s or last_over_time(%s[%s]) unless %s)' % [series, series, config.gap, e.reports],
  // The reading of now; while the printer is out of reach, the last one before that, for as long as the memory lasts.
  // A reading that ended earlier than the printer's reports, such as that of an unplugged unit, does not come back.
  held(series):: |||
    (%(series)s or (
      last_over_time(%(series)s[%(memory)s])
      and max_over_time(timestamp(%(series)s + 0)[%(memory)s:%(step)s])
        >= %(printer)s group_left () max_over_time(timestamp(bambu_up == 1)[%(memory)s:%(step)s])
      and %(printer)s last_over_time(bambu_up[%(gap)s])
      unless %(reports)s
    ))
  ||| % {
    series: series,
    memory: config.memory,
    step: config.memoryStep,
    printer: e.printer,
    gap: config.gap,
    reports: e.reports,
  },
  running:: 'and %s %s == 1' % [e.printer, e.last('bambu_printer_state{state="running"}')],

  // No unit that dries, is still warm from it, or dried when it was seen last.
  notDrying:: |||
    unless %(unit)s max_over_time(bambu_ams_drying_active[%(after)s]) == 1
    unless %(unit)s last_over_time(bambu_ams_drying_active[%(memory)s]) == 1
  ||| % { unit: e.unit, after: config.afterDrying, memory: config.memory },
  // No unit whose slots are all empty.
  notEmpty:: 'unless %s max by (%s) (last_over_time(bambu_ams_tray_present[%s])) == 0' % [e.unit, e.unitLabels, config.memory],
  // No slot without a spool.
  present:: 'unless %s last_over_time(bambu_ams_tray_present[%s]) == 0' % [e.slot, config.memory],

  // What is in each slot, as 1: now, or else the last that was seen.
  spool(matchers='', window=config.gap, step=config.gapStep):: |||
    (topk by (%(labels)s) (1,
      timestamp(bambu_ams_tray_info%(matchers)s)
      or max_over_time(timestamp(bambu_ams_tray_info%(matchers)s)[%(window)s:%(step)s]) unless %(slot)s bambu_ams_tray_info
    ) >= bool 0)
  ||| % { labels: e.slotLabels, matchers: matchers, window: window, step: step, slot: e.slot },
  named(expr, labels='slot, type, name', window=config.gap, step=config.gapStep):: std.join('\n', [
    '(', e.indent(expr), ')', '* %s group_left (%s)' % [e.slot, labels], e.spool(window=window, step=step),
  ]),

  indent(text):: std.join('\n', ['  ' + line for line in std.split(std.rstripChars(text, '\n'), '\n')]),
}
