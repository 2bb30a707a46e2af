// Renders bambu.rules.yml: make rules
local mixin = import 'mixin.libsonnet';
'# Written by `make rules` from the mixin beside it; a test fails when it is stale.\n'
+ std.manifestYamlDoc({ groups: mixin.prometheusRules.groups + mixin.prometheusAlerts.groups }, quote_keys=false) + '\n'
