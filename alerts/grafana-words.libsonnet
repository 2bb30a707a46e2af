// The parts of the annotations that differ for Grafana: its templates refer to a value by the name of its query, and cannot run another
// query. grafana.libsonnet joins the label of a fact to the expression instead.
{
  value:: '$values.A.Value',
  lookup(query, shown, before='', after='', labels=null):: '',
  fact(query, label, on=self.labels, format=''):: super.fact(query, label, on, format) {
    text(before='', after=''):: '{{ with $labels.%s }}%s{{ .%s }}%s{{ end }}' % [label, before, self.format, after],
  },
}
