// Building blocks of the rules.
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

  // A printer that reports now. Only its current readings count, so a spool or unit that was removed is gone at once.
  reports:: '%s bambu_up == 1' % e.printer,
  // The current reading; while the printer is unreachable, the last one within the gap.
  last(series):: '(%s or last_over_time(%s[%s]) unless %s)' % [series, series, config.gap, e.reports],

  // The last values of a printer that is unreachable, kept for config.memory. Each evaluation records them from the previous record, so
  // that the cost does not grow with the length of the memory.
  // A print may have ended while the exporter did not answer or restarted: such a printer is not lost. If the exporter failed before the
  // last state, the printer counts as lost as soon as the failure is older than the window.
  local lost = |||
    bambu_up == 0 and %(printer)s last_over_time(bambu_printer_state{state=~"prepare|running|pause"}[%(within)s]) == 1
      unless %(exporter)s min_over_time(up[%(within)s]) == 0
      unless %(printer)s resets(bambu_mqtt_messages_total[%(within)s]) > 0
  ||| % { exporter: e.exporter, printer: e.printer, within: config.lostWithin },
  local heldName(series) = 'bambu:%s:held' % std.substr(series, 6, 99),
  memories:: {
    'bambu:lost_while_printing:held': std.rstripChars(lost, '\n'),
    // The contents of each slot, with the value 1. The series of a spool that was replaced may still exist; the newest one is used.
    'bambu:ams_tray_info:held': 'topk by (%s) (1, timestamp(bambu_ams_tray_info)) > bool 0' % e.slotLabels,
  } + {
    [heldName(series)]: series
    for series in [
      'bambu_ams_humidity_raw_percent',
      'bambu_ams_humidity_index',
      'bambu_ams_drying_active',
      'bambu_ams_tray_present',
      'bambu_ams_tray_remaining_percent',
      'bambu_ams_tray_remaining_grams',
    ]
  },
  // Targets with one printer each, whose instance is the printer's name. They are remembered while they do not answer.
  printerTargets:: 'bambu:printer_targets:held',
  recordPrinterTargets:: |||
    bambu_up and %(printer)s label_replace(count by (%(labels)s) (bambu_up), "printer", "$1", "instance", "(.+)")
    or %(record)s and %(exporter)s up == 0
  ||| % { record: e.printerTargets, exporter: e.exporter, printer: e.printer, labels: e.list(config.exporterLabels) },
  lastSeen:: 'bambu:up:last_seen',
  // Printers that are unreachable, but still configured in their exporter.
  local isAway = 'and %s last_over_time(bambu_up[%s]) unless %s' % [e.printer, config.gap, e.reports],
  recordLastSeen:: |||
    timestamp(bambu_up == 1)
    or %(record)s %(isAway)s
  ||| % { record: e.lastSeen, isAway: isAway },
  // The account may report another spool while the printer is unreachable.
  local replaced(name) =
    local ofSpool = ['bambu:ams_tray_%s:held' % part for part in ['info', 'remaining_percent', 'remaining_grams']];
    if std.member(ofSpool, name) then ' unless %s bambu_ams_tray_info' % e.slot else '',
  recordMemory(name):: |||
    %(now)s
    or %(name)s %(isAway)s%(replaced)s
      and %(printer)s %(seen)s > time() - %(seconds)d
  ||| % {
    now: e.memories[name],
    name: name,
    isAway: isAway,
    replaced: replaced(name),
    printer: e.printer,
    seen: e.lastSeen,
    seconds: config.memorySeconds,
  },
  local remembered(name) = '(%s or %s unless %s%s)' % [e.memories[name], name, e.reports, replaced(name)],
  // The current reading; while the printer is unreachable, the last one before that.
  held(series):: remembered(heldName(series)),
  // Printers that stopped reporting while they printed, if the exporter was running at that time.
  lostWhilePrinting:: remembered('bambu:lost_while_printing:held'),

  running:: 'and %s %s == 1' % [e.printer, e.last('bambu_printer_state{state="running"}')],
  // Excludes units that are drying, that are still warm from drying, or that were drying at their last report.
  notDrying:: |||
    unless %(unit)s max_over_time(bambu_ams_drying_active[%(after)s]) == 1
    unless %(unit)s %(drying)s == 1
  ||| % { unit: e.unit, after: config.afterDrying, drying: e.held('bambu_ams_drying_active') },
  // Excludes units whose slots are all empty.
  notEmpty:: 'unless %s max by (%s) %s == 0' % [e.unit, e.unitLabels, e.held('bambu_ams_tray_present')],
  // Excludes slots without a spool.
  present:: 'unless %s %s == 0' % [e.slot, e.held('bambu_ams_tray_present')],
  // Adds the contents of the slot as labels.
  named(expr, labels='slot, type, name'):: std.join('\n', [
    '(', e.indent(expr), ')', '* %s group_left (%s)' % [e.slot, labels], e.held('bambu_ams_tray_info'),
  ]),

  indent(text):: std.join('\n', ['  ' + line for line in std.split(std.rstripChars(text, '\n'), '\n')]),
}
