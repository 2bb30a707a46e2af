// The rules as a mixin: (import 'mixin.libsonnet') { _config+:: { humidityPercent+: { warning: 35 } } }
(import 'config.libsonnet') {
  local order = ['exporter', 'printers', 'prints', 'ams', 'filament', 'cameras', 'cloud'],
  local groups(words) = (
    local rules = (import 'rules.libsonnet')($._config, words);
    [{ name: 'bambu-' + name, rules: rules[name] } for name in order]
  ),

  prometheusRules+:: { groups+: [{ name: 'bambu-recording', rules: (import 'recording.libsonnet')($._config) }] },
  prometheusAlerts+:: { groups+: groups(import 'words.libsonnet') },
  grafanaAlerts+:: (import 'grafana.libsonnet')(groups((import 'words.libsonnet') {
    // Grafana's templates know the value by the name of its query, and cannot ask for another one.
    value:: '$values.A.Value',
    lookup(query, shown, before='', after=''):: '',
  })),
}
