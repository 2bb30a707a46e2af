// What the annotations say. `value` and `lookup` differ for Grafana, whose templates know values by name and cannot query.
{
  local words = self,
  // The labels that find a printer's other series.
  labels:: error 'labels',
  value:: '$value',

  number(format='%.0f'):: '{{ printf "' + format + '" ' + words.value + ' }}',
  duration:: '{{ humanizeDuration ' + words.value + ' }}',
  // What another query knows of the same printer: each `{}` in it becomes the printer's labels, and `{code}` its code too.
  // Nothing where it gives nothing.
  lookup(query, shown, before='', after='')::
    local coded = words.labels + ['code'];
    local matchers(labels) = '{' + std.join(',', [l + '=%q' for l in labels]) + '}';
    local arguments(text, placeholder, labels) =
      std.repeat(['$labels.' + l for l in labels], std.length(std.findSubstr(placeholder, text)));
    local filled = std.strReplace(std.strReplace(query, '{}', matchers(words.labels)), '{code}', matchers(coded));
    '{{ with printf `' + filled + '` '
    + std.join(' ', arguments(query, '{}', words.labels) + arguments(query, '{code}', coded)) + ' | query }}'
    + before + '{{ . | first | ' + shown + ' }}' + after + '{{ end }}',

  local names = [['0', 'A'], ['1', 'B'], ['2', 'C'], ['3', 'D'], ['16', 'A']]
                + [['%d' % (128 + i), 'HT-' + std.char(65 + i)] for i in std.range(0, 7)],
  // The unit as the printer's screen calls it: A to D, HT-A to HT-H.
  unit:: std.foldl(
    function(text, n) text + '{{ ' + (if text == '' then 'if' else 'else if') + ' eq $labels.ams "' + n[0] + '" }}' + n[1],
    names, ''
  ) + '{{ else }}{{ $labels.ams }}{{ end }}',
  // The slot and what is in it, such as "A2 (PLA Basic)".
  slot:: '{{ $labels.slot }} ({{ or $labels.name $labels.type "unknown filament" }})',
}
