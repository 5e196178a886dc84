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
	"github.com/btgw/btgw/publish/names"
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
		// What playlists look at: containers of every kind, subtitles, and manifests with their segments.
		"Part 1/film.en.srt": random(21, 90), "Part 1/cover.jpg": random(22, 900), "live/index.m3u8": random(23, 70),
		"live/seg-1.ts": random(24, 1000), "live/seg-2.ts": random(25, 1000), "dash/stream.mpd": random(26, 80), "dash/chunk-1.m4s": random(27, 1000),
		"old/a.rmvb": random(28, 300), "old/b.asf": random(29, 300), "old/c.WMV": random(30, 300), "old/d.divx": random(31, 300), "old/e.ogm": random(32, 300), "old/f.flv": random(33, 300),
	}
}

// suiteDenied adds torrents of which the list denies all, a directory and a file.
func suiteDenied(t *testing.T, b *fakeBackend) (*Denylist, []string) {
	t.Helper()
	gone := b.add(t, "gone.mkv", metainfo.V1, map[string][]byte{"": random(11, 50_000)})
	legal := b.add(t, "legal", metainfo.V2, map[string][]byte{"a.mkv": random(12, 50_000), "b.txt": random(13, 10)})
	part := b.add(t, "part", metainfo.V1, map[string][]byte{"a/secret one.mkv": random(14, 20_000), "a/two.mkv": random(15, 20_000), "hidden/three.mkv": random(16, 20_000)})
	single := b.add(t, "single.mkv", metainfo.V1, map[string][]byte{"": random(17, 20_000)})
	denied := []string{gone.Path(), legal.Path(), part.Path() + "/part/a/secret%20one.mkv", part.Path() + "/part/hidden", single.Path() + "/single.mkv"}
	list, err := OpenDenylist(denyFile(t, denied[0], denied[1]+" reason=legal", denied[2], digest(denied[3]), denied[4]))
	if err != nil {
		t.Fatal(err)
	}
	return list, denied
}

// suiteDying adds a torrent with a file of which the swarm has the beginning.
func suiteDying(t *testing.T, b *fakeBackend) string {
	t.Helper()
	hash := b.add(t, "dying", metainfo.V1, map[string][]byte{"first.txt": random(18, 5000), "film.mkv": random(19, 300_000)})
	kept := b.torrents[hash]
	kept.dies = make(map[int]int64)
	for i := range kept.Info.Files {
		if kept.Info.Files[i].Length == 300_000 {
			kept.dies[i] = 100_000
		}
	}
	return hash.Path() + "/dying/film.mkv"
}

// conform runs the suite and returns its report.
func conform(t *testing.T, cfg conformance.Config) conformance.Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
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
		// Three need a pause: TestConformanceOfPauses.
		{"v1", metainfo.V1, suiteFiles(), false, 3, false},
		{"hybrid over TLS", metainfo.Hybrid, suiteFiles(), true, 4, false}, // h2c
		{"hybrid by v2", metainfo.Hybrid, suiteFiles(), false, 3, true},
		{"v2", metainfo.V2, suiteFiles(), false, 3, false},
		{"one file", metainfo.V1, single, false, 26, false},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel() // it mostly waits
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
			cfg.Subdomains = "gw.example"
			var list *Denylist
			list, cfg.Denied = suiteDenied(t, backend)
			cfg.Dying = suiteDying(t, backend)
			book := &fakeNames{known: make(map[names.Name]metainfo.InfoHash)}
			cfg.Name = filmsName.Path()
			g := serve(t, func(c *Config) {
				c.Names = book
				c.Backend, c.TLS, c.FirstByteTimeout, c.Subdomains, c.Denylist = backend, speaks, time.Second, cfg.Subdomains, list
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
			book.set(filmsName, cfg.InfoHash)
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

// A reader may pause for longer than the client's time-out: over HTTP/1, HTTP/2, and with TLS.
func TestConformanceOfPauses(t *testing.T) {
	files := map[string][]byte{"film.mkv": random(1, 16<<20), "a.txt": random(2, 50_000)}
	certFile, keyFile, pool := writeCertificate(t, t.TempDir(), 1)
	certificate, err := LoadCertificate(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		speaks *tls.Config
		scheme string
		pause  time.Duration // that the gateway bears
		want   conformance.Outcome
	}{
		"plain":          {nil, "http://", time.Hour, conformance.Passed},
		"TLS":            {certificate.TLS(), "https://", time.Hour, conformance.Passed},
		"without pauses": {nil, "http://", time.Millisecond, conformance.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // it mostly waits
			g := serve(t, func(cfg *Config) {
				cfg.TLS, cfg.FirstByteTimeout, cfg.ClientTimeout, cfg.MaxPause = c.speaks, 100*time.Millisecond, 2*time.Second, c.pause
			})
			hash := g.backend.add(t, "suite", metainfo.V1, files)
			report := conform(t, conformance.Config{URL: c.scheme + g.addr, InfoHash: hash, Pause: 5 * time.Second, TLS: &tls.Config{RootCAs: pool}})
			for _, result := range report {
				if strings.HasPrefix(result.ID, "pause-") && result.Outcome != c.want {
					t.Errorf("%s: %v, %v", result.ID, result.Outcome, result.Err)
				}
			}
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
	for _, bad := range []string{"ftp://x", "127.0.0.1:80", "http://127.0.0.1/?x", "http://"} {
		if _, err := conformance.Run(context.Background(), conformance.Config{URL: bad}); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func outcomesOf(report conformance.Report) map[string]conformance.Outcome {
	outcomes := make(map[string]conformance.Outcome)
	for _, result := range report {
		outcomes[result.ID] = result.Outcome
	}
	return outcomes
}

// The rules that need settings can fail: against a gateway that answers to every name, denies
// nothing, and ends what it cannot go on with as if it were whole.
func TestConformanceOfCarelessness(t *testing.T) {
	backend := newFakeBackend()
	_, denied := suiteDenied(t, backend)
	hash := backend.add(t, "suite", metainfo.V1, suiteFiles())
	dying := hash.Path() + "/suite/dying.mkv"
	careless := serve(t, func(c *Config) { c.Backend, c.Hosts, c.FirstByteTimeout = backend, []string{"*"}, 100*time.Millisecond })
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != dying {
			careless.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Accept-Ranges", "bytes")
		if r.Method == http.MethodHead {
			w.Header().Set("Content-Length", "5000")
		} else {
			_, _ = w.Write(random(1, 3000)) // and a length of its own
		}
	}))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	defer server.Close()
	report := conform(t, conformance.Config{URL: server.URL, InfoHash: hash, Subdomains: "gw.example", Name: filmsName.Path(), Denied: denied, Dying: dying})
	holds := map[string]bool{ // what it keeps by chance
		"own-parent": true, "own-missing": true, "own-post": true, "own-robots": true, "own-move-not": true, "cut-head": true, "denied-others": true,
		"name-absent": true,
	}
	for _, result := range report {
		family, _, _ := strings.Cut(result.ID, "-")
		if setting := family == "own" || family == "name" || family == "denied" || family == "cut"; !setting {
			continue
		}
		if want := map[bool]conformance.Outcome{true: conformance.Passed, false: conformance.Failed}[holds[result.ID]]; result.Outcome != want {
			t.Errorf("%s: %v, %v", result.ID, result.Outcome, result.Err)
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
				files = append(files, file{f.Length, root + "suite" + escapePath(kept.Info.Path(f))})
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
		http.ServeContent(w, r, node.Name, time.Time{}, bytes.NewReader(kept.files[int(node.File.Index)]))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	report := conform(t, conformance.Config{URL: server.URL, InfoHash: hash})
	passed, failed, _ := report.Count()
	outcomes := outcomesOf(report)
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
