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

{{- define "bambu.configSecret" -}}
{{- .Values.existingConfigSecret | default (printf "%s-config" (include "bambu.name" .)) -}}
{{- end -}}
