package check

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	strict "sigs.k8s.io/yaml"
)

// render renders the chart with values, and decodes each object into the type of its kind: an unknown field fails the test.
func render(t *testing.T, values string) (objects map[string]any, notes string) {
	t.Helper()
	c, err := loader.Load("../helm/btgw")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	given, err := chartutil.ReadValues([]byte(values))
	if err != nil {
		t.Fatal(err)
	}
	options := chartutil.ReleaseOptions{Name: "gw", Namespace: "media", IsInstall: true}
	all, err := chartutil.ToRenderValues(c, given, options, nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := engine.Engine{Strict: true}.Render(c, all)
	if err != nil {
		t.Fatal(err)
	}
	objects = make(map[string]any)
	for name, text := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			notes = text
			continue
		}
		decode(t, name, text, objects)
	}
	return objects, notes
}

// decode adds the objects of one rendered file by kind and name.
func decode(t *testing.T, file, text string, into map[string]any) {
	t.Helper()
	for documents := yaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text))); ; {
		document, err := documents.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		var kind struct{ Kind string }
		if err := strict.Unmarshal(document, &kind); err != nil {
			t.Fatalf("%s: %v\n%s", file, err, document)
		}
		object, ok := map[string]any{
			"Secret": &corev1.Secret{}, "Service": &corev1.Service{},
			"StatefulSet": &appsv1.StatefulSet{}, "Ingress": &networkingv1.Ingress{}, "Deployment": &appsv1.Deployment{},
			"ConfigMap": &corev1.ConfigMap{}, "PodDisruptionBudget": &policyv1.PodDisruptionBudget{}, "HorizontalPodAutoscaler": &autoscalingv2.HorizontalPodAutoscaler{},
		}[kind.Kind]
		if !ok {
			t.Fatalf("%s: an object of kind %q", file, kind.Kind)
		}
		if err := strict.UnmarshalStrict(document, object); err != nil {
			t.Fatalf("%s: %v\n%s", file, err, document)
		}
		into[fmt.Sprint(kind.Kind, " ", object.(interface{ GetName() string }).GetName())] = object
	}
}

func TestChart(t *testing.T) {
	objects, notes := render(t, "")
	set, ok := objects["StatefulSet gw-btgw"].(*appsv1.StatefulSet)
	if !ok || len(objects) != 4 || !strings.Contains(notes, "http://gw-btgw.media.svc:80") {
		t.Fatalf("objects %v\n%s", objects, notes)
	}
	pod := set.Spec.Template
	if got, want := pod.Labels, set.Spec.Selector.MatchLabels; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("labels of pods %v, selected are %v", got, want)
	}
	btgw := pod.Spec.Containers[0]
	if btgw.Image != "ghcr.io/btgw/btgw:latest" {
		t.Errorf("image %q", btgw.Image)
	}
	ports := make(map[string]int32)
	for _, p := range btgw.Ports {
		ports[p.Name] = p.ContainerPort
	}
	for name, probe := range map[string]*corev1.Probe{"/readyz": btgw.ReadinessProbe, "/livez": btgw.LivenessProbe} {
		if probe.HTTPGet.Path != name || ports[probe.HTTPGet.Port.String()] != 8081 {
			t.Errorf("probe %+v, want %s of the admin listener", probe.HTTPGet, name)
		}
	}
	if s := btgw.SecurityContext; !*s.ReadOnlyRootFilesystem || *s.AllowPrivilegeEscalation || s.Capabilities.Drop[0] != "ALL" {
		t.Errorf("the container's security context is %+v", s)
	}
	service := objects["Service gw-btgw"].(*corev1.Service)
	if fmt.Sprint(service.Spec.Selector) != fmt.Sprint(pod.Labels) || ports[service.Spec.Ports[0].TargetPort.String()] != 8080 {
		t.Errorf("the service is %+v", service.Spec)
	}
	if token := objects["Secret gw-btgw"].(*corev1.Secret).Data["admin-token"]; len(token) != 32 {
		t.Errorf("a token of %d bytes", len(token))
	}
}

func TestChartWithEverything(t *testing.T) {
	objects, _ := render(t, `
hosts: [media.example.org]
trustedProxies: [10.0.0.0/8]
env: {BTGW_UPLOAD_RATE: 20MiB}
peerNodePort: 32069
adminToken: secret
cache: {storageClass: fast}
ingress: {enabled: true, className: nginx, annotations: {a: b}, tls: [{hosts: [media.example.org], secretName: cert}]}
`)
	if len(objects) != 6 {
		t.Fatalf("objects %v", objects)
	}
	environment := make(map[string]string)
	set := objects["StatefulSet gw-btgw"].(*appsv1.StatefulSet)
	for _, v := range set.Spec.Template.Spec.Containers[0].Env {
		environment[v.Name] = v.Value
	}
	for name, want := range map[string]string{"BTGW_HOST": "media.example.org", "BTGW_TRUSTED_PROXY": "10.0.0.0/8", "BTGW_UPLOAD_RATE": "20MiB"} {
		if environment[name] != want {
			t.Errorf("%s is %q, want %q", name, environment[name], want)
		}
	}
	if class := set.Spec.VolumeClaimTemplates[0].Spec.StorageClassName; class == nil || *class != "fast" {
		t.Errorf("storage class %v", class)
	}
	if token := objects["Secret gw-btgw"].(*corev1.Secret).Data["admin-token"]; string(token) != "secret" {
		t.Errorf("token %q", token)
	}
	peers := objects["Service gw-btgw-peers"].(*corev1.Service).Spec.Ports
	if len(peers) != 2 || peers[0].NodePort != 32069 || peers[1].Protocol != corev1.ProtocolUDP {
		t.Errorf("ports of peers %+v", peers)
	}
	backend := objects["Ingress gw-btgw"].(*networkingv1.Ingress).Spec.Rules[0].HTTP.Paths[0].Backend.Service
	if backend.Name != "gw-btgw" || backend.Port.Name != "http" {
		t.Errorf("the ingress leads to %+v", backend)
	}
}

// TestChartFleet: the pods of a fleet find each other, share a secret and a bucket, and HAProxy before them has a place
// for each that there may be.
func TestChartFleet(t *testing.T) {
	objects, _ := render(t, `
siblings: {enabled: true, secret: the secret of all of them}
balancer: {enabled: true}
trustedProxies: [10.0.0.0/8]
objectStore: {url: "s3://media/btgw?region=eu-west-1", secret: bucket}
autoscaling: {enabled: true, min: 3, max: 5, streams: 300}
drainSeconds: 40
`)
	set := objects["StatefulSet gw-btgw"].(*appsv1.StatefulSet)
	pod := set.Spec.Template
	if set.Spec.Replicas != nil || set.Spec.ServiceName != "gw-btgw-siblings" {
		t.Errorf("replicas %v, service %q", set.Spec.Replicas, set.Spec.ServiceName)
	}
	btgw := pod.Spec.Containers[0]
	environment := make(map[string]string)
	for _, v := range btgw.Env {
		environment[v.Name] = v.Value
	}
	for name, want := range map[string]string{
		"BTGW_SIBLINGS": "gw-btgw-siblings.media.svc:22069", "BTGW_SIBLING_SECRET_FILE": "/secrets/siblings",
		"BTGW_OBJECT_STORE": "s3://media/btgw?region=eu-west-1", "BTGW_DRAIN_TIME": "40s",
	} {
		if environment[name] != want {
			t.Errorf("%s is %q, want %q", name, environment[name], want)
		}
	}
	if from := btgw.EnvFrom; len(from) != 1 || from[0].SecretRef.Name != "bucket" {
		t.Errorf("the bucket's key comes from %+v", from)
	}
	if secret := objects["Secret gw-btgw"].(*corev1.Secret).Data["siblings"]; string(secret) != "the secret of all of them" {
		t.Errorf("the secret is %q", secret)
	}
	if grace, sleep := *pod.Spec.TerminationGracePeriodSeconds, btgw.Lifecycle.PreStop.Sleep.Seconds; grace < 40+sleep+5 {
		t.Errorf("a pod has %d s to end, of which %d pass before it drains for 40", grace, sleep)
	}
	headless := objects["Service gw-btgw-siblings"].(*corev1.Service).Spec
	if headless.ClusterIP != corev1.ClusterIPNone || !headless.PublishNotReadyAddresses || headless.Ports[0].Port != 22069 || fmt.Sprint(headless.Selector) != fmt.Sprint(pod.Labels) {
		t.Errorf("the siblings' service is %+v", headless)
	}
	balancer := objects["Deployment gw-btgw-balancer"].(*appsv1.Deployment).Spec.Template
	if front := objects["Service gw-btgw"].(*corev1.Service).Spec; fmt.Sprint(front.Selector) != fmt.Sprint(balancer.Labels) || fmt.Sprint(front.Selector) == fmt.Sprint(pod.Labels) {
		t.Errorf("the service is for %v", front.Selector)
	}
	if budget := objects["PodDisruptionBudget gw-btgw"].(*policyv1.PodDisruptionBudget).Spec; budget.MaxUnavailable.IntValue() != 1 || fmt.Sprint(budget.Selector.MatchLabels) != fmt.Sprint(pod.Labels) {
		t.Errorf("the budget is %+v", budget)
	}
	scaler := objects["HorizontalPodAutoscaler gw-btgw"].(*autoscalingv2.HorizontalPodAutoscaler).Spec
	if m := scaler.Metrics[0].Pods; scaler.MaxReplicas != 5 || m.Metric.Name != "btgw_streams_active" || m.Target.AverageValue.Value() != 300 || scaler.ScaleTargetRef.Name != set.Name {
		t.Errorf("the autoscaler is %+v", scaler)
	}
	config := objects["ConfigMap gw-btgw-balancer"].(*corev1.ConfigMap).Data["haproxy.cfg"]
	for i := range 5 {
		if want := fmt.Sprintf("    server gateway%d gw-btgw-%d.gw-btgw-siblings.media.svc:8080 check ", i, i); !strings.Contains(config, want) {
			t.Errorf("HAProxy's configuration lacks %q", want)
		}
	}
	if n := strings.Count(config, "    server "); n != 5 {
		t.Errorf("HAProxy has %d servers:\n%s", n, config)
	}
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	write(t, file, []byte(config))
	if out, err := exec.Command("/usr/sbin/haproxy", "-c", "-f", file).CombinedOutput(); err != nil {
		t.Errorf("HAProxy: %v\n%s\n%s", err, out, config)
	}
}
