package check

import (
	"testing"

	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
)

// TestLint is what `helm lint --strict` does: a warning fails.
func TestLint(t *testing.T) {
	for name, values := range map[string]map[string]any{
		"defaults": {},
		"all": {"hosts": []any{"media.example.org"}, "trustedProxies": []any{"10.0.0.0/8"}, "peerNodePort": 32069, "adminToken": "secret",
			"ingress": map[string]any{"enabled": true, "className": "nginx"}, "objectStore": map[string]any{"url": "s3://films", "secret": "bucket"},
			"siblings": map[string]any{"enabled": true}, "balancer": map[string]any{"enabled": true}, "autoscaling": map[string]any{"enabled": true}},
	} {
		for _, m := range lint.AllWithKubeVersion("../helm/btgw", values, "media", &chartutil.DefaultCapabilities.KubeVersion).Messages {
			if m.Severity > support.InfoSev {
				t.Errorf("%s: %v", name, m)
			}
		}
	}
}
