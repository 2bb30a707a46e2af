// The same alerts for Grafana, which then evaluates them itself and needs no Alertmanager.
// In its files, $name is an environment variable and $$ is a dollar.

// Joins the labels that the texts need to the expression.
local joined(expr, facts) =
  if facts == [] then expr
  else
    local fact = facts[0];
    local indented = std.join('\n', ['  ' + line for line in std.split(std.rstripChars(expr, '\n'), '\n')]);
    local query = std.strReplace(std.strReplace(fact.query, '{}', ''), '{+', '{');
    joined(
      |||
        (
        %(expr)s
        )
        * on (%(labels)s) group_left (%(label)s) (%(query)s)
        or (
        %(expr)s
        ) unless on (%(labels)s) (%(query)s)
      ||| % { expr: indented, labels: std.join(', ', fact.on), label: fact.label, query: query },
      facts[1:]
    );
local escape(text) = std.strReplace(text, '$', '$$');
function(groups) {
  apiVersion: 1,
  groups: [
    {
      orgId: 1,
      name: group.name,
      folder: 'Bambu',
      interval: std.get(group, 'interval', '1m'),
      rules: std.mapWithIndex(
        function(index, rule) {
          // An alert with two severities is two rules.
          uid: std.asciiLower(rule.alert) + '-' + rule.labels.severity,
          title: rule.alert + ' (' + rule.labels.severity + ')',
          condition: 'B',
          data: [
            {
              refId: 'A',
              datasourceUid: 'prometheus',
              relativeTimeRange: { from: 600, to: 0 },
              model: { refId: 'A', expr: escape(joined(rule.expr, rule.facts)), instant: true, range: false },
            },
            // Every series that the expression returns is an alert, whatever its value.
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
