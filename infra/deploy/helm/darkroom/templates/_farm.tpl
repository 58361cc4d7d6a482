{{- define "darkroom.labels" -}}
app.kubernetes.io/name: darkroom
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "darkroom.image" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{/* What leads a command to the farm. */}}
{{- define "darkroom.env" -}}
- {name: DARKROOM_KAFKA, value: {{ .Values.kafka.bootstrap | quote }}}
- {name: DARKROOM_QUEUE, value: {{ .Values.queue | quote }}}
- {name: DARKROOM_S3_BUCKET, value: {{ .Values.s3.bucket | quote }}}
{{- with .Values.s3.endpoint }}
- {name: DARKROOM_S3_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- with .Values.s3.region }}
- {name: DARKROOM_S3_REGION, value: {{ . | quote }}}
{{- end }}
{{- if .Values.kafka.propertiesSecret }}
- {name: DARKROOM_KAFKA_PROPERTIES, value: /etc/darkroom/kafka/client.properties}
{{- end }}
{{- with .Values.s3.credentialsSecret }}
- name: DARKROOM_S3_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ . }}, key: access-key}}
- name: DARKROOM_S3_SECRET_KEY
  valueFrom: {secretKeyRef: {name: {{ . }}, key: secret-key}}
{{- end }}
{{- end }}

{{- define "darkroom.security" -}}
securityContext:
  allowPrivilegeEscalation: false
  runAsNonRoot: true
  runAsUser: 10001
  capabilities: {drop: [ALL]}
{{- end }}
