package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A dashboard is what is read of one of Grafana's.
type dashboard struct {
	Panels []struct {
		Title   string
		Targets []struct{ Expr string }
	}
}

// parsed has promtool parse expressions, with values in the place of a dashboard's variables.
func parsed(t *testing.T, exprs map[string]string) {
	t.Helper()
	text := "groups:\n  - name: all\n    rules:\n"
	for _, where := range slices.Sorted(maps.Keys(exprs)) {
		expr := strings.NewReplacer("$__rate_interval", "5m", "$instance", ".*").Replace(exprs[where])
		text += fmt.Sprintf("      - {record: r%d, expr: %q}\n", len(text), expr)
	}
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("promtool", "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("promtool: %v (Debian package prometheus)\n%s", err, out)
	}
}

// What the alerts and the dashboards of deploy/ ask for is there: metrics by their names, labels by their keys and values.
func TestDeployedMetrics(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 1, 0, "small.bin", demoFile{nil, 1 << 20, noise(9)})
	g := serveOn(t, t.TempDir(), "--object-store=s3://pieces?endpoint=http://127.0.0.1:9") // which nobody is
	_, fresh := get(t, g.admin+"/metrics")
	for _, want := range []string{
		`btgw_refused_count_total{btgw_reason="client_requests"} 0`, `btgw_cut_count_total{error_type="swarm_stall"} 0`,
		`btgw_cache_faults_total{btgw_fault="write"} 0`, "btgw_build_info{goversion=",
	} {
		if !strings.Contains(string(fresh), "\n"+want) {
			t.Errorf("not there from the start: %s", want)
		}
	}
	if strings.Contains(string(fresh), "otel_scope") {
		t.Error("there are labels of scopes")
	}
	if answer, _ := get(t, g.url+s.torrent.Info.ID().Path()+"/small.bin?tr="+s.announce); answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
	_, body := get(t, g.admin+"/metrics")
	reference, err := os.ReadFile("../../docs/reference/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE ((?:btgw|http)_\w+)`).FindAllSubmatch(body, -1) {
		if !strings.Contains(string(reference), "`"+string(m[1])+"`") {
			t.Errorf("docs/reference/metrics.md has no %s", m[1])
		}
	}

	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
			}
		}
	}
	var one, fleet dashboard
	for name, read := range map[string]func([]byte) error{
		"../../deploy/prometheus/rules.yaml":   func(b []byte) error { return yaml.Unmarshal(b, &rules) },
		"../../deploy/grafana/btgw.json":       func(b []byte) error { return json.Unmarshal(b, &one) },
		"../../deploy/grafana/btgw-fleet.json": func(b []byte) error { return json.Unmarshal(b, &fleet) },
	} {
		text, err := os.ReadFile(name)
		if err == nil {
			err = read(text)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	exprs := make(map[string]string)
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			exprs["the alert "+rule.Alert] = rule.Expr
		}
	}
	for _, panel := range slices.Concat(one.Panels, fleet.Panels) {
		for _, target := range panel.Targets {
			exprs["the panel "+panel.Title+": "+target.Expr] = target.Expr
		}
	}
	parsed(t, exprs)
	if len(exprs) < 30 {
		t.Fatalf("%d expressions", len(exprs))
	}
	metric := regexp.MustCompile(`\b(?:btgw|http|process|go)_[a-z_]+\b`)
	label := regexp.MustCompile(`\b(btgw_[a-z]+|error_type|http_response_status_code)(?:=~"([^"]*)"|\b)`)
	for where, expr := range exprs {
		for _, name := range metric.FindAllString(expr, -1) {
			if !strings.Contains(string(body), name) {
				t.Errorf("%s: there is no %s", where, name)
			}
		}
		for _, m := range label.FindAllStringSubmatch(expr, -1) {
			for value := range strings.SplitSeq(m[2], "|") {
				if value != "" && !strings.Contains(string(body), m[1]+`="`+value+`"`) {
					t.Errorf("%s: there is no %s=%q", where, m[1], value)
				}
			}
		}
	}
	if t.Failed() {
		t.Logf("%s", body)
	}
}
