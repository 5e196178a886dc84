{{- define "btgw.labels" -}}
app.kubernetes.io/name: btgw
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "btgw.name" -}}
{{ printf "%s-btgw" .Release.Name | trunc 52 | trimSuffix "-" }}
{{- end -}}

{{- /* What finds a pod by its name: gw-btgw-0.gw-btgw-siblings. */}}
{{- define "btgw.siblings" -}}
{{ include "btgw.name" . }}-siblings
{{- end -}}

{{- define "btgw.most" -}}
{{ ternary .Values.autoscaling.max .Values.replicas .Values.autoscaling.enabled }}
{{- end -}}
