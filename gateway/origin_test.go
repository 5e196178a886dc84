package gateway

import (
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// Absolute URLs have the host by which the client came: a trusted proxy says it in
// X-Forwarded-Host, if it is a name of this server.
func TestForwardedHost(t *testing.T) {
	for _, c := range []struct {
		name    string
		trusted bool
		lines   []string
		want    string
	}{
		{"none", true, nil, "http://127.0.0.1:"},
		{"a name of ours", true, []string{"X-Forwarded-Host: films.example"}, "http://films.example/"},
		{"with a port and a scheme", true, []string{"X-Forwarded-Host: films.example:8443", "X-Forwarded-Proto: https"}, "https://films.example:8443/"},
		{"of two proxies", true, []string{"X-Forwarded-Host: films.example, inner.example"}, "http://films.example/"},
		{"of two proxies, in two lines", true, []string{"X-Forwarded-Host: films.example", "X-Forwarded-Host: evil.example"}, "http://films.example/"},
		{"from a stranger", false, []string{"X-Forwarded-Host: films.example"}, "http://127.0.0.1:"},
		{"another's name, that a client made the proxy hand on", true, []string{"X-Forwarded-Host: evil.example"}, "http://127.0.0.1:"},
		{"not a host", true, []string{"X-Forwarded-Host: films.example/x"}, "http://127.0.0.1:"},
		{"not a port", true, []string{"X-Forwarded-Host: films.example:x"}, "http://127.0.0.1:"},
		{"what is no text of a URL", true, []string{"X-Forwarded-Host: films.example\"'<"}, "http://127.0.0.1:"},
		{"empty", true, []string{"X-Forwarded-Host: "}, "http://127.0.0.1:"},
		{"too long", true, []string{"X-Forwarded-Host: " + strings.Repeat("a.", 130) + "films.example"}, "http://127.0.0.1:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := serve(t, func(cfg *Config) {
				cfg.Hosts = []string{"films.example", "*.films.example"}
				if c.trusted {
					cfg.TrustedProxies = []string{"127.0.0.0/8"}
				}
			})
			hash := g.backend.add(t, "show", metainfo.V1, map[string][]byte{"a.mp4": {1}, "b.mp4": {2}})
			list := g.get(t, hash.Path()+"/?format=m3u8", c.lines...)
			urls := 0
			for line := range strings.Lines(string(list.body)) {
				if strings.HasPrefix(line, "#") {
					continue
				}
				urls++
				if !strings.HasPrefix(line, c.want) {
					t.Errorf("playlist: %q", line)
				}
			}
			if list.status != 200 || urls != 2 {
				t.Errorf("playlist: %d, %d URLs", list.status, urls)
			}
			if start := g.get(t, "/", c.lines...); !strings.Contains(string(start.body), "'"+c.want) {
				t.Errorf("the start page: %s", start.body)
			}
		})
	}
}

// A torrent's own host has the port by which the client came.
func TestForwardedPortOfSubdomains(t *testing.T) {
	g := serve(t, func(cfg *Config) {
		cfg.Subdomains, cfg.TrustedProxies = "gw.example", []string{"127.0.0.0/8"}
	})
	hash := g.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": {1}})
	a := g.on(t, "gw.example", hash.Path()+"/a.bin", "X-Forwarded-Host: gw.example:8443", "X-Forwarded-Proto: https")
	if want := "https://" + labels.EncodeToString(hash.Bytes()) + ".gw.example:8443/a.bin"; a.status != 301 || a.get("Location") != want {
		t.Errorf("%d %q, want %q", a.status, a.get("Location"), want)
	}
}
