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

  // What is remembered of a printer that is out of reach, for as long as config.memory: the last value that each of these
  // had before. Recorded at every evaluation from the record before, so that the cost does not grow with the memory.
  local lost = 'bambu_up == 0 and %s last_over_time(bambu_printer_state{state=~"prepare|running|pause"}[%s]) == 1'
               % [e.printer, config.lostWithin],
  local heldName(series) = 'bambu:%s:held' % std.substr(series, 6, 99),
  memories:: {
    'bambu:lost_while_printing:held': lost,
    // What is in each slot, as 1. The series of a spool that was replaced may still be there.
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
  lastSeen:: 'bambu:up:last_seen',
  // Whether a printer is out of reach, and known to its exporter.
  local isAway = 'and %s last_over_time(bambu_up[%s]) unless %s' % [e.printer, config.gap, e.reports],
  recordLastSeen:: |||
    timestamp(bambu_up == 1)
    or %(record)s %(isAway)s
  ||| % { record: e.lastSeen, isAway: isAway },
  // An account may tell of another spool while the printer is out of reach.
  local replaced(name) =
    if name == 'bambu:ams_tray_info:held' then ' unless %s bambu_ams_tray_info' % e.slot else '',
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
  // The reading of now; while the printer is out of reach, the last one before that.
  held(series):: remembered(heldName(series)),
  // A printer that stopped reporting while it printed, seen by an exporter that ran at that time.
  lostWhilePrinting:: remembered('bambu:lost_while_printing:held'),

  running:: 'and %s %s == 1' % [e.printer, e.last('bambu_printer_state{state="running"}')],
  // No unit that dries, is still warm from it, or dried when it was seen last.
  notDrying:: |||
    unless %(unit)s max_over_time(bambu_ams_drying_active[%(after)s]) == 1
    unless %(unit)s %(drying)s == 1
  ||| % { unit: e.unit, after: config.afterDrying, drying: e.held('bambu_ams_drying_active') },
  // No unit whose slots are all empty.
  notEmpty:: 'unless %s max by (%s) %s == 0' % [e.unit, e.unitLabels, e.held('bambu_ams_tray_present')],
  // No slot without a spool.
  present:: 'unless %s %s == 0' % [e.slot, e.held('bambu_ams_tray_present')],
  // With what is in the slot as labels.
  named(expr, labels='slot, type, name'):: std.join('\n', [
    '(', e.indent(expr), ')', '* %s group_left (%s)' % [e.slot, labels], e.held('bambu_ams_tray_info'),
  ]),

  indent(text):: std.join('\n', ['  ' + line for line in std.split(std.rstripChars(text, '\n'), '\n')]),
}
