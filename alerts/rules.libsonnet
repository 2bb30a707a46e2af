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
    lines(['%s > %d' % [e.last('bambu_ams_humidity_raw_percent'), percent], e.notDrying, e.notEmpty]),
    ams + ' is at ' + w.number() + ' % humidity',
    'Above ' + percent + ' % filament takes up water. Dry the filament, renew the desiccant, and see that the lid closes.',
    keep=c.keepFiring
  );
  local hms(severity, level, wait) = alert(
    'BambuHMSMessage', severity, wait, 'bambu_hms_message_active{level="%s"} == 1' % level,
    printer + ' reports {{ $labels.code }}, ' + level + ', from its {{ reReplaceAll "_" " " $labels.module }}',
    "The printer's screen shows it in words, and so does"
    + ' https://wiki.bambulab.com/en/x1/troubleshooting/hmscode/{{ reReplaceAll "^HMS_" "" $labels.code }}'
    + ' - it may have stopped the print.',
    keep='5m'
  );
  {
    exporter: [
      alert(
        'BambuExporterDown', 'critical', '5m',
        lines(['up == 0', 'and %s last_over_time(bambu_exporter_build_info[%s])' % [e.exporter, c.memory]]),
        'The exporter {{ $labels.instance }} does not answer',
        'No printer behind it is being watched. See whether bambu_exporter runs, and its log.'
      ),
      alert(
        'BambuExporterMissing', 'critical', '10m', 'absent(bambu_exporter_build_info)',
        'No bambu_exporter is being scraped',
        "No printer is being watched. See whether bambu_exporter runs, and whether Prometheus' configuration names it."
      ),
      alert(
        'BambuExporterConfigReloadFailed', 'warning', '5m', 'bambu_exporter_config_last_reload_successful == 0',
        'The exporter {{ $labels.instance }} could not read its configuration',
        'It goes on with the configuration before. bambu_exporter --config.check says what is wrong, with line and key.'
      ),
    ],
    printers: [
      alert(
        'BambuPrinterOffline', 'info', '10m', 'bambu_up == 0',
        printer + ' is out of reach' + w.lookup('bambu_down_reason_info{}', 'label "reason"', ': '),
        'Nothing comes from the printer. It may just be switched off; if not, see to its network and to the exporter\'s log.'
      ),
      alert(
        'BambuPrinterLostWhilePrinting', 'critical', '2m',
        lines([
          e.last('bambu_up') + ' == 0',
          'and %s last_over_time(bambu_printer_state{state=~"prepare|running"}[%s]) == 1' % [e.printer, c.memory],
        ]),
        printer + ' was lost while printing'
        + w.lookup('last_over_time(bambu_print_progress_percent{}[%s])' % c.memory, 'value | printf "%.0f"', ', at ', ' %'),
        'It was printing when its last report came. Power, network or firmware failed: go and look whether it still prints.'
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
          '# A session that many printers share stands, whether this printer is on or not.',
          'unless %s bambu_printer_info{transport=~"cloud|broker"}' % e.printer,
        ]),
        printer + ' is connected, but ' + '{{ if gt ' + w.value + ' 1.0 }}has been silent for ' + w.duration
        + '{{ else }}has never reported{{ end }}',
        'The connection stands and no report comes. Check the serial number in the configuration; else start the printer again.'
      ),
      alert(
        'BambuPrinterUnauthorized', 'warning', '5m', 'bambu_down_reason_info{reason=~"auth|certificate"} == 1',
        '{{ if eq $labels.reason "auth" }}' + printer + ' refuses its access code{{ else }}The certificate of ' + printer
        + ' is not the one expected{{ end }}',
        '{{ if eq $labels.reason "auth" }}The code changes with a reset or a change of the LAN mode: read it off the'
        + " printer's screen and put it into the configuration.{{ else }}After a repair or a replacement, say bambu_exporter"
        + ' forget ' + printer + '. If there was none, something else answers at its address.{{ end }}'
      ),
      alert(
        'BambuCertificateExpiresSoon', 'warning', '1h',
        '(bambu_printer_certificate_expiry_timestamp_seconds - time()) / 86400 < %d' % c.certificateDays,
        'The certificate of ' + printer + ' {{ if lt ' + w.value + ' 0.0 }}has expired{{ else }}expires in ' + w.number()
        + ' days{{ end }}',
        'With tls.verify "ca" the exporter stops talking to the printer once it has expired.'
      ),
    ],
    prints: [
      alert(
        'BambuPrintFailed', 'warning', null, 'increase(bambu_prints_failed_total[%s]) > 0' % c.failedWindow,
        'A print failed on ' + printer + w.lookup('bambu_print_job_info{}', 'label "task"', ': '),
        'The printer gave up, nobody cancelled. Its screen says why'
        + w.lookup('bambu_print_error_info{}', 'label "code"', ': error ') + '.'
      ),
      alert(
        'BambuPrintPaused', 'warning', '5m', 'bambu_printer_state{state="pause"} == 1',
        'The print on ' + printer + ' is paused'
        + w.lookup('bambu_print_progress_percent{}', 'value | printf "%.0f"', ', at ', ' %'),
        'It waits for somebody'
        + w.lookup('bambu_print_stage_info{}', 'label "stage" | reReplaceAll "_" " "', ': ') + '.'
      ),
      alert(
        'BambuPrintError', 'warning', '1m',
        '# Codes whose second half is below 4000 are states; the last two are what a cancel leaves.\n'
        + 'bambu_print_error_info{code!~".{5}[0-3].{3}|0300_400C|0500_400E"} == 1',
        printer + ' shows error {{ $labels.code }}',
        "The printer's screen shows it in words; the maker's wiki explains the code. The print may be waiting."
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
          '# Against the highest target of late: a nozzle that was set lower needs its time.',
          'bambu_nozzle_temperature_celsius > on (%s, nozzle)' % e.printerLabels,
          '  (max_over_time(bambu_nozzle_target_temperature_celsius[%s]) > 0) + %d'
          % [c.nozzle.targetWindow, c.nozzle.aboveTargetCelsius],
        ]),
        'Nozzle {{ $labels.nozzle }} of ' + printer + ' is at ' + w.number() + ' °C',
        'That is more than it was set to, or more than it stands. Look at the printer, and switch it off if it keeps rising.'
      ),
      alert(
        'BambuBedOvertemperature', 'critical', '3m',
        lines([
          'bambu_bed_temperature_celsius > %d' % c.bed.celsius,
          'or',
          '# Against the highest target of late: a bed cools slowly.',
          'bambu_bed_temperature_celsius > %s' % e.printer,
          '  (max_over_time(bambu_bed_target_temperature_celsius[%s]) > 0) + %d'
          % [c.bed.targetWindow, c.bed.aboveTargetCelsius],
        ]),
        'The bed of ' + printer + ' is at ' + w.number() + ' °C',
        'That is more than it was set to, or more than it stands. Look at the printer, and switch it off if it keeps rising.'
      ),
    ],
    ams: [
      humidity('warning', c.humidityPercent.warning),
      humidity('critical', c.humidityPercent.critical),
      alert(
        'BambuAMSHumidityIndexLow', 'warning', '30m',
        lines([
          '%s <= %d' % [e.last('bambu_ams_humidity_index'), c.humidityIndex],
          'unless %s %s' % [e.unit, e.last('bambu_ams_humidity_raw_percent')],
          e.notDrying,
          e.notEmpty,
        ]),
        ams + ' is damp: index ' + w.number() + ' of 5',
        '5 is driest, 1 wettest. Dry the filament, renew the desiccant, and see that the lid closes.',
        keep=c.keepFiring
      ),
      alert(
        'BambuAMSTemperatureHigh', 'warning', '30m',
        lines(['%s > %d' % [e.last('bambu_ams_temperature_celsius'), c.amsCelsius], e.notDrying]),
        ams + ' is at ' + w.number() + ' °C, and is not drying',
        'Above ' + c.amsCelsius + ' °C some filament softens and jams. Let the heat out: open the lid, move it from the printer or the sun.',
        keep=c.keepFiring
      ),
      alert(
        'BambuAMSDesiccantExhausted', 'info', '1h',
        lines([
          'min_over_time(bambu_ams_humidity_raw_percent[1d]) > %d' % c.desiccantPercent,
          '# Not in the first day, which has no driest moment yet.',
          'and %s count_over_time(bambu_ams_humidity_raw_percent[1d] offset 23h)' % e.unit,
          e.notDrying,
          e.notEmpty,
        ]),
        ams + ' has not been below ' + w.number() + ' % humidity for a day',
        'Its desiccant is used up. Renew it, or dry it as its maker says.',
        keep=c.keepFiring
      ),
      alert(
        'BambuAMSDryingFinished', 'info', null,
        lines([
          e.last('bambu_ams_drying_active') + ' == 0',
          'and %s max_over_time(bambu_ams_drying_active[%s]) == 1' % [e.unit, c.dryingFinishedWindow],
        ]),
        ams + ' is done drying',
        'It has finished or was stopped. It is warm for a while; the alerts for heat and humidity wait %s.' % c.afterDrying
      ),
    ],
    filament: [
      alert(
        'BambuFilamentLow', 'info', '10m',
        e.named(lines(['%s < %d' % [e.last('bambu_ams_tray_remaining_percent'), c.filamentPercent.low], e.present])),
        w.slot + ' of ' + printer + ' has ' + w.number() + ' % left',
        'Have another spool ready.',
        keep=c.keepFiring
      ),
      alert(
        'BambuFilamentLowInUse', 'warning', '1m',
        e.named(lines([
          '%s < %d' % [e.last('bambu_ams_tray_remaining_percent'), c.filamentPercent.inUse],
          'and %s max_over_time(bambu_ams_tray_active[%s]) == 1' % [e.slot, c.inUseWindow],
          e.running,
          e.present,
        ])),
        w.slot + ' of ' + printer + ' has ' + w.number() + ' % left and is being printed from',
        'The print pauses when the spool ends'
        + w.lookup('bambu_print_remaining_seconds{}', 'value | humanizeDuration', '; it takes another ')
        + '. Have another spool ready.',
        keep=c.keepFiring
      ),
      alert(
        'BambuFilamentRunsOutBeforeEnd', 'warning', '10m', (import 'filament.libsonnet')(c),
        w.slot + ' of ' + printer + ' will run out before the print ends: ' + w.number() + ' g are missing',
        'The print pauses when the spool ends'
        + w.lookup('bambu_print_remaining_seconds{}', 'value | humanizeDuration', '; it takes another ')
        + '. Have another spool of the same filament ready, or put it into a free slot and switch auto-refill on.',
        keep=c.keepFiring
      ),
    ],
    cameras: [
      alert(
        'BambuCameraDown', 'warning', '10m',
        lines(['bambu_camera_up == 0', 'and %s bambu_up == 1' % e.printer]),
        'The camera of ' + printer + ' gives no picture'
        + w.lookup('topk(1, increase(bambu_camera_probe_failures_total{}[30m]) > 0)', 'label "reason"', ': '),
        'On the printer: is the camera on, and LAN live view where the model has it? Another viewer is not the reason.'
      ),
      alert(
        'BambuCameraFrozen', 'warning', '10m',
        lines(['bambu_camera_frozen == 1', e.running]),
        'The camera of ' + printer + ' shows the same picture again and again',
        'A print runs and nothing moves in the picture. Look at the printer; switch it off and on after the print.'
      ),
      alert(
        'BambuCameraSlow', 'info', '15m',
        std.join('\nor\n', [
          '(bambu_camera_frames_per_second and %s bambu_camera_info{protocol="%s"}) < %s'
          % [e.printer, protocol, '%g' % c.cameraFramesPerSecond[protocol]]
          for protocol in std.objectFields(c.cameraFramesPerSecond)
        ]),
        'The camera of ' + printer + ' gives ' + w.number('%.1f') + ' pictures a second',
        'Fewer than its kind gives. The Wi-Fi may be weak, or the printer busy.'
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
        'Say bambu_exporter login for a new one; the exporter goes on without a restart.'
      ),
      alert(
        'BambuCloudTokenExpired', 'critical', '5m', 'bambu_cloud_token_expiry_timestamp_seconds <= time()',
        'The cloud token of {{ $labels.instance }} has expired',
        'Printers that are reached through the cloud are not watched. Say bambu_exporter login for a new token.'
      ),
      alert(
        'BambuCloudUnreachable', 'warning', '15m', 'bambu_cloud_up == 0',
        'The cloud does not answer {{ $labels.instance }}'
        + account.lookup(
          'topk(1, sum by (reason) (increase(bambu_cloud_request_failures_total{}[30m])) > 0)', 'label "reason"', ': '
        ),
        'Printers on the local network are watched all the same. See to the network, the token, and the maker\'s status page.'
      ),
    ],
  }
