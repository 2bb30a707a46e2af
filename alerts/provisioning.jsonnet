// The alerts as Grafana loads them, from its provisioning/alerting folder.
(import 'mixin.libsonnet').grafanaAlerts
