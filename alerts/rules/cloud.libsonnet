// The cloud account.
function(c, words)
  local a = import '../alert.libsonnet';
  local e = (import '../expressions.libsonnet')(c);
  local w = words { labels:: c.exporterLabels };
  local reason = w.fact(
    'topk by (%(exporter)s) (1, sum by (%(exporter)s, reason) (increase(bambu_cloud_request_failures_total{}[30m])) > 0) > bool 0'
    % { exporter: e.list(c.exporterLabels) },
    'reason'
  );
  [
    a.alert(
      'BambuCloudTokenExpiresSoon', 'warning', '1h',
      a.lines([
        '(bambu_cloud_token_expiry_timestamp_seconds - time()) / 86400 < %d' % c.tokenDays,
        'and bambu_cloud_token_expiry_timestamp_seconds > time()',
      ]),
      'The cloud token of {{ $labels.instance }} expires in ' + w.number('%.1f') + ' days',
      'Run bambu_exporter login to get a new one; no restart is needed.'
    ),
    a.alert(
      'BambuCloudTokenExpired', 'critical', '5m', 'bambu_cloud_token_expiry_timestamp_seconds <= time()',
      'The cloud token of {{ $labels.instance }} has expired',
      'Printers that are reached through the cloud are not monitored. Run bambu_exporter login to get a new token.'
    ),
    a.alert(
      'BambuCloudUnreachable', 'warning', '15m', 'bambu_cloud_up == 0',
      'Requests of {{ $labels.instance }} to the cloud account fail'
      + reason.text(': '),
      'Printers on the local network are still monitored. Check the internet connection, the token, and the status page of the maker.',
      facts=[reason]
    ),
  ]
