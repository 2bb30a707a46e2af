// The parts of the annotations. grafana-words.libsonnet has those that differ for Grafana.
{
  local words = self,
  // The labels that a printer's other series have in common with the alert.
  labels:: error 'labels',
  value:: '$value',

  number(format='%.0f'):: '{{ printf "' + format + '" ' + words.value + ' }}',
  duration:: '{{ humanizeDuration ' + words.value + ' }}',
  // The result of another query; nothing if it is empty. In the query, `{}` is replaced by the labels of the alert's subject, and `{+` by
  // the same labels before further matchers.
  lookup(query, shown, before='', after='', labels=words.labels)::
    local matchers = '{' + std.join(',', [l + '=%q' for l in labels]);
    local count = std.length(std.findSubstr('{}', query) + std.findSubstr('{+', query));
    '{{ with printf `' + std.strReplace(std.strReplace(query, '{}', matchers + '}'), '{+', matchers + ',') + '` '
    + std.join(' ', std.repeat(['$labels.' + l for l in labels], count)) + ' | query }}'
    + before + '{{ . | first | ' + shown + ' }}' + after + '{{ end }}',
  // A label of another series of the alert's subject, such as the reason of bambu_down_reason_info. The alert must list it in
  // `facts`.
  //
  // - query: as in `lookup`; its value must be 1.
  // - on: the labels that the query and the alert share.
  fact(query, label, on=words.labels, format=''):: {
    query:: query,
    label:: label,
    on:: on,
    format:: if format == '' then '' else ' | ' + format,
    text(before='', after=''):: words.lookup(query, 'label "%s"%s' % [label, self.format], before, after, on),
  },

  // A number of another series of the alert's subject, which does not change while the alert fires. The alert must list it in `facts`.
  //
  // - label: the label that has the number in Grafana.
  figure(query, label):: {
    query:: 'count_values by (%s) ("%s", round(%s))' % [std.join(', ', words.labels), label, query],
    label:: label,
    on:: words.labels,
    format:: '',
    text(before='', after=''):: words.lookup(query, 'value | printf "%.0f"', before, after),
  },

  local names = [['0', 'A'], ['1', 'B'], ['2', 'C'], ['3', 'D'], ['16', 'A']]
                + [['%d' % (128 + i), 'HT-' + std.char(65 + i)] for i in std.range(0, 7)],
  // The unit as on the printer's screen: A to D, HT-A to HT-H.
  unit:: std.foldl(
    function(text, n) text + '{{ ' + (if text == '' then 'if' else 'else if') + ' eq $labels.ams "' + n[0] + '" }}' + n[1],
    names, ''
  ) + '{{ else }}{{ $labels.ams }}{{ end }}',
  // The slot and its contents, such as "A2 (PLA Basic)".
  slot:: '{{ $labels.slot }} ({{ or $labels.name $labels.type "unknown filament" }})',
}
