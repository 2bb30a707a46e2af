// The same alerts for Grafana, which then evaluates them itself and needs no Alertmanager.
// Its files take $name for an environment variable, and $$ for a dollar.
local escape(text) = std.strReplace(text, '$', '$$');
function(groups) {
  apiVersion: 1,
  groups: [
    {
      orgId: 1,
      name: group.name,
      folder: 'Bambu',
      interval: '1m',
      rules: std.mapWithIndex(
        function(index, rule) {
          // Two severities of one alert are two rules.
          uid: std.asciiLower(rule.alert) + '-' + rule.labels.severity,
          title: rule.alert + ' (' + rule.labels.severity + ')',
          condition: 'B',
          data: [
            {
              refId: 'A',
              datasourceUid: 'prometheus',
              relativeTimeRange: { from: 600, to: 0 },
              model: { refId: 'A', expr: escape(rule.expr), instant: true, range: false },
            },
            // Every series that the expression gives is an alert, whatever its value.
            {
              refId: 'B',
              datasourceUid: '__expr__',
              relativeTimeRange: { from: 0, to: 0 },
              model: { refId: 'B', type: 'math', expression: escape('is_number($A)') },
            },
          ],
          noDataState: 'OK',
          execErrState: 'KeepLast',
          'for': if std.objectHas(rule, 'for') then rule['for'] else '0s',
          [if std.objectHas(rule, 'keep_firing_for') then 'keepFiringFor']: rule.keep_firing_for,
          labels: rule.labels,
          annotations: std.mapWithKey(function(_, text) escape(text), rule.annotations),
        },
        group.rules
      ),
    }
    for group in groups
  ],
}
