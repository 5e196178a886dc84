package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRules has promtool read the alerts, and see one of them fire. A fault in them is one for promtool too.
func TestRules(t *testing.T) {
	t.Parallel()
	const rules = "../../deploy/prometheus/rules.yaml"
	text, err := os.ReadFile(rules)
	if err != nil {
		t.Fatal(err)
	}
	promtool := func(args ...string) (string, error) {
		out, err := exec.Command("promtool", args...).CombinedOutput()
		return string(out), err
	}
	if out, err := promtool("check", "rules", rules); err != nil {
		t.Errorf("promtool: %v (Debian package prometheus)\n%s", err, out)
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	wrong := write("wrong.yaml", strings.Replace(string(text), "expr: up{", "expr: up{{", 1))
	if out, err := promtool("check", "rules", wrong); err == nil {
		t.Errorf("promtool takes a wrong expression:\n%s", out)
	}
	write("rules.yaml", string(text))
	fires := write("fires.yaml", `
rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'up{job="btgw", instance="a"}', values: '1 1 0 0 0 0 0'}
    alert_rule_test:
      - {eval_time: 1m, alertname: BtgwDown}
      - eval_time: 6m
        alertname: BtgwDown
        exp_alerts:
          - exp_labels: {severity: critical, job: btgw, instance: a}
            exp_annotations: {summary: "btgw on a does not answer"}
`)
	if out, err := promtool("test", "rules", fires); err != nil {
		t.Errorf("the alert does not fire: %v\n%s", err, out)
	}
}
