package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/conformance"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/netguard"
)

// fronts are the caches that there are configurations for.
var fronts = map[string]func(*testing.T, *gatewayTest) *front{"nginx": nginx, "varnish": varnish}

// Through a front all rules hold, but that it may refuse by itself what HTTP leaves to it
// (conformance.Config.Front). refuses are the rules that hold by that, so that no more do unseen.
func TestFrontConformance(t *testing.T) {
	plain := func(start func(*testing.T, *gatewayTest) *front) func(*testing.T, *gatewayTest) (*front, *tls.Config) {
		return func(t *testing.T, g *gatewayTest) (*front, *tls.Config) { return start(t, g), nil }
	}
	ofNginx := []string{"options-server", "method-get", "url-nul", "blanks-path", "blanks-query", "inm-two-lines"}
	ofSlices := append([]string{"range-two-lines", "head-like-get"}, ofNginx...)
	for name, c := range map[string]struct {
		start   func(*testing.T, *gatewayTest) (*front, *tls.Config)
		prefix  string
		refuses []string
		http2   bool // nginx 1.22 speaks it with TLS alone
	}{
		"varnish":                         {plain(varnish), "", []string{"blanks-path", "blanks-query", "problem-malformed"}, true},
		"haproxy":                         {plain(func(t *testing.T, g *gatewayTest) *front { return haproxy(t, g, g) }), "", []string{"method-CONNECT", "blanks-path", "blanks-query", "problem-malformed"}, true},
		"nginx":                           {plain(nginx), "", ofSlices, false},
		"nginx with TLS":                  {nginxTLS, "", ofSlices, true},
		"nginx below a prefix":            {plain(nginxBelow), "/bt/", ofSlices, false},
		"nginx that takes the prefix off": {plain(nginxTaken), "/bt/", ofNginx, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // it mostly waits
			g := serve(t, func(c *Config) {
				c.FirstByteTimeout, c.TrustedProxies, c.Hosts = time.Second, []string{"127.0.0.1"}, []string{"media.example.org"}
				c.CheckAddr = netguard.New(netguard.Policy{AllowPrivate: true}).Check
			})
			hash := g.backend.add(t, "suite", metainfo.V1, suiteFiles())
			f, client := c.start(t, g)
			scheme := map[bool]string{false: "http", true: "https"}[client != nil]
			report := conform(t, conformance.Config{URL: scheme + "://" + f.addr + c.prefix, InfoHash: hash, TLS: client, Front: true})
			asked := make(map[string]conformance.Rule)
			for _, rule := range conformance.Rules() {
				asked[rule.ID] = rule
			}
			for _, result := range report {
				switch own := slices.Contains(c.refuses, result.ID); {
				case result.Outcome == conformance.Failed:
					t.Errorf("%s: %v", result.ID, result.Err)
				case own != (result.What != asked[result.ID].What):
					t.Errorf("%s: %s", result.ID, result.What)
				case strings.HasPrefix(result.ID, "http2-") && c.http2 != (result.Outcome == conformance.Passed):
					t.Errorf("%s: %v", result.ID, result.Outcome)
				}
			}
			passed, failed, notRun := report.Count()
			t.Logf("%d rules hold, %d fail, %d not run", passed, failed, notRun)
		})
	}
}

// What a cache keeps of the answers that are no content is what their Cache-Control says, and never
// an answer that may be another in a moment.
func TestFrontKeepsErrors(t *testing.T) {
	for name, start := range fronts {
		t.Run(name, func(t *testing.T) {
			backend := newFakeBackend()
			list, denied := suiteDenied(t, backend)
			g := serve(t, func(c *Config) {
				c.Backend, c.Denylist, c.TrustedProxies = backend, list, []string{"127.0.0.1"}
			})
			hash, _ := g.single(t, "film.mkv", 5000)
			refused, upload, busy, late := metainfo.NewV1([20]byte{1}), metainfo.NewV1([20]byte{2}), metainfo.NewV1([20]byte{3}), metainfo.NewV1([20]byte{4})
			setHook(backend, &backend.onInfo, func(_ context.Context, hash metainfo.InfoHash) error {
				switch hash {
				case refused:
					return &metainfo.InvalidError{Field: "info.files", Reason: metainfo.ReasonLimit}
				case upload:
					return fetch.ErrPrivate
				case busy:
					return fetch.ErrBusy
				case late:
					return &fetch.UnavailableError{Stage: fetch.StageMetadata}
				}
				return nil
			})
			f := start(t, g)
			for _, row := range []struct {
				path, line string
				status     int
				kept       bool
			}{
				{hash.Path() + "/none", "", 404, true},
				{denied[0], "", 410, true},
				{denied[1] + "/a.mkv", "", 451, true},
				{refused.Path() + "/x", "", 422, true},
				{upload.Path() + "/x", "", 422, false},
				{busy.Path() + "/x", "", 503, false},
				{late.Path() + "/x", "", 504, false},
				{"/btih/nonsense/film.mkv", "", 400, false},
				{hash.Path() + "/film.mkv", `If-Match: "x"`, 412, false},
				{hash.Path() + "/film.mkv", "Range: bytes=5000-6000", 416, false},
				{hash.Path() + "/film.mkv", "Cache-Control: only-if-cached", 200, true},
			} {
				var lines []string
				if row.line != "" {
					lines = []string{row.line}
				}
				for again := range 3 {
					a := f.get(t, row.path, lines...)
					if hit := a.get("X-Cache") == "HIT"; a.status != row.status || a.cut || hit && !row.kept || again == 2 && row.kept && !hit && row.status != 200 {
						t.Errorf("%s %s, time %d: %d, X-Cache %q", row.path, row.line, again, a.status, a.get("X-Cache"))
					}
				}
			}
		})
	}
}

// What the gateway refuses for how it is asked is refused where the content is kept too.
func TestFrontKeepsNoServiceWorker(t *testing.T) {
	for name, start := range fronts {
		t.Run(name, func(t *testing.T) {
			g := serve(t, func(cfg *Config) { cfg.Subdomains, cfg.TrustedProxies = "media.example.org", []string{"127.0.0.1"} })
			hash := g.backend.add(t, "site", metainfo.V1, map[string][]byte{"worker.js": random(1, 5000)})
			f := start(t, g)
			own := labels.EncodeToString(hash.Bytes()) + ".media.example.org"
			for range 2 {
				for host, path := range map[string]string{f.addr: hash.Path() + "/site/worker.js", own: "/site/worker.js"} {
					if a := f.on(t, host, path); a.status != 200 {
						t.Errorf("%s: %d", host, a.status)
					}
					if a := f.on(t, host, path, "Service-Worker: script"); a.status != 400 {
						t.Errorf("%s, a service worker: %d, X-Cache %s", host, a.status, a.get("X-Cache"))
					}
				}
			}
		})
	}
}

// Several ranges, and those from the end, are right whatever a front makes of them.
func TestFrontRanges(t *testing.T) {
	for name, start := range fronts {
		t.Run(name, func(t *testing.T) {
			g := serve(t, func(cfg *Config) { cfg.TrustedProxies = []string{"127.0.0.1"} })
			hash, data := g.single(t, "film.mkv", 3<<20+4321)
			f := start(t, g)
			for _, header := range []string{"bytes=0-9,2000000-2000099", "bytes=2000000-2000099,0-9", "bytes=-100", "bytes=3000000-", "bytes=0-1048575,1048576-1048577", "bytes=5-2", "Bytes=0-9", "bytes=3149999-9999999999"} {
				for range 2 {
					a := f.get(t, hash.Path()+"/film.mkv", "Range: "+header)
					if err := rightRanges(a, data); err != nil {
						t.Errorf("%s: %v", header, err)
					}
				}
			}
		})
	}
}

// rightRanges checks every byte of an answer to a range, by what the answer says of them.
func rightRanges(a *answer, data []byte) error {
	kind, params, _ := mime.ParseMediaType(a.get("Content-Type"))
	part := func(contentRange string, body []byte) error {
		var from, to, size int
		if _, err := fmt.Sscanf(contentRange, "bytes %d-%d/%d", &from, &to, &size); err != nil || size != len(data) || !bytes.Equal(body, data[from:to+1]) {
			return fmt.Errorf("Content-Range %q with %d bytes that are others: %v", contentRange, len(body), err)
		}
		return nil
	}
	switch {
	case a.cut:
		return fmt.Errorf("%d, cut after %d bytes", a.status, len(a.body))
	case a.status == 416:
		return nil
	case a.status == 200 && bytes.Equal(a.body, data):
		return nil
	case a.status != 206:
		return fmt.Errorf("status %d with %d bytes", a.status, len(a.body))
	case !strings.HasPrefix(kind, "multipart/"):
		return part(a.get("Content-Range"), a.body)
	}
	for r := multipart.NewReader(bytes.NewReader(a.body), params["boundary"]); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		body, err := io.ReadAll(p)
		if err != nil {
			return err
		}
		if err := part(p.Header.Get("Content-Range"), body); err != nil {
			return err
		}
	}
}
