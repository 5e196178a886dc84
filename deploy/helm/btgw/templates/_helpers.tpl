{{- define "btgw.labels" -}}
app.kubernetes.io/name: btgw
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "btgw.name" -}}
{{ printf "%s-btgw" .Release.Name | trunc 52 | trimSuffix "-" }}
{{- end -}}
