{{- define "bambu.name" -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "bambu.selector" -}}
app.kubernetes.io/name: bambu-exporter
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "bambu.labels" -}}
{{ include "bambu.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Labels of what Prometheus Operator reads, with the template's own. */}}
{{- define "bambu.monitoringLabels" -}}
{{ include "bambu.labels" .root }}
{{- if and .root.Values.releaseLabel (not (hasKey .labels "release")) }}
release: {{ .root.Values.releaseLabel | quote }}
{{- end }}
{{- with .labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "bambu.configSecret" -}}
{{- .Values.existingConfigSecret | default (printf "%s-config" (include "bambu.name" .)) -}}
{{- end -}}

{{/* Whether the listener has a web configuration, and of which Secret. */}}
{{- define "bambu.webSecret" -}}
{{- if .Values.web.existingSecret }}{{ .Values.web.existingSecret }}
{{- else if .Values.web.config }}{{ include "bambu.name" . }}-web
{{- end }}
{{- end }}

{{/* HTTP or HTTPS, as far as the chart knows. */}}
{{- define "bambu.scheme" -}}
{{- if (.Values.web.config).tls_server_config }}https{{ else }}http{{ end }}
{{- end }}

{{/*
A probe of a path. The program asks itself when the kubelet could not: when clients need a certificate, or when the web
configuration is in a Secret that the chart cannot read.
*/}}
{{- define "bambu.probe" -}}
{{- $tls := (.root.Values.web.config).tls_server_config | default dict }}
{{- if or .root.Values.web.existingSecret (hasPrefix "Require" ($tls.client_auth_type | default "")) -}}
exec:
  command: [/usr/local/bin/bambu_exporter, healthcheck]
timeoutSeconds: 5
{{- else -}}
httpGet:
  path: {{ .path }}
  port: metrics
  scheme: {{ include "bambu.scheme" .root | upper }}
{{- end }}
{{- end }}
