// The rules as a mixin: (import 'mixin.libsonnet') { _config+:: { humidityPercent+: { warning: 35 } } }
(import 'config.libsonnet') {
  local files = [
    ['exporter', import 'rules/exporter.libsonnet'],
    ['printers', import 'rules/printers.libsonnet'],
    ['prints', import 'rules/prints.libsonnet'],
    ['ams', import 'rules/ams.libsonnet'],
    ['filament', import 'rules/filament.libsonnet'],
    ['cameras', import 'rules/cameras.libsonnet'],
    ['cloud', import 'rules/cloud.libsonnet'],
  ],
  local groups(words) = std.flattenArrays([
    local alerts = [alert($._config.runbooks) for alert in file[1]($._config, words)];
    local slow = std.filter(function(alert) alert.isSlow, alerts);
    [{ name: 'bambu-' + file[0], rules: std.filter(function(alert) !alert.isSlow, alerts) }]
    + (if slow == [] then [] else [{ name: 'bambu-%s-slow' % file[0], interval: $._config.slowInterval, rules: slow }])
    for file in files
  ]),

  prometheusRules+:: { groups+: (import 'recording.libsonnet')($._config) },
  prometheusAlerts+:: { groups+: groups(import 'words.libsonnet') },
  grafanaAlerts+:: (import 'grafana.libsonnet')(groups((import 'words.libsonnet') + (import 'grafana-words.libsonnet'))),
}
