// The rules as Prometheus loads them. It takes JSON as it comes: jsonnet prometheus.jsonnet > bambu.rules.yml
// `make rules` writes the same for people to read, with render.py.
local mixin = import 'mixin.libsonnet';
{ groups: mixin.prometheusRules.groups + mixin.prometheusAlerts.groups }
