// The alerts, by group. `words` is what annotations are written with; see words.libsonnet.
function(c, words)
  local w = words { labels:: c.printerLabels };
  local account = words { labels:: c.exporterLabels };
  local e = (import 'expressions.libsonnet')(c);
  local lines(list) = std.join('\n', [std.rstripChars(l, '\n') for l in list]) + '\n';
  local alert(name, severity, wait, expr, summary, description, keep=null) = {
    alert: name,
    expr: if std.length(std.findSubstr('\n', expr)) > 0 then std.rstripChars(expr, '\n') + '\n' else expr,
    [if wait != null then 'for']: wait,
    [if keep != null then 'keep_firing_for']: keep,
    labels: { severity: severity },
    annotations: { summary: summary, description: description, runbook_url: c.runbooks + std.asciiLower(name) },
  };
  local printer = '{{ $labels.printer }}';
  local ams = 'AMS ' + w.unit + ' of ' + printer;

  local humidity(severity, percent) = alert(
    'BambuAMSHumidityHigh', severity, '30m',
    lines([e.held('bambu_ams_humidity_raw_percent'), '> %d' % percent, e.notDrying, e.notEmpty]),
    ams + ' is at ' + w.number() + ' % humidity',
    'Above ' + percent + ' % filament takes up water. Dry the filament, renew the desiccant, and check that the lid closes.'
  );
  local hms(severity, level, wait) = alert(
    'BambuHMSMessage', severity, wait,
    'bambu_hms_message_active{level="%s", code!~"%s"} == 1' % [level, std.join('|', c.hmsIgnored)],
    printer + ' reports {{ $labels.code }}, ' + level + ', from its {{ reReplaceAll "_" " " $labels.module }}'
    + w.lookup('bambu_hms_message_info{code} unless bambu_hms_message_info{text=""}', 'label "text"', ': '),
    'The printer may have stopped the print. The index of https://wiki.bambulab.com/en/hms/home explains the code and what to do.',
    keep='5m'
  );
  // A printer that stopped reporting while it printed, seen by an exporter that ran at that time.
  local lost = lines([
    'last_over_time(bambu_up[%s]) == 0' % c.gap,
    'and %s last_over_time(bambu_printer_state{state=~"prepare|running|pause"}[%s]) == 1' % [e.printer, c.memory],
    '# An exporter that was down over the end of a print has not seen it go.',
    'and %s' % e.printer,
    '  max_over_time(timestamp(bambu_up == 0 and %s' % e.printer,
    '    last_over_time(bambu_printer_state{state=~"prepare|running|pause"}[%s]) == 1)[%s:%s])'
    % [c.lostWithin, c.memory, c.gapStep],
    '  > %s max_over_time(timestamp(bambu_up == 1)[%s:%s])' % [e.printer, c.memory, c.gapStep],
  ]);
  {
    exporter: [
      alert(
        'BambuExporterDown', 'critical', '5m',
        lines([
          'up{job=~"%s"} == 0' % c.exporterJobs,
          'or',
          'up == 0 and %s last_over_time(bambu_exporter_build_info[%s])' % [e.exporter, c.exporterMemory],
        ]),
        'The exporter {{ $labels.instance }} does not answer',
        'Its printers are not monitored. Check that bambu_exporter runs, and read the end of its log.'
      ),
      alert(
        'BambuExporterMissing', 'critical', '10m', 'absent(bambu_exporter_build_info)',
        'No bambu_exporter is being scraped',
        'No printer is monitored. Check that bambu_exporter runs, and that the configuration of Prometheus names it.'
      ),
      alert(
        'BambuExporterRestarting', 'warning', null,
        lines([
          'changes(process_start_time_seconds[%s]) >= %d' % [c.restarts.window, c.restarts.count],
          'and %s last_over_time(bambu_exporter_build_info[%s])' % [e.exporter, c.restarts.window],
        ]),
        'The exporter {{ $labels.instance }} restarted ' + w.number() + ' times in ' + c.restarts.window,
        'Counters and connections start again each time. Read the end of its log, and check its memory limit.'
      ),
      alert(
        'BambuExporterConfigReloadFailed', 'warning', '5m', 'bambu_exporter_config_last_reload_successful == 0',
        'The exporter {{ $labels.instance }} cannot use its new configuration',
        'It still uses the previous one. Run bambu_exporter --config.check: it names the line, the key and the fault.'
      ),
    ],
    printers: [
      alert(
        'BambuPrinterOffline', 'info', '10m', 'bambu_up == 0',
        printer + ' is out of reach' + w.lookup('bambu_down_reason_info{}', 'label "reason"', ': '),
        'The printer sends no reports. If it is not switched off, check its network and the log of the exporter.'
      ),
      alert(
        'BambuPrinterLostWhilePrinting', 'critical', '2m',
        lost,
        printer + ' was lost while printing'
        + w.lookup('last_over_time(bambu_print_progress_percent{}[%s])' % c.memory, 'value | printf "%.0f"', ', at ', ' %'),
        'It was printing when its last report arrived. Power, network or firmware failed. Check whether it still prints.'
      ),
      alert(
        'BambuPrintersLostTogether', 'critical', '2m',
        lines(['count without (printer) (', e.indent(lost), ') >= %d' % c.lostTogether]),
        w.number() + ' printers of {{ $labels.instance }} were lost while printing',
        'Power or network failed for all of them. Restore it, then check each printer: a print may wait for a person to resume it.'
      ),
      alert(
        'BambuTelemetryStale', 'warning', '2m',
        lines([
          '(',
          '  time() - bambu_last_report_timestamp_seconds > %d' % c.telemetrySilenceSeconds,
          '  and %s bambu_mqtt_connected == 1' % e.printer,
          '  or',
          '  bambu_mqtt_connected == 1',
          '  unless %s bambu_last_report_timestamp_seconds' % e.printer,
          ')',
          '# A session that many printers share is open, whether this printer is on or not.',
          'unless %s bambu_printer_info{transport=~"cloud|broker"}' % e.printer,
        ]),
        printer + ' is connected, but ' + '{{ if gt ' + w.value + ' 1.0 }}has sent no report for ' + w.duration
        + '{{ else }}has never sent a report{{ end }}',
        'The connection is open but no reports arrive. Check the serial number in the configuration; if it is right, restart the printer.'
      ),
      alert(
        'BambuReportsRejected', 'warning', '30m',
        lines([
          'sum without (reason) (increase(bambu_mqtt_messages_rejected_total[%s])) > %d' % [c.rejected.window, c.rejected.count],
          'or',
          'increase(bambu_report_fields_rejected_total[%s]) > %d' % [c.rejected.window, c.rejected.count],
        ]),
        'The exporter cannot use ' + w.number() + ' messages or fields from ' + printer,
        'A firmware update may have changed their format, so readings may be missing. Update bambu_exporter; if that does not help, report the log line that names the field.'
      ),
      alert(
        'BambuPrinterUnauthorized', 'warning', '5m', 'bambu_down_reason_info{reason=~"auth|certificate"} == 1',
        '{{ if eq $labels.reason "auth" }}' + printer + ' refuses its access code{{ else }}The certificate of ' + printer
        + ' is not the one expected{{ end }}',
        '{{ if eq $labels.reason "auth" }}A reset or a change between LAN and cloud mode makes a new code: read it on the printer'
        + ' and put it into the configuration.{{ else }}After a repair or a replacement, run bambu_exporter forget ' + printer
        + '. Otherwise another device answers at its address: find out which.{{ end }}'
      ),
    ] + (if !c.optional.certificates then [] else [
      alert(
        'BambuCertificateExpiresSoon', 'warning', '1h',
        '(bambu_printer_certificate_expiry_timestamp_seconds - time()) / 86400 < %d' % c.certificateDays,
        'The certificate of ' + printer + ' {{ if lt ' + w.value + ' 0.0 }}has expired{{ else }}expires in ' + w.number()
        + ' days{{ end }}',
        'With tls.verify "ca" the exporter stops connecting to the printer when it expires. Update the firmware: it brings a new certificate.'
      ),
    ]) + (if !c.optional.firmwareUpdates then [] else [
      alert(
        'BambuFirmwareUpdateAvailable', 'info', '1h', 'bambu_firmware_update_available == 1',
        'There is newer firmware for ' + printer,
        'Read its release notes, then update on the printer or in the app while nothing prints.'
      ),
    ]) + [
      alert(
        'BambuSDCardFault', 'warning', '10m', 'bambu_sdcard_state{state=~"abnormal|read_only"} == 1',
        'The card of ' + printer + ' is {{ if eq $labels.state "read_only" }}read-only{{ else }}faulty{{ end }}',
        'Prints from the card and timelapses fail. Save its files, format it on the printer, and replace it if the alert returns.'
      ),
    ],
    prints: [
      alert(
        'BambuPrintFinished', 'info', null, 'increase(bambu_prints_finished_total[%s]) > 0' % c.finishedWindow,
        printer + ' finished a print' + w.lookup('bambu_print_job_info{}', 'label "task"', ': '),
        'Remove the print from the bed.'
        + w.lookup(
          'max(max_over_time(timestamp(bambu_print_remaining_seconds{})[%(memory)s:1m])) - max(last_over_time(bambu_print_start_timestamp_seconds{}[%(memory)s]))' % c,
          'value | humanizeDuration', ' It took ', '.'
        )
        + w.lookup('bambu_cloud_task_planned_grams{}', 'value | printf "%.0f"', ' Its plan used ', ' g of filament.')
      ),
      alert(
        'BambuPrintFailed', 'warning', null, 'increase(bambu_prints_failed_total[%s]) > 0' % c.failedWindow,
        'A print failed on ' + printer + w.lookup('bambu_print_job_info{}', 'label "task"', ': '),
        'The printer stopped it; it was not cancelled. Look at the printer before the next print'
        + w.lookup('bambu_print_error_info{}', 'label "code"', ': error ') + w.lookup('bambu_print_error_info{} unless bambu_print_error_info{text=""}', 'label "text"', ', ') + '.'
      ),
      alert(
        'BambuPrintPaused', 'warning', '5m', 'bambu_printer_state{state="pause"} == 1',
        'The print on ' + printer + ' is paused'
        + w.lookup('bambu_print_progress_percent{}', 'value | printf "%.0f"', ', at ', ' %'),
        'It waits for a person to resume it'
        + w.lookup('bambu_print_stage_info{}', 'label "stage" | reReplaceAll "_" " "', ': ') + '.'
      ),
      alert(
        'BambuPrintStalled', 'warning', '1m',
        lines([
          'bambu_printer_state{state="running"} == 1',
          'and (bambu_printer_state{state="running"} offset %s) == 1' % c.stalledWindow,
          'and min_over_time(bambu_printer_state{state="running"}[%s]) == 1' % c.stalledWindow,
          'and %s changes(bambu_print_progress_percent[%s]) == 0' % [e.printer, c.stalledWindow],
          'unless %s changes(bambu_print_layer[%s]) > 0' % [e.printer, c.stalledWindow],
          'unless %s changes(bambu_print_remaining_seconds[%s]) > 0' % [e.printer, c.stalledWindow],
          'or',
          '# A nozzle that is set to heat, and does not.',
          'max without (nozzle) (min_over_time((',
          '  bambu_nozzle_target_temperature_celsius - bambu_nozzle_temperature_celsius',
          ')[%s:%s]))' % [c.coldNozzle.window, c.gapStep],
          '  > %d' % c.coldNozzle.celsius,
          'and %s min_over_time(bambu_printer_state{state="running"}[%s]) == 1' % [e.printer, c.coldNozzle.window],
          'and %s (bambu_printer_state{state="running"} offset %s) == 1' % [e.printer, c.coldNozzle.window],
        ]),
        'The print on ' + printer + ' makes no progress{{ if gt ' + w.value + ' 1.0 }}: its nozzle is '
        + w.number() + ' °C below its target{{ end }}',
        'The printer says that it prints. Look at it: the nozzle may be clogged or cold, or the printer may hang.'
      ),
      alert(
        'BambuPrintError', 'warning', '1m',
        lines([
          'bambu_print_error_info{code!~"%s"} == 1' % std.join('|', c.printErrorsIgnored),
          '# An idle printer still reports the last error.',
          'unless %s bambu_printer_state{state="idle"} == 1' % e.printer,
        ]),
        printer + ' reports error {{ $labels.code }}{{ with $labels.text }}: {{ . }}{{ end }}',
        'The print may have stopped or may wait. https://wiki.bambulab.com/en/hms/home explains the code and what to do.'
      ),
      hms('critical', 'fatal', '1m'),
      hms('warning', 'serious', '1m'),
      alert(
        'BambuNozzleOvertemperature', 'critical', '3m',
        lines([
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
      alert(
        'BambuBedOvertemperature', 'critical', '3m',
        lines([
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
    ],
    ams: [
      humidity('warning', c.humidityPercent.warning),
      humidity('critical', c.humidityPercent.critical),
      alert(
        'BambuAMSHumidityIndexLow', 'warning', '30m',
        lines([
          e.held('bambu_ams_humidity_index'),
          '<= %d' % c.humidityIndex,
          'unless %s last_over_time(bambu_ams_humidity_raw_percent[%s])' % [e.unit, c.memory],
          e.notDrying,
          e.notEmpty,
        ]),
        ams + ' is damp: index ' + w.number() + ' of 5',
        '5 is driest, 1 wettest. Dry the filament, renew the desiccant, and check that the lid closes.'
      ),
      alert(
        'BambuAMSTemperatureHigh', 'warning', '30m',
        lines(['%s > %d' % [e.last('bambu_ams_temperature_celsius'), c.amsCelsius], e.notDrying]),
        ams + ' is at ' + w.number() + ' °C, and is not drying',
        'Above ' + c.amsCelsius + ' °C some filament softens and jams. Open the lid, and move the unit away from the printer or the sun.'
      ),
      alert(
        'BambuAMSDesiccantExhausted', 'info', '1h',
        lines([
          'min_over_time(bambu_ams_humidity_raw_percent[1d]) > %d' % c.desiccantPercent,
          '# Not within the first day of readings.',
          'and %s count_over_time(bambu_ams_humidity_raw_percent[1d] offset 23h)' % e.unit,
          '# Not for a unit that left.',
          'and %s %s' % [e.unit, e.last('bambu_ams_humidity_raw_percent')],
          e.notDrying,
          e.notEmpty,
        ]),
        ams + ' has not been below ' + w.number() + ' % humidity for a day',
        'Its desiccant is used up. Renew it, or dry it as its maker describes.'
      ),
      alert(
        'BambuAMSDryingFinished', 'info', null,
        lines([
          e.last('bambu_ams_drying_active') + ' == 0',
          'and %s max_over_time(bambu_ams_drying_active[%s]) == 1' % [e.unit, c.dryingFinishedWindow],
        ]),
        ams + ' is done drying',
        'Drying finished or was stopped. The unit is still warm; its alerts for heat and humidity start again after %s.' % c.afterDrying
      ),
      alert(
        'BambuAMSVanished', 'warning', '10m',
        lines([
          'max without (model, serial, firmware, nozzle) (',
          '  last_over_time(bambu_ams_info[%s])' % c.memory,
          '  # Not a unit that has another number or feeds another printer now.',
          '  unless on (%s, serial) bambu_ams_info{serial!=""}' % e.list(c.exporterLabels),
          ')',
          'unless %s bambu_ams_info' % e.unit,
          'and %s bambu_up == 1' % e.printer,
        ]),
        ams + ' no longer reports',
        'The printer reports, but the unit does not. Check its cable and its power. If it was removed, the alert ends within %s.' % c.memory
      ),
    ],
    filament: [
      alert(
        'BambuFilamentLow', 'info', '10m',
        e.named(
          lines([e.held('bambu_ams_tray_remaining_percent'), '< %d' % c.filamentPercent.low, e.present]),
          window=c.memory, step=c.memoryStep
        ),
        w.slot + ' of ' + printer + ' has ' + w.number() + ' % left',
        'Have another spool ready.'
      ),
      alert(
        'BambuFilamentLowInUse', 'warning', '1m',
        e.named(lines([
          '%s < %d' % [e.last('bambu_ams_tray_remaining_percent'), c.filamentPercent.inUse],
          'and %s max_over_time(bambu_ams_tray_active[%s]) == 1' % [e.slot, c.inUseWindow],
          e.running,
          e.present,
        ])),
        w.slot + ' of ' + printer + ' feeds the print and has ' + w.number() + ' % left',
        'The print pauses when the spool ends'
        + w.lookup('bambu_print_remaining_seconds{}', 'value | humanizeDuration', '; it takes another ')
        + '. Have another spool ready.'
      ),
      alert(
        'BambuFilamentRunsOutBeforeEnd', 'warning', '10m', (import 'filament.libsonnet')(c),
        w.slot + ' of ' + printer + ' will run out before the print ends: ' + w.number() + ' g are missing',
        'The print pauses when the spool ends'
        + w.lookup('bambu_print_remaining_seconds{}', 'value | humanizeDuration', '; it takes another ')
        + '. Have another spool of the same filament ready, or put it into a free slot and switch auto-refill on.'
      ),
    ],
    cameras: [
      alert(
        'BambuCameraDown', 'warning', '10m',
        lines(['bambu_camera_up == 0', 'and %s bambu_up == 1' % e.printer]),
        'The camera of ' + printer + ' sends no picture'
        + w.lookup('topk(1, increase(bambu_camera_probe_failures_total{}[30m]) > 0)', 'label "reason"', ': '),
        'Check on the printer that the camera is connected and that LAN live view is on where the model has it.'
      ),
      alert(
        'BambuCameraFrozen', 'warning', '10m',
        lines(['bambu_camera_frozen == 1', e.running]),
        'The camera of ' + printer + ' repeats one picture',
        'A print runs, but its picture does not change. Look at the printer; restart it after the print.'
      ),
      alert(
        'BambuCameraSlow', 'info', '15m',
        std.join('\nor\n', [
          '(bambu_camera_frames_per_second and %s bambu_camera_info{protocol="%s"}) < %s'
          % [e.printer, protocol, '%g' % c.cameraFramesPerSecond[protocol]]
          for protocol in std.objectFields(c.cameraFramesPerSecond)
        ]),
        'The camera of ' + printer + ' sends ' + w.number('%.1f') + ' pictures a second',
        'Cameras of its kind send more. Check the Wi-Fi signal; a busy printer also slows its camera.'
      ),
    ],
    cloud: [
      alert(
        'BambuCloudTokenExpiresSoon', 'warning', '1h',
        lines([
          '(bambu_cloud_token_expiry_timestamp_seconds - time()) / 86400 < %d' % c.tokenDays,
          'and bambu_cloud_token_expiry_timestamp_seconds > time()',
        ]),
        'The cloud token of {{ $labels.instance }} expires in ' + w.number('%.1f') + ' days',
        'Run bambu_exporter login to get a new one; no restart is needed.'
      ),
      alert(
        'BambuCloudTokenExpired', 'critical', '5m', 'bambu_cloud_token_expiry_timestamp_seconds <= time()',
        'The cloud token of {{ $labels.instance }} has expired',
        'Printers that are reached through the cloud are not monitored. Run bambu_exporter login to get a new token.'
      ),
      alert(
        'BambuCloudUnreachable', 'warning', '15m', 'bambu_cloud_up == 0',
        'The cloud does not answer {{ $labels.instance }}'
        + account.lookup(
          'topk(1, sum by (reason) (increase(bambu_cloud_request_failures_total{}[30m])) > 0)', 'label "reason"', ': '
        ),
        'Printers on the local network are still monitored. Check the network, the token, and the status page of the maker.'
      ),
    ],
  }
