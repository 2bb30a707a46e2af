// The exporter itself.
function(c, words)
  local a = import '../alert.libsonnet';
  local e = (import '../expressions.libsonnet')(c);
  local w = words { labels:: c.exporterLabels };
  [
    a.alert(
      'BambuExporterDown', 'critical', '5m',
      a.lines([
        'up{job=~"%s"} == 0' % c.exporterJobs,
        '# Not a target of a single printer: the exporter has a target of its own.',
        'unless %s %s' % [e.exporter, e.printerTargets],
        'or',
        'up == 0 and %s last_over_time(bambu_exporter_build_info[%s])' % [e.exporter, c.exporterMemory],
        'or',
        '# It stays however long ago the exporter answered.',
        'up == 0 and %s ALERTS{alertname="BambuExporterDown", alertstate="firing"}' % e.exporter,
      ]),
      'The exporter {{ $labels.instance }} does not answer',
      'Its printers are not monitored. Check that bambu_exporter runs, and read the end of its log.'
    ),
    a.alert(
      'BambuExporterMissing', 'critical', '10m', 'absent(bambu_exporter_build_info)',
      'No bambu_exporter is being scraped',
      'No printer is monitored. Check that bambu_exporter runs, and that the configuration of Prometheus names it.'
    ),
    a.alert(
      'BambuExporterRestarting', 'warning', null,
      a.lines([
        'changes(process_start_time_seconds[%s]) >= %d' % [c.restarts.window, c.restarts.count],
        'and %s last_over_time(bambu_exporter_build_info[%s])' % [e.exporter, c.restarts.window],
      ]),
      'The exporter {{ $labels.instance }} restarted ' + w.number() + ' times in ' + c.restarts.window,
      'Counters and connections start again each time. Read the end of its log, and check its memory limit.'
    ),
    a.alert(
      'BambuExporterConfigReloadFailed', 'warning', '5m', 'bambu_exporter_config_last_reload_successful == 0',
      'The exporter {{ $labels.instance }} cannot use its new configuration',
      'It still uses the previous one. Run bambu_exporter --config.check: it names the line, the key and the fault.'
    ),
  ]
