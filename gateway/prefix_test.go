package gateway

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/conformance"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/netguard"
)

// All that names a path names it below the prefix: of a trusted proxy, or of the setting.
func TestPathPrefix(t *testing.T) {
	const said = "X-Forwarded-Prefix: "
	for name, c := range map[string]struct {
		proxies []string
		setting string
		lines   []string
		want    string
	}{
		"a trusted proxy":        {[]string{"127.0.0.1"}, "", []string{said + "/bt/"}, "/bt"},
		"several proxies":        {[]string{"127.0.0.1"}, "", []string{said + "/outer, /inner/"}, "/outer/inner"},
		"in two lines":           {[]string{"127.0.0.1"}, "", []string{said + "/outer", said + "inner"}, ""}, // no path
		"no trusted proxy":       {nil, "", []string{said + "/bt"}, ""},
		"the setting":            {nil, "/bt/x", nil, "/bt/x"},
		"the proxy has the word": {[]string{"127.0.0.1"}, "/bt", []string{said + "/other"}, "/other"},
		"the root":               {[]string{"127.0.0.1"}, "/bt", []string{said + "/"}, ""},
		"another host":           {[]string{"127.0.0.1"}, "", []string{said + "//evil.example"}, ""},
		"by a backslash":         {[]string{"127.0.0.1"}, "", []string{said + `/\evil.example`}, ""},
		"a URL":                  {[]string{"127.0.0.1"}, "", []string{said + "http://evil.example/"}, ""},
		"dots":                   {[]string{"127.0.0.1"}, "", []string{said + "/a/%2e%2e/b"}, ""},
		"markup":                 {[]string{"127.0.0.1"}, "", []string{said + `/"><script>`}, ""},
		"a quote":                {[]string{"127.0.0.1"}, "", []string{said + "/it's"}, ""},
		"too long":               {[]string{"127.0.0.1"}, "", []string{said + "/" + strings.Repeat("a", maxPrefix)}, ""},
		"too long together":      {[]string{"127.0.0.1"}, "", []string{said + strings.Repeat("/"+strings.Repeat("a", 99)+",", 3) + "/b"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := serve(t, func(cfg *Config) { cfg.TrustedProxies, cfg.PathPrefix = c.proxies, c.setting })
			one, _ := g.single(t, "one.mkv", 100)
			many := g.backend.add(t, "many", metainfo.V1, map[string][]byte{"a/b.mkv": random(1, 50), "c": random(2, 5)})
			named := g.backend.add(t, "named", metainfo.V1, map[string][]byte{"caf\u00e9.txt": {1}, "x": {2}})
			get := func(path string, more ...string) *answer { return g.get(t, path, append(more, c.lines...)...) }
			for path, location := range map[string]string{
				"/btih/" + strings.ToUpper(one.String()) + "/x": one.Path() + "/x",
				many.Path():                           many.Path() + "/",
				many.Path() + "/many/a":               many.Path() + "/many/a/",
				many.Path() + "//many/":               many.Path() + "/many/",
				"//robots.txt":                        "/robots.txt",
				"/magnet?xt=urn:btih:" + one.String(): one.Path() + "/",
			} {
				a := get(path)
				if a.status/100 != 3 || a.get("Location") != c.want+location {
					t.Errorf("%s: %d to %q, not %q", path, a.status, a.get("Location"), c.want+location)
				}
				if c.want == "" {
					continue
				}
				if b := get(c.want + path); b.status != a.status || b.get("Location") != a.get("Location") {
					t.Errorf("%s with the prefix: %d to %q", path, b.status, b.get("Location"))
				}
			}
			if a := get(one.Path()); a.get("Content-Location") != c.want+one.Path()+"/one.mkv" {
				t.Errorf("Content-Location %q", a.get("Content-Location"))
			}
			if a := get(many.Path()+"/many/", "Accept: application/json"); a.get("Content-Location") != c.want+many.Path()+"/many/?format=json" {
				t.Errorf("Content-Location %q", a.get("Content-Location"))
			}
			var torrent TorrentListing
			if err := json.Unmarshal(get(many.Path()+"/?format=json").body, &torrent); err != nil || torrent.Href != c.want+many.Path()+"/" || torrent.Files[0].Href != c.want+many.Path()+"/many/a/b.mkv" {
				t.Errorf("%+v, %v", torrent, err)
			}
			if a := get(many.Path() + "/?format=m3u8"); !strings.Contains(string(a.body), "\nhttp://"+g.addr+c.want+many.Path()+"/many/a/b.mkv\n") {
				t.Errorf("%s", a.body)
			}
			if a := get(many.Path() + "/"); !strings.Contains(string(a.body), g.addr+c.want+many.Path()+"/?format=tar") {
				t.Errorf("%s", a.body)
			}
			if a := g.request(t, "PROPFIND", many.Path()+"/many/", append([]string{"Depth: 1"}, c.lines...)...); a.status != 207 || !strings.Contains(string(a.body), ">"+c.want+many.Path()+"/many/c<") {
				t.Errorf("PROPFIND: %d %s", a.status, a.body)
			}
			if a := get(named.Path() + "/named/cafe\u0301.txt"); a.status != 301 || a.get("Location") != c.want+named.Path()+"/named/caf%C3%A9.txt" {
				t.Errorf("another form of Unicode: %d to %q", a.status, a.get("Location"))
			}
			if a := get("/"); !strings.Contains(string(a.body), "curl -OJ 'http://"+g.addr+c.want+"/btih/") {
				t.Errorf("%s", a.body)
			}
		})
	}
	for _, bad := range []string{"bt", "//bt", "/b t", "/../x", "/a//b", "/a?b"} {
		if _, err := New(Config{Backend: newFakeBackend(), PathPrefix: bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// Every rule holds below a prefix.
func TestConformanceBelowPrefix(t *testing.T) {
	g := serve(t, func(cfg *Config) {
		cfg.PathPrefix, cfg.FirstByteTimeout = "/media/bt", time.Second
		cfg.CheckAddr = netguard.New(netguard.Policy{AllowPrivate: true}).Check
	})
	hash := g.backend.add(t, "suite", metainfo.V1, suiteFiles())
	for _, result := range conform(t, conformance.Config{URL: "http://" + g.addr + "/media/bt/", InfoHash: hash}) {
		if result.Outcome == conformance.Failed {
			t.Errorf("%s: %v", result.ID, result.Err)
		}
	}
	// Without the prefix in answers rules fail.
	g = serve(t, nil)
	g.backend.add(t, "suite", metainfo.V1, suiteFiles())
	if _, err := conformance.Run(t.Context(), conformance.Config{URL: "http://" + g.addr + "/bt", InfoHash: hash}); err == nil {
		t.Error("a gateway that is not there")
	}
}
