// The parts of the annotations that differ for Grafana: its templates refer to a value by the name of its query, and cannot run another
// query. grafana.libsonnet joins the label of a fact to the expression instead.
{
  local words = self,
  value:: '$values.A.Value',
  // A number that changes while the alert fires cannot be a label: each new number would be a new alert.
  lookup(query, shown, before='', after='', labels=null):: '',
  local fromLabel = {
    text(before='', after=''):: '{{ with $labels.%s }}%s{{ .%s }}%s{{ end }}' % [self.label, before, self.format, after],
  },
  fact(query, label, on=words.labels, format=''):: super.fact(query, label, on, format) + fromLabel,
  figure(query, label):: super.figure(query, label) + fromLabel,
}
