// Slots that run out before the print ends; the value is the missing grams.
function(config)
  local e = (import 'expressions.libsonnet')(config);
  local left = e.last('bambu_ams_tray_remaining_grams');
  // The cloud's plan for the job, unless it belongs to an older job.
  local plan = |||
    (%(planned)s
      unless %(printer)s bambu_cloud_task_start_timestamp_seconds
        < %(printer)s bambu_print_start_timestamp_seconds - %(age)d)
  ||| % {
    planned: e.last('bambu_cloud_task_tray_grams'),
    printer: e.printer,
    age: config.planAgeSeconds,
  };
  local byPlan = |||
    %(plan)s* %(printer)s group_left ()
    (1 - %(progress)s / 100)
    - %(slot)s group_left ()
    %(left)s > 0
  ||| % {
    plan: plan,
    printer: e.printer,
    slot: e.slot,
    progress: e.last('bambu_print_progress_percent'),
    left: left,
  };
  local byRate = |||
    -deriv(bambu_ams_tray_remaining_grams[%(window)s]) * %(printer)s group_left ()
    %(time)s
    - %(slot)s group_left () %(left)s > 0
    and %(slot)s last_over_time(bambu_ams_tray_remaining_grams[%(gap)s] offset %(known)s)
    unless %(printer)s %(plan)s
  ||| % {
    window: config.rateWindow,
    printer: e.printer,
    slot: e.slot,
    time: e.last('bambu_print_remaining_seconds'),
    left: left,
    gap: config.gap,
    known: config.rateKnownFor,
    plan: std.rstripChars(plan, '\n'),
  };
  local spools = e.last('bambu_ams_tray_info{ams!="external", type!=""}');
  local refilled = |||
    %(spools)s
    * %(same)s group_left ()
    (count by (%(labels)s, type, color) (%(spools)s) > 1)
    and %(printer)s %(refill)s == 1
  ||| % {
    spools: spools,
    same: 'on (%s, type, color)' % e.printerLabels,
    labels: e.printerLabels,
    printer: e.printer,
    refill: e.last('bambu_ams_auto_refill_enabled'),
  };
  e.named(std.join('\n', [
    '(',
    e.indent(byPlan),
    '  or',
    e.indent(byRate),
    ')',
    e.running,
    e.present,
    // Excludes slots if the printer can continue with a second spool of the same type and colour.
    'unless %s (' % e.slot,
    e.indent(refilled),
    ')',
  ]))
