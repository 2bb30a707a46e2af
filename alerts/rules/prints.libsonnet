// Prints, errors, and temperatures that are too high.
function(c, words)
  local a = import '../alert.libsonnet';
  local e = (import '../expressions.libsonnet')(c);
  local w = words { labels:: c.printerLabels };
  local printer = '{{ $labels.printer }}';
  // Series at the time when a print ended: another print may have started since. The state is also looked up now, because the steps of the
  // subquery are full minutes.
  local ended(series, state) = '%s and %s bambu_printer_state{+state="%s"} == 1' % [series, e.printer, state];
  local over(aggregation, window, series) = '%s_over_time((%s)[%s:1m]) or %s' % [aggregation, series, window, series];
  local infoAtEnd(series, state, window) =
    'topk by (%s) (1, %s) > bool 0' % [e.printerLabels, over('max', window, '(%s) * time()' % ended(series, state))];
  local finishedTask = w.fact(infoAtEnd('bambu_print_job_info{}', 'finish', c.finishedWindow), 'task');
  // Not the plan of an older job.
  local plan =
    ('(bambu_cloud_task_planned_grams{} unless %(printer)s bambu_cloud_task_start_timestamp_seconds{}'
     + ' < %(printer)s bambu_print_start_timestamp_seconds{} - %(age)d)') % { printer: e.printer, age: c.planAgeSeconds };
  local finishedGrams = w.figure(over('last', c.finishedWindow, ended(plan, 'finish')), 'grams');
  local failedTask = w.fact(infoAtEnd('bambu_print_job_info{}', 'failed', c.failedWindow), 'task');
  local code = w.fact(infoAtEnd('bambu_print_error_info{}', 'failed', c.failedWindow), 'code');
  local text = w.fact(infoAtEnd('bambu_print_error_info{+text!=""}', 'failed', c.failedWindow), 'text');
  local pausedAt = w.figure('bambu_print_progress_percent{}', 'percent');
  local message = w.fact('bambu_hms_message_info{+text!=""}', 'text', c.printerLabels + ['code']);
  local hms(severity, level, wait) = a.alert(
    'BambuHMSMessage', severity, wait,
    'bambu_hms_message_active{level="%s", code!~"%s"} == 1' % [level, std.join('|', c.hmsIgnored)],
    printer + ' reports {{ $labels.code }}, ' + level + ', from its {{ reReplaceAll "_" " " $labels.module }}'
    + message.text(': '),
    'The printer may have stopped the print. The index of https://wiki.bambulab.com/en/hms/home explains the code and what to do.',
    keep='5m', facts=[message]
  );
  local stage = w.fact('bambu_print_stage_info{}', 'stage', format='reReplaceAll "_" " "');
  [
    a.alert(
      'BambuPrintFinished', 'info', null, 'increase(bambu_prints_finished_total[%s]) > 0' % c.finishedWindow,
      printer + ' finished a print' + finishedTask.text(': '),
      'Remove the print from the bed.'
      + w.lookup(
        over('min', c.finishedWindow, ended('(time() - bambu_print_start_timestamp_seconds{})', 'finish')),
        'value | humanizeDuration', ' It took ', '.'
      )
      + finishedGrams.text(' Its plan used ', ' g of filament.'),
      facts=[finishedTask, finishedGrams]
    ),
    a.alert(
      'BambuPrintFailed', 'warning', null, 'increase(bambu_prints_failed_total[%s]) > 0' % c.failedWindow,
      'A print failed on ' + printer + failedTask.text(': '),
      'The printer stopped it; it was not cancelled. Look at the printer before the next print'
      + code.text(': error ') + text.text(', ') + '.',
      facts=[failedTask, code, text]
    ),
    a.alert(
      'BambuPrintPaused', 'warning', '5m', 'bambu_printer_state{state="pause"} == 1',
      'The print on ' + printer + ' is paused' + pausedAt.text(', at ', ' %'),
      'Resume it on the printer.' + stage.text(' Its stage is ', '.'),
      facts=[stage, pausedAt]
    ),
    a.alert(
      'BambuPrintStalled', 'warning', '1m',
      a.lines([
        'bambu_printer_state{state="running"} == 1',
        'and (bambu_printer_state{state="running"} offset %s) == 1' % c.stalledWindow,
        'and min_over_time(bambu_printer_state{state="running"}[%s]) == 1' % c.stalledWindow,
        'and %s changes(bambu_print_progress_percent[%s]) == 0' % [e.printer, c.stalledWindow],
        'unless %s changes(bambu_print_layer[%s]) > 0' % [e.printer, c.stalledWindow],
        'unless %s changes(bambu_print_remaining_seconds[%s]) > 0' % [e.printer, c.stalledWindow],
        'or',
        '# A nozzle that should heat, and does not.',
        'max without (nozzle) (min_over_time((',
        '  bambu_nozzle_target_temperature_celsius - bambu_nozzle_temperature_celsius',
        ')[%s:1m]))' % c.coldNozzle.window,
        '  > %d' % c.coldNozzle.celsius,
        'and %s min_over_time(bambu_printer_state{state="running"}[%s]) == 1' % [e.printer, c.coldNozzle.window],
        'and %s (bambu_printer_state{state="running"} offset %s) == 1' % [e.printer, c.coldNozzle.window],
      ]),
      'The print on ' + printer + ' makes no progress{{ if gt ' + w.value + ' 1.0 }}: its nozzle is '
      + w.number() + ' °C below its target{{ end }}',
      'The printer reports that it prints. Look at it: the nozzle may be clogged or cold, or the printer may hang.'
    ),
    a.alert(
      'BambuPrintError', 'warning', '1m',
      a.lines([
        'bambu_print_error_info{code!~"%s"} == 1' % std.join('|', c.printErrorsIgnored),
        '# An idle printer still reports the last error.',
        'unless %s bambu_printer_state{state="idle"} == 1' % e.printer,
      ]),
      printer + ' reports error {{ $labels.code }}{{ with $labels.text }}: {{ . }}{{ end }}',
      'The print may have stopped or may wait. https://wiki.bambulab.com/en/hms/home explains the code and what to do.'
    ),
    hms('critical', 'fatal', '1m'),
    hms('warning', 'serious', '1m'),
    a.alert(
      'BambuNozzleOvertemperature', 'critical', '3m',
      a.lines([
        'bambu_nozzle_temperature_celsius > %d' % c.nozzle.celsius,
        'unless on (%s, nozzle) bambu_nozzle_target_temperature_celsius > %d'
        % [e.printerLabels, c.nozzle.hotTargetCelsius],
        'or',
        '# Compared with the highest recent target: a nozzle whose target fell takes time to cool.',
        'bambu_nozzle_temperature_celsius > on (%s, nozzle) group_left ()' % e.printerLabels,
        '  (max_over_time(bambu_nozzle_target_temperature_celsius[%s]) > 0) + %d'
        % [c.nozzle.targetWindow, c.nozzle.aboveTargetCelsius],
      ]),
      'Nozzle {{ $labels.nozzle }} of ' + printer + ' is at ' + w.number() + ' °C',
      'It is above its target or above its limit. Look at the printer, and switch it off if the temperature still rises.'
    ),
    a.alert(
      'BambuBedOvertemperature', 'critical', '3m',
      a.lines([
        'bambu_bed_temperature_celsius > %d' % c.bed.celsius,
        'or',
        '# Compared with the highest recent target: a bed cools slowly.',
        'bambu_bed_temperature_celsius > %s group_left ()' % e.printer,
        '  (max_over_time(bambu_bed_target_temperature_celsius[%s]) > 0) + %d'
        % [c.bed.targetWindow, c.bed.aboveTargetCelsius],
      ]),
      'The bed of ' + printer + ' is at ' + w.number() + ' °C',
      'It is above its target or above its limit. Look at the printer, and switch it off if the temperature still rises.'
    ),
  ]
