// Renders grafana/provisioning/alerting/bambu.yaml: make rules
'# Written by `make rules` from the mixin in alerts/; a test fails when it is stale.\n'
+ std.manifestYamlDoc((import 'mixin.libsonnet').grafanaAlerts, quote_keys=false) + '\n'
