// Connections, reports, certificates and hardware of printers.
function(c, words)
  local a = import '../alert.libsonnet';
  local e = (import '../expressions.libsonnet')(c);
  local w = words { labels:: c.printerLabels };
  local reason = w.fact('bambu_down_reason_info{}', 'reason');
  local lostAt = w.figure('last_over_time(bambu_print_progress_percent{}[%s])' % c.memory, 'percent');
  local printer = '{{ $labels.printer }}';
  [
    a.alert(
      'BambuPrinterOffline', 'info', '10m', 'bambu_up == 0',
      printer + ' is unreachable' + reason.text(': '),
      'The printer sends no reports. If it is not switched off, check its network and the log of the exporter.',
      facts=[reason]
    ),
    a.alert(
      'BambuPrinterLostWhilePrinting', 'critical', '2m',
      a.lines([e.lostWhilePrinting]),
      printer + ' was lost while printing' + lostAt.text(', at ', ' %'),
      'It was printing when its last report arrived. Power, network or firmware failed. Check whether it still prints.',
      facts=[lostAt]
    ),
    a.alert(
      // Earlier than the alerts of the single printers, which it inhibits.
      'BambuPrintersLostTogether', 'critical', '1m',
      a.lines([
        'count without (printer) (',
        e.indent(e.lostWhilePrinting),
        ') >= %d' % c.lostTogether,
        'or',
        '# Targets with one printer each have only the job in common.',
        'count without (instance, printer) (',
        e.indent(e.lostWhilePrinting),
        '  and %s %s' % [e.exporter, e.printerTargets],
        ') >= %d' % c.lostTogether,
      ]),
      w.number() + ' printers of {{ or $labels.instance $labels.job }} were lost while printing',
      'Power or network failed for all of them. Restore it, then check each printer: you may have to resume a print on its screen.'
    ),
    a.alert(
      'BambuTelemetryStale', 'warning', '2m',
      a.lines([
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
    a.alert(
      'BambuReportsRejected', 'warning', '30m',
      a.lines([
        'sum without (reason) (increase(bambu_mqtt_messages_rejected_total[%s])) > %d' % [c.rejected.window, c.rejected.count],
        'or',
        'increase(bambu_report_fields_rejected_total[%s]) > %d' % [c.rejected.window, c.rejected.count],
      ]),
      'The exporter cannot use ' + w.number() + ' messages or fields from ' + printer,
      'A firmware update may have changed their format, so readings may be missing. Update bambu_exporter; if that does not help, report the log line that names the field.'
    ),
    a.alert(
      'BambuPrinterUnauthorized', 'warning', '5m', 'bambu_down_reason_info{reason=~"auth|certificate"} == 1',
      '{{ if eq $labels.reason "auth" }}' + printer + ' refuses its access code{{ else }}The certificate of ' + printer
      + ' is not the expected one{{ end }}',
      '{{ if eq $labels.reason "auth" }}A reset or a change between LAN and cloud mode creates a new code: read it from the screen'
      + ' and write it into the configuration.{{ else }}After a repair or a replacement, run bambu_exporter forget ' + printer
      + '. Otherwise another device answers at its address: find out which.{{ end }}'
    ),
  ] + (if !c.optional.certificates then [] else [
    a.alert(
      'BambuCertificateExpiresSoon', 'warning', '1h',
      '(bambu_printer_certificate_expiry_timestamp_seconds - time()) / 86400 < %d' % c.certificateDays,
      'The certificate of ' + printer + ' {{ if lt ' + w.value + ' 0.0 }}has expired{{ else }}expires in ' + w.number()
      + ' days{{ end }}',
      'With tls.verify "ca" the exporter stops connecting to the printer when it expires. Update the firmware: it brings a new certificate.'
    ),
  ]) + (if !c.optional.firmwareUpdates then [] else [
    a.alert(
      'BambuFirmwareUpdateAvailable', 'info', '1h', 'bambu_firmware_update_available == 1',
      'Newer firmware is available for ' + printer,
      'Read its release notes, then update on the printer or in the app while nothing prints.'
    ),
  ]) + [
    a.alert(
      'BambuSDCardFault', 'warning', '10m', 'bambu_sdcard_state{state=~"abnormal|read_only"} == 1',
      'The card of ' + printer + ' is {{ if eq $labels.state "read_only" }}read-only{{ else }}faulty{{ end }}',
      'Prints from the card and timelapses fail. Save its files, format it on the printer, and replace it if the alert returns.'
    ),
  ]
