package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/webseed"
	"github.com/btgw/btgw/publish"
)

// An apiDoc is docs/openapi.json.
type apiDoc struct {
	root map[string]any
	seen sync.Map // "Schema.field" that an answer had: tests that run side by side share a document
}

func openAPI(t testing.TB) *apiDoc {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	d := new(apiDoc)
	if err := json.Unmarshal(text, &d.root); err != nil {
		t.Fatal(err)
	}
	if d.root["openapi"] != "3.1.0" {
		t.Fatalf("openapi %v", d.root["openapi"])
	}
	return d
}

// at follows a path of keys and references.
func (d *apiDoc) at(node any, keys ...string) map[string]any {
	m, _ := node.(map[string]any)
	for {
		ref, ok := m["$ref"].(string)
		if !ok {
			break
		}
		m = d.at(d.root, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	if len(keys) == 0 {
		return m
	}
	return d.at(m[keys[0]], keys[1:]...)
}

// response is the schema of an answer to an operation, by status or default.
func (d *apiDoc) response(path, method string, status int) (schema map[string]any, mediaType string) {
	responses := d.at(d.root, "paths", path, method, "responses")
	r := d.at(responses, fmt.Sprint(status))
	if r == nil {
		r = d.at(responses, "default")
	}
	for mediaType := range d.at(r, "content") {
		return d.at(r, "content", mediaType, "schema"), mediaType
	}
	return nil, ""
}

// check compares a value with a schema: what of JSON Schema the document uses.
// Anything else in it is an error, so that no rule goes unchecked.
func (d *apiDoc) check(where string, schema map[string]any, v any) error {
	schema = d.at(schema)
	for keyword := range schema {
		switch keyword {
		case "type", "required", "properties", "additionalProperties", "items", "pattern", "enum", "minimum", "maximum", "description":
		default:
			return fmt.Errorf("%s: the schema has %q", where, keyword)
		}
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, v) {
		return fmt.Errorf("%s: %v is none of %v", where, v, enum)
	}
	switch schema["type"] {
	case "object":
		return d.checkObject(where, schema, v)
	case "array":
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%s: %v is no list", where, v)
		}
		for i, item := range list {
			if err := d.check(fmt.Sprintf("%s[%d]", where, i), d.at(schema, "items"), item); err != nil {
				return err
			}
		}
	case "string":
		s, ok := v.(string)
		if pattern, has := schema["pattern"].(string); !ok || has && !regexp.MustCompile(pattern).MatchString(s) {
			return fmt.Errorf("%s: %v is no string of %v", where, v, schema["pattern"])
		}
	case "integer":
		n, ok := v.(float64)
		low, hasLow := schema["minimum"].(float64)
		high, hasHigh := schema["maximum"].(float64)
		if !ok || n != math.Trunc(n) || hasLow && n < low || hasHigh && n > high {
			return fmt.Errorf("%s: %v is no such number", where, v)
		}
	case "number":
		n, ok := v.(float64)
		low, hasLow := schema["minimum"].(float64)
		if !ok || hasLow && n < low {
			return fmt.Errorf("%s: %v is no such number", where, v)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return fmt.Errorf("%s: %v is no boolean", where, v)
		}
	default:
		return fmt.Errorf("%s: the schema has no known type", where)
	}
	return nil
}

func (d *apiDoc) checkObject(where string, schema map[string]any, v any) error {
	object, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: %v is no object", where, v)
	}
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := object[name.(string)]; !ok {
			return fmt.Errorf("%s: %v is missing", where, name)
		}
	}
	properties := d.at(schema, "properties")
	for name, value := range object {
		property := d.at(properties, name)
		d.seen.Store(d.nameOf(properties)+"."+name, true)
		if property == nil {
			switch more := schema["additionalProperties"].(type) {
			case bool:
				return fmt.Errorf("%s: %s is not in the document", where, name)
			case map[string]any:
				property = more
			default:
				continue
			}
		}
		if err := d.check(where+"."+name, property, value); err != nil {
			return err
		}
	}
	return nil
}

// nameOf is the name of the schema that has these properties.
func (d *apiDoc) nameOf(properties map[string]any) string {
	for name := range d.at(d.root, "components", "schemas") {
		if reflect.ValueOf(d.at(d.root, "components", "schemas", name, "properties")).Pointer() == reflect.ValueOf(properties).Pointer() {
			return name
		}
	}
	return ""
}

// problems is the document for errors, which every error of every test is held against.
var problems struct {
	once sync.Once
	doc  *apiDoc
}

// checkProblem fails the test where the answer is a problem document that is not as
// the document says.
func (a *answer) checkProblem(t testing.TB) {
	t.Helper()
	if a.get("Content-Type") != "application/problem+json" || len(a.body) == 0 || a.cut || bytes.Contains(a.body, []byte(`"about:blank"`)) { // a cache in front answers so by itself
		return
	}
	problems.once.Do(func() { problems.doc = openAPI(t) })
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Errorf("%d: %v: %s", a.status, err, a.body)
		return
	}
	if err := problems.doc.check("problem", problems.doc.at(problems.doc.root, "components", "schemas", "Problem"), v); err != nil {
		t.Errorf("%d: %v", a.status, err)
	}
}

// What the document says is what the servers answer, and every operation of it
// is asked for.
func TestOpenAPI(t *testing.T) {
	d := openAPI(t)
	g, known := serveNamed(t, func(cfg *Config) {
		cfg.FirstByteTimeout = 10 * time.Millisecond
		cfg.Published = func() []FeedEntry { return nil }
	})
	published, kept := &fakePublications{}, newFakeCache(metainfo.NewV1([20]byte{3}))
	kept.objects = true
	cachedOne := cachePath + "/torrents/" + kept.of.Hash
	admin := serveAdmin(t, func(cfg *AdminConfig) {
		cfg.Backend, cfg.Metrics, cfg.Authz = g.backend, metricsOfNothing, g.Authz()
		cfg.Publications = func() Publications { return published }
		cfg.Cache, cfg.Clients = kept, func() []ClientStatus { return []ClientStatus{{"192.0.2.1", 2}} }
	})
	odd := oddTorrent(t, g)
	v2 := g.backend.add(t, "two", metainfo.V2, map[string][]byte{"a": random(1, 40_000), "b/c": nil})
	hybrid := g.backend.add(t, "both", metainfo.Hybrid, map[string][]byte{"a": random(1, 40_000), "b/c": nil})
	g.backend.torrents[hybrid].more = func(status *fetch.Status) {
		status.Total = fetch.Totals{Since: time.Unix(1e9, 0), LastReader: time.Unix(2e9, 0)}
		status.WebSeeds = []fetch.WebSeedStatus{{Status: webseed.Status{URL: "http://s.example/", State: webseed.Ready, Error: "404"}, Rate: 1}}
	}
	linked := linkedTorrent(t, g)
	published.torrent = g.backend.torrents[odd].Torrent
	published.list = []publish.Publication{{Path: "/x", Torrent: published.torrent, State: publish.StateChanged, Lost: 1, Reason: "it is gone"}}
	unknown := metainfo.NewV1([20]byte{7})
	single, _ := g.single(t, "one.mkv", 50_000)
	known.set(filmsName, v2)
	const namedFile, name = "/btpk/{key}/{salt}/{path}", "/two/a"
	const file, file2, bare, bare2 = "/btih/{infohash}/{path}", "/btmh/{infohash}/{path}", "/btih/{infohash}", "/btmh/{infohash}"
	const torrent, torrent2, directory, list, one, super = "/btih/{infohash}/", "/btmh/{infohash}/", "/btih/{infohash}/{path}/", "/api/v1/torrents", "/api/v1/torrents/{infohash}", "/api/v1/torrents/{infohash}/superseed"
	const directory2, cached = "/btmh/{infohash}/{path}/", cachePath + "/torrents/{infohash}"
	const policy, uploads = one + "/upload-policy", "/api/v1/uploads"
	full := `{"upload_rate": 4096, "seed_time": 60, "seed_ratio": 1.5, "stopped": true}`
	asked := make(map[string]bool)
	for _, row := range []struct {
		path, method, url string
		status            int
		body              string // of a GET: a header line
	}{
		{"/", "get", "/", 200, ""},
		{"/robots.txt", "get", "/robots.txt", 200, ""},
		{"/magnet", "get", "/magnet?uri=" + odd.String(), 302, ""},
		{"/magnet", "get", "/magnet?uri=x", 400, ""},
		{openPath, "post", openPath, 303, ""},
		{appPath + "{file}", "get", appPath + elementName, 200, ""},
		{appPath + "{file}", "get", appPath + "none", 404, ""},
		{bare, "get", single.Path(), 200, ""},
		{bare, "get", odd.Path(), 301, ""},
		{bare2, "get", v2.Path(), 301, ""},
		{file, "get", single.Path() + "/one.mkv", 206, "Range: bytes=5-"},
		{file, "get", single.Path() + "/one.mkv", 206, "Range: bytes=0-1,9000-9001"},
		{file, "get", single.Path() + "/one.mkv", 304, "If-None-Match: *"},
		{file, "get", single.Path() + "/one.mkv", 412, `If-Match: "x"`},
		{file, "get", single.Path() + "/one.mkv", 416, "Range: bytes=5-2"},
		{file, "get", single.Path() + "/two.mkv?tr=nonsense", 404, ""},
		{file2, "get", v2.Path() + "/two/a", 200, ""},
		{file2, "get", v2.Path() + "/two/b", 301, ""},
		{namedFile, "get", filmsName.Path() + name, 200, ""},
		{namedFile, "get", filmsName.Path() + name, 206, "Range: bytes=5-"},
		{namedFile, "get", filmsName.Path() + name, 304, "If-None-Match: *"},
		{namedFile, "get", filmsName.Path() + "/two/b", 301, ""},
		{namedFile, "get", filmsName.Path() + "/two/?view=1", 302, ""},
		{namedFile, "get", noSaltName.Path() + name, 504, ""},
		{feedPath, "get", feedPath, 200, ""},
		{publicationsPath, "post", publicationsPath, 201, `{"path": "/a"}`},
		{publicationsPath, "post", publicationsPath, 422, `{"path": "/bad"}`},
		{publicationsPath, "get", publicationsPath, 200, ""},
		{publicationsPath, "delete", publicationsPath + "?path=%2Fa", 204, ""},
		{publicationsPath, "delete", publicationsPath + "?path=%2Fa", 404, ""},
		{cachePath, "get", cachePath, 200, ""},
		{cachePath, "delete", cachePath, 200, ""},
		{cachePath + "/torrents", "get", cachePath + "/torrents", 200, ""},
		{cached, "get", cachedOne, 200, ""},
		{cached, "delete", cachedOne, 204, ""},
		{cached, "delete", cachePath + "/torrents/x", 400, ""},
		{cached + "/pin", "put", cachedOne + "/pin", 204, ""},
		{cached, "delete", cachedOne, 409, ""},
		{cached + "/pin", "delete", cachedOne + "/pin", 204, ""},
		{cached + "/verify", "post", cachedOne + "/verify", 200, ""},
		{cached + "/prefetch", "post", cachedOne + "/prefetch", 202, `{"path": "b"}`},
		{cached + "/prefetch", "post", cachedOne + "/prefetch", 400, `{"paths": "b"}`},
		{cachePath + "/prefetches", "get", cachePath + "/prefetches", 200, ""},
		{cached + "/prefetch", "delete", cachedOne + "/prefetch", 204, ""},
		{"/api/v1/clients", "get", "/api/v1/clients", 200, ""},
		{"/openapi.json", "get", "/openapi.json", 200, ""},
		{"/-/admin.css", "get", "/-/admin.css", 200, ""},
		{"/-/admin.js", "get", "/-/admin.js", 200, ""},
		{"/livez", "get", "/livez", 200, ""},
		{"/readyz", "get", "/readyz", 200, ""},
		{"/metrics", "get", "/metrics", 200, ""},
		{"/authz", "get", "/authz/", 200, ""},
		{"/authz", "get", "/authz/btih/x", 403, ""},
		{torrent, "get", odd.Path() + "/", 200, "Accept: application/json"},
		{torrent, "get", hybrid.Path() + "/?format=json", 200, ""},
		{torrent, "get", linked.Path() + "/", 200, "Accept: application/json"},
		{directory, "get", linked.Path() + "/t/sub/", 200, "Accept: application/json"},
		{torrent, "get", "/btih/x/", 400, ""},
		{torrent, "get", unknown.Path() + "/", 504, ""},
		{torrent2, "get", v2.Path() + "/", 200, "Accept: application/json"},
		{torrent2, "get", "/btmh/x/", 400, ""},
		{directory, "get", odd.Path() + "/A%20%3Cb%3E%20&%20c/", 200, "Accept: application/json"},
		{directory, "get", odd.Path() + "/A%20%3Cb%3E%20&%20c/Season%202/", 200, "Accept: application/json"},
		{directory, "get", odd.Path() + "/none/", 404, ""},
		{directory2, "get", v2.Path() + "/two/b/", 200, "Accept: application/json"},
		{directory2, "get", v2.Path() + "/two/none/", 404, ""},
		{list, "get", list, 200, ""},
		{list, "post", list, 201, string(g.backend.torrents[odd].Encode())},
		{list, "post", list, 201, "magnet:?xt=urn:btih:" + odd.String() + "&tr=nonsense"},
		{list, "post", list, 422, "nonsense"},
		{one, "get", list + "/" + hybrid.String(), 200, ""},
		{one, "get", list + "/" + unknown.String(), 404, ""},
		{super, "put", list + "/" + hybrid.String() + "/superseed", 204, ""},
		{super, "put", list + "/" + unknown.String() + "/superseed", 404, ""},
		{super, "delete", list + "/" + hybrid.String() + "/superseed", 204, ""},
		{policy, "get", list + "/" + hybrid.String() + "/upload-policy", 200, ""},
		{policy, "patch", list + "/" + hybrid.String() + "/upload-policy", 200, full},
		{policy, "patch", list + "/" + hybrid.String() + "/upload-policy", 400, `{"seed_time": -1}`},
		{policy, "get", list + "/" + unknown.String() + "/upload-policy", 404, ""},
		{one, "get", list + "/" + hybrid.String(), 200, ""},
		{uploads, "get", uploads, 200, ""},
		{uploads, "put", uploads, 200, `{"stopped": true}`},
		{uploads, "put", uploads, 400, `{}`},
		{one, "delete", list + "/" + unknown.String(), 404, ""},
		{one, "delete", list + "/" + v2.String(), 204, ""},
	} {
		asked[row.method+" "+row.path] = true
		name := row.method + " " + row.url
		var a *answer
		switch {
		case row.path == openPath:
			a = g.putIn(t, "uri", "", []byte(odd.String()), ownPage)
		case row.method == "post" && row.path == list:
			kind := "application/x-bittorrent"
			if strings.HasPrefix(row.body, "magnet:") {
				kind = "text/plain"
			}
			a = admin.post(t, kind, []byte(row.body))
		case d.at(d.root, "paths", row.path)["servers"] != nil:
			a = admin.raw(t, fmt.Sprintf("%s %s HTTP/1.0\nHost: %s\nContent-Type: application/json\nContent-Length: %d\n\n%s",
				strings.ToUpper(row.method), row.url, admin.addr, len(row.body), row.body)) // not in chunks
		default:
			a = g.get(t, row.url, slices.DeleteFunc([]string{row.body}, func(line string) bool { return line == "" })...)
		}
		status, kind, body := a.status, a.get("Content-Type"), a.body
		if row.status == 201 && status == 200 {
			row.status = 200 // it was in use
		}
		schema, mediaType := d.response(row.path, row.method, status)
		if status != row.status {
			t.Errorf("%s: %d, not %d: %s", name, status, row.status, body)
			continue
		}
		if schema == nil && mediaType != "application/json" { // bytes, text, or nothing
			if mediaType == "" && kind != "" || mediaType != "*/*" && !strings.HasPrefix(kind, mediaType) {
				t.Errorf("%s: %d of type %q", name, status, kind)
			}
			continue
		}
		var v any
		if err := json.Unmarshal(body, &v); err != nil || schema == nil || !strings.HasPrefix(kind, mediaType) {
			t.Errorf("%s: %s, %v: %s", name, kind, err, body)
			continue
		}
		if err := d.check(name, schema, v); err != nil {
			t.Error(err)
		}
	}
	for path := range d.at(d.root, "paths") {
		for method := range d.at(d.root, "paths", path) {
			if method != "parameters" && method != "servers" && !asked[method+" "+path] {
				t.Errorf("%s %s is not checked", method, path)
			}
		}
	}
	d.unseen(t)
}

// unseen fails the test for each field of the document that no answer had.
func (d *apiDoc) unseen(t *testing.T) {
	t.Helper()
	for name := range d.at(d.root, "components", "schemas") {
		for field := range d.at(d.root, "components", "schemas", name, "properties") {
			if _, seen := d.seen.Load(name + "." + field); !seen {
				t.Errorf("%s.%s was in no answer", name, field)
			}
		}
	}
}

// metricsOfNothing stands for /metrics, which is not of this package.
var metricsOfNothing = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
})

// Every route of both servers is in the document, but for the profiles, which are net/http/pprof's.
func TestOpenAPIRoutes(t *testing.T) {
	d := openAPI(t)
	admin, err := NewAdmin(AdminConfig{Backend: newFakeBackend(), Metrics: metricsOfNothing, Cache: newFakeCache(metainfo.InfoHash{}), Profiles: true})
	if err != nil {
		t.Fatal(err)
	}
	has := func(method, path string) {
		t.Helper()
		if d.at(d.root, "paths", path, strings.ToLower(method)) == nil {
			t.Errorf("%s %s is not in the document", method, path)
		}
	}
	parameter := regexp.MustCompile(`:(\w+)`)
	engine, err := admin.routes()
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range engine.Routes() {
		if route.Method != http.MethodHead && !strings.HasPrefix(route.Path, "/debug/pprof/") { // HEAD goes with GET
			has(route.Method, parameter.ReplaceAllString(route.Path, "{$1}"))
		}
	}
	routes := serve(t, nil).engine.Routes()
	for _, route := range routes {
		if route.Method == http.MethodPost {
			has(route.Method, route.Path)
		}
		if route.Method != http.MethodGet { // HEAD and OPTIONS go with it
			continue
		}
		if file, ok := strings.CutSuffix(route.Path, "*file"); ok {
			has(route.Method, file+"{file}")
			continue
		}
		form, deeper := strings.CutSuffix(route.Path, "/*path")
		if !deeper {
			has(route.Method, route.Path)
			continue
		}
		for _, below := range []string{"", "/", "/{path}", "/{path}/"} {
			has(route.Method, form+"/{infohash}"+below)
		}
	}
	if len(routes) != 3*6+1 {
		t.Errorf("%d routes, each of which should take GET, HEAD and OPTIONS", len(routes))
	}
}
