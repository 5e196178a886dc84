package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/conformance"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/netguard"
)

// suiteFiles are a torrent with what the suite's rules need.
func suiteFiles() map[string][]byte {
	return map[string][]byte{
		"Part 1/film.mkv":         random(1, 200_001),
		"Part 1/C++ & 100%.txt":   random(2, 5000),
		"Part 1/track 10.mka":     random(5, 700),
		"Part 1/track 9.mka":      random(6, 800),
		"Part 10/page.html":       random(3, 3000),
		"Part 2/empty.txt":        nil,
		"Part 2/deep/er/clip.mp4": random(4, 30_000),
	}
}

// conform runs the suite and returns its report.
func conform(t *testing.T, cfg conformance.Config) conformance.Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	report, err := conformance.Run(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Every rule of the suite holds: for a torrent of many files and of one, in
// every version, over plain HTTP and TLS.
func TestConformance(t *testing.T) {
	type variant struct {
		name    string
		version metainfo.Version
		files   map[string][]byte
		tls     bool
		notRun  int
		byV2    bool // asked for by its v2 infohash
	}
	single := map[string][]byte{"": random(9, 99_999)}
	for _, v := range []variant{
		{"v1", metainfo.V1, suiteFiles(), false, 0, false},
		{"hybrid over TLS", metainfo.Hybrid, suiteFiles(), true, 1, false}, // h2c
		{"hybrid by v2", metainfo.Hybrid, suiteFiles(), false, 0, true},
		{"v2", metainfo.V2, suiteFiles(), false, 0, false},
		{"one file", metainfo.V1, single, false, 9, false},
	} {
		t.Run(v.name, func(t *testing.T) {
			cfg := conformance.Config{}
			var speaks *tls.Config
			if v.tls {
				certFile, keyFile, pool := writeCertificate(t, t.TempDir(), 1)
				certificate, err := LoadCertificate(certFile, keyFile)
				if err != nil {
					t.Fatal(err)
				}
				speaks = certificate.TLS()
				cfg.TLS = &tls.Config{RootCAs: pool}
			}
			backend := newFakeBackend()
			g := serve(t, func(c *Config) {
				c.Backend, c.TLS, c.FirstByteTimeout = backend, speaks, time.Second
				c.CheckAddr = netguard.New(netguard.Policy{AllowPrivate: true}).Check
				c.Layers = func(hash metainfo.InfoHash) (metainfo.PieceLayers, bool) { return backend.torrents[hash].Layers, true }
			})
			cfg.URL = "http://" + g.addr
			if v.tls {
				cfg.URL = "https://" + g.addr
			}
			cfg.InfoHash = g.backend.add(t, "suite", v.version, v.files)
			if v.byV2 {
				cfg.InfoHash = backend.torrents[cfg.InfoHash].Info.Hashes()[1]
			}
			report := conform(t, cfg)
			passed, failed, notRun := report.Count()
			if failed > 0 || notRun != v.notRun || passed+notRun < 120 {
				var out bytes.Buffer
				_ = report.Write(&out, false)
				t.Errorf("%d passed, %d failed, %d not run (%d expected)\n%s", passed, failed, notRun, v.notRun, out.String())
			}
			t.Logf("%d rules: %d passed, %d not run", len(report), passed, notRun)
		})
	}
}

// Rules have ids of their own, and sources.
func TestConformanceRules(t *testing.T) {
	seen := make(map[string]bool)
	for _, rule := range conformance.Rules() {
		if seen[rule.ID] || rule.ID == "" || rule.Source == "" || rule.What == "" || strings.ContainsAny(rule.ID, " \t") {
			t.Errorf("%+v", rule)
		}
		seen[rule.ID] = true
	}
	if len(seen) < 120 {
		t.Errorf("%d rules", len(seen))
	}
}

// Without a torrent the rules that need none are run.
func TestConformanceWithoutTorrent(t *testing.T) {
	g := serve(t, func(c *Config) { c.FirstByteTimeout = time.Second })
	report := conform(t, conformance.Config{URL: "http://" + g.addr})
	passed, failed, notRun := report.Count()
	if passed < 20 || failed > 0 || notRun < 100 {
		t.Errorf("%d passed, %d failed, %d not run", passed, failed, notRun)
	}
	for _, bad := range []string{"ftp://x", "127.0.0.1:80", "http://127.0.0.1/x", "http://"} {
		if _, err := conformance.Run(context.Background(), conformance.Config{URL: bad}); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

// For comparison: files served by net/http behind the same routes. It is also
// how we know that rules can fail.
func TestConformanceOfServeContent(t *testing.T) {
	b := newFakeBackend()
	hash := b.add(t, "suite", metainfo.V1, suiteFiles())
	kept := b.torrents[hash]
	mux := http.NewServeMux()
	root := hash.Path() + "/"
	mux.HandleFunc(root, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == root {
			type file struct {
				Size int64  `json:"size"`
				Href string `json:"href"`
			}
			var files []file
			for i := range kept.Info.Files {
				f := &kept.Info.Files[i]
				files = append(files, file{f.Length, root + "suite" + escapePath(f.Path)})
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]any{"name": "suite", "size": kept.Info.Size(), "files": files})
			return
		}
		node, err := kept.Info.Lookup(strings.Split(strings.TrimPrefix(r.URL.Path, root), "/"))
		if err != nil || node.File == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%s-%d"`, hash, node.File.Index))
		if mime.TypeByExtension(path.Ext(node.Name)) == "" {
			w.Header().Set("Content-Type", "application/octet-stream")
		}
		http.ServeContent(w, r, node.Name, time.Time{}, bytes.NewReader(kept.files[node.File.Index]))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	report := conform(t, conformance.Config{URL: server.URL, InfoHash: hash})
	passed, failed, _ := report.Count()
	outcomes := make(map[string]conformance.Outcome)
	for _, result := range report {
		outcomes[result.ID] = result.Outcome
	}
	for id, want := range map[string]conformance.Outcome{
		"range-middle": conformance.Passed, "ranges-two": conformance.Passed, "ifrange-same": conformance.Passed,
		"range-unit-upper": conformance.Failed, "range-unknown-unit": conformance.Failed, "range-suffix-0": conformance.Failed,
		"range-head": conformance.Failed, "range-end-huge": conformance.Failed, "ranges-seventeen": conformance.Failed, "fresh-200": conformance.Failed,
	} {
		if outcomes[id] != want {
			t.Errorf("%s: %v", id, outcomes[id])
		}
	}
	family := make(map[string][2]int)
	for _, result := range report {
		name, _, _ := strings.Cut(result.ID, "-")
		n := family[name]
		n[0]++
		if result.Outcome == conformance.Passed {
			n[1]++
		}
		family[name] = n
	}
	t.Logf("net/http's ServeContent: %d of %d rules pass, %d fail; ranges %v, several %v, clients %v", passed, len(report), failed,
		family["range"], family["ranges"], family["client"])
}
