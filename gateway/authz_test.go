package gateway

import (
	"bytes"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/metainfo"
)

// allowing opens an allowlist of these lines.
func allowing(t *testing.T, lines ...string) *Allowlist {
	t.Helper()
	list, err := OpenAllowlist(denyFile(t, lines...))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What is on the allowlist is served with all below it; nothing else is looked up, and the denylist has
// the last word.
func TestAllowlist(t *testing.T) {
	b := newFakeBackend()
	one := b.add(t, "a.mkv", metainfo.V1, map[string][]byte{"": random(1, 10)})
	many := b.add(t, "many", metainfo.V1, map[string][]byte{"a/b c.txt": random(2, 10), "a/d": random(3, 10), "e": random(4, 10)})
	other := b.add(t, "o.mkv", metainfo.V1, map[string][]byte{"": random(5, 10)})
	hidden := b.add(t, "h.mkv", metainfo.V1, map[string][]byte{"": random(6, 10)})
	deny, err := OpenDenylist(denyFile(t, many.Path()+"/many/a/d"))
	if err != nil {
		t.Fatal(err)
	}
	g := serve(t, func(cfg *Config) {
		cfg.Backend, cfg.Denylist = b, deny
		cfg.Allowlist = allowing(t, "# served", one.Path(), many.Path()+"/many/a", digest(hidden.Path()))
	})
	for path, want := range map[string]int{
		one.Path() + "/a.mkv": 200, one.Path() + "/": 200, many.Path() + "/many/a/": 200, many.Path() + "/many/a/b%20c.txt": 200,
		many.Path() + "/many/a/d": 410, many.Path() + "/many/e": 403, many.Path() + "/": 403, hidden.Path() + "/h.mkv": 200,
	} {
		if a := g.get(t, path); a.status != want {
			t.Errorf("%s: %d, not %d", path, a.status, want)
		}
	}
	begun := b.infos
	for _, path := range []string{other.Path() + "/o.mkv", other.Path(), "/btih/" + strings.Repeat("b", 40) + "/?tr=http%3A%2F%2F192.0.2.1%2F"} {
		a := g.get(t, path, "Accept: application/json")
		if a.status != 403 || a.get("Cache-Control") != cacheNone || !bytes.Contains(a.body, []byte("not-allowed")) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if b.infos != begun {
		t.Error("something was looked up for what is not on the list")
	}
}

// A cache in front asks /authz before it gives out what it has: here nginx, for which each path is the
// same at the upstream.
func TestAuthzForNginx(t *testing.T) {
	g, keys := signing(t, func(cfg *Config) { cfg.TrustedProxies = []string{"127.0.0.1"} })
	one, content := g.single(t, "a b.mkv", 100)
	path := one.Path() + "/a%20b.mkv"
	admin, err := NewAdmin(AdminConfig{Backend: g.backend, Authz: g.Authz()})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- admin.Serve(ln) }()
	t.Cleanup(func() {
		if err := admin.Shutdown(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	f := nginxAs(t, g, "location ~ ^/bt[im]h/ {", `location = /authz {
            internal;
            proxy_pass http://`+ln.Addr().String()+`;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header X-Original-URI $request_uri;
            proxy_set_header X-Forwarded-For $remote_addr;
        }
        location ~ ^/bt[im]h/ {
            auth_request /authz;`)
	good := signed(t, keys, access.Link{Path: path}, "")
	bad := good
	bad.Expires += "0"
	for name, c := range map[string]struct {
		path   string
		lines  []string
		status int
	}{
		"a link":     {path + "?" + good.Query(), nil, 200},
		"a cookie":   {path, []string{"Cookie: btgw=" + good.Token()}, 200},
		"no link":    {path, nil, 403},
		"forged":     {path + "?" + bad.Query(), nil, 403},
		"other path": {one.Path() + "/?" + good.Query(), nil, 403},
	} {
		a := f.get(t, c.path, c.lines...)
		if a.status != c.status || c.status == 200 && !bytes.Equal(a.body, content) {
			t.Errorf("%s: %d, not %d", name, a.status, c.status)
		}
	}
}

// The forms of the question.
func TestAuthz(t *testing.T) {
	g, keys := signing(t, nil)
	one, _ := g.single(t, "a.mkv", 100)
	path := one.Path() + "/a.mkv"
	good := signed(t, keys, access.Link{Path: path}, "")
	for name, c := range map[string]struct {
		target string
		header http.Header
		status int
		said   string
	}{
		"nginx":               {"/authz", http.Header{"X-Original-Uri": {path + "?" + good.Query()}}, 200, ""},
		"Caddy":               {"/authz", http.Header{"X-Forwarded-Uri": {path + "?" + good.Query()}}, 200, ""},
		"Envoy":               {"/authz" + path + "?" + good.Query(), nil, 200, ""},
		"a token in the path": {"/authz/s/" + good.Token() + path, nil, 200, ""},
		"a cookie":            {"/authz" + path, http.Header{"Cookie": {"btgw=" + good.Token()}}, 200, ""},
		"the start page":      {"/authz/", nil, 200, ""},
		"no link":             {"/authz" + path, nil, 403, "403"},
		"no path":             {"/authz", http.Header{"X-Original-Uri": {"http://[::1"}}, 403, "400"},
		"no infohash":         {"/authz/btih/x", nil, 403, "400"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8081"+c.target, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.RemoteAddr = "127.0.0.1:1"
		for key, values := range c.header {
			r.Header[key] = values
		}
		w := &recorder{header: http.Header{}}
		g.Authz().ServeHTTP(w, r)
		if w.status != c.status || w.header.Get("X-Btgw-Status") != c.said {
			t.Errorf("%s: %d %q, not %d %q", name, w.status, w.header.Get("X-Btgw-Status"), c.status, c.said)
		}
	}
}

// recorder keeps a status.
type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }
func (r *recorder) WriteHeader(status int)      { r.status = status }
