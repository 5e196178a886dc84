package gateway

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
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

// frontsOwn are the rules that a front breaks by itself.
var frontsOwn = map[string][]string{
	"nginx": {
		"range-two-lines", "inm-two-lines", // it takes the first line, or refuses
		"range-accept", "412-no-store", "head-like-get", // its own headers and pages
		"options-server", "method-TRACE", "method-CONNECT", "method-get", "url-nul", "problem-malformed", "head-too-large", "http10-no-host", // it refuses by itself
		"h2c", "http2-range", "http2-range-bad", "http2-head", "http2-paused", // not turned on
		"blanks-path", "blanks-query", // it refuses by itself
		"dlna-mode", // a slice that is cached has what was asked first
	},
	"haproxy": {"method-CONNECT", "problem-malformed", "head-too-large", "blanks-path", "blanks-query"},
	"varnish": {
		"range-two-lines", "head-like-get", "host-absent", "problem-malformed", "head-too-large",
		"h2c", "http2-range", "http2-range-bad", "http2-head", "http2-paused", "blanks-path", "blanks-query", "dlna-mode",
	},
}

// Through a front all rules hold but those that it breaks by itself.
func TestFrontConformance(t *testing.T) {
	all := maps.Clone(fronts)
	all["haproxy"] = func(t *testing.T, g *gatewayTest) *front { return haproxy(t, g, g) }
	all["nginx below a prefix"] = nginxBelow
	for name, start := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // it mostly waits
			name, prefix := strings.CutSuffix(name, " below a prefix")
			g := serve(t, func(c *Config) {
				c.FirstByteTimeout, c.TrustedProxies = time.Second, []string{"127.0.0.1"}
				c.CheckAddr = netguard.New(netguard.Policy{AllowPrivate: true}).Check
			})
			hash := g.backend.add(t, "suite", metainfo.V1, suiteFiles())
			for _, result := range conform(t, conformance.Config{URL: "http://" + start(t, g).addr + map[bool]string{true: "/bt/"}[prefix], InfoHash: hash}) {
				if own := slices.Contains(frontsOwn[name], result.ID); own != (result.Outcome == conformance.Failed) {
					t.Errorf("%s: %v, %v", result.ID, result.Outcome, result.Err)
				}
			}
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
