package gateway

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/gateway/pages"
)

// Pages that run scripts are apart from content: they have a path or a query of their own, a policy
// under which only scripts with the nonce of the answer run, and no other site can frame or read
// them. The scripts are built from pages/app by pages/app/build.mjs, which packs them.

//go:embed pages/dist
var appFiles embed.FS

const (
	// appPath is below which the scripts of pages are.
	appPath = "/-/app/"
	// elementName is the script for pages of other sites: the same one, under a name that never changes.
	elementName = "btgw-player.js"
)

// cacheApp is the freshness of scripts, whose names change with their content. The element's
// name does not.
const (
	cacheApp     = "public, max-age=31536000, immutable"
	cacheElement = "public, max-age=3600"
)

// An appFile is a built file as it is sent.
type appFile struct {
	kind   string
	etag   string
	packed []byte                 // by gzip
	plain  func() ([]byte, error) // unpacked at the first call: nearly every client takes gzip
}

// app is the pages that run scripts, and the scripts. It is safe for concurrent use.
type app struct {
	files   map[string]*appFile
	script  string   // name of the script of all pages
	parts   []string // what it imports at once, by the paths from the root
	hosts   string   // sources of content on hosts of its own, for the policy; "" for none
	private headerSet
}

// newApp reads the built files. Content may be on hosts under subdomains.
func newApp(all headerSet, subdomains string) (*app, error) {
	a := &app{}
	for _, line := range all {
		if !strings.HasPrefix(line.name, "Access-Control-") && line.name != "Cross-Origin-Resource-Policy" {
			a.private = append(a.private, line)
		}
	}
	a.private = append(a.private, newHeaderSet("Cross-Origin-Resource-Policy", "same-origin")...)
	if subdomains != "" {
		a.hosts = " *." + subdomains + ":*"
	}
	var err error
	if a.files, err = builtFiles(); err != nil {
		return nil, err
	}
	for name := range a.files {
		if isScript(name) {
			a.script = name
		}
	}
	if a.script == "" {
		return nil, fmt.Errorf("gateway: the scripts of the pages are not built")
	}
	script, err := a.files[a.script].plain()
	if err != nil {
		return nil, err
	}
	for _, part := range staticImport.FindAllSubmatch(script, -1) {
		a.parts = append(a.parts, appPath[1:]+string(part[1]))
	}
	return a, nil
}

// builtFiles are the built files by name, which all servers of a process share: nobody writes to them.
var builtFiles = sync.OnceValues(func() (map[string]*appFile, error) {
	const dir = "pages/dist"
	entries, err := fs.ReadDir(appFiles, dir)
	if err != nil {
		return nil, err
	}
	files := make(map[string]*appFile, len(entries))
	for _, e := range entries {
		data, err := appFiles.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(e.Name(), ".gz")
		files[name] = newAppFile(name, data)
		if isScript(name) {
			files[elementName] = files[name]
		}
	}
	return files, nil
})

// isScript reports whether a built file is the script of all pages, whose other parts it loads.
func isScript(name string) bool {
	return strings.HasPrefix(name, "app-") && strings.HasSuffix(name, ".js")
}

// staticImport matches the name of a part that a built script imports.
var staticImport = regexp.MustCompile(`from"\./([\w-]+\.js)"`)

func newAppFile(name string, packed []byte) *appFile {
	sum := sha256.Sum256(packed)
	f := &appFile{kind: "text/javascript; charset=utf-8", etag: `"` + hex.EncodeToString(sum[:12]) + `"`, packed: packed}
	if strings.HasSuffix(name, ".svg") {
		f.kind = "image/svg+xml"
	}
	f.plain = sync.OnceValues(func() ([]byte, error) {
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, fmt.Errorf("gateway: %s: %w", name, err)
		}
		return io.ReadAll(r)
	})
	return f
}

// appFile answers with a built file. Pages of other sites may load them: the element is for these.
func (s *Server) appFile(c *gin.Context) {
	name := strings.TrimPrefix(c.Param("file"), "/")
	f := s.app.files[name]
	if f == nil {
		s.problem(c, noSuchPage())
		return
	}
	h := c.Writer.Header()
	h["Vary"] = []string{"Accept-Encoding"}
	h["Etag"] = []string{f.etag}
	h["Cache-Control"] = []string{cacheApp}
	if name == elementName {
		h["Cache-Control"] = []string{cacheElement}
	}
	if s.preconditions(c, f.etag) {
		return
	}
	if acceptsGzip(c.Request.Header) {
		h["Content-Encoding"] = []string{"gzip"}
		s.bytes(c, http.StatusOK, f.kind, f.packed)
		return
	}
	body, err := f.plain()
	if err != nil { // only of a build that is broken
		s.log.Error("page", "error", err)
		s.problem(c, internalError())
		return
	}
	s.bytes(c, http.StatusOK, f.kind, body)
}

// acceptsGzip reports whether a client takes gzip.
func acceptsGzip(h http.Header) bool {
	for item := range strings.SplitSeq(strings.Join(h["Accept-Encoding"], ","), ",") {
		coding, params, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			return quality(params) > 0
		}
	}
	return false
}

// showApp answers with a page that runs scripts. No other site may frame it, read it or hold its window.
func (s *Server) showApp(c *gin.Context, page pages.App) {
	page.Nonce, page.Script = rand.Text(), appPath[1:]+s.app.script
	page.Parts = s.app.parts
	page.Upload, page.Hidden = s.uploads, s.hideCacheState
	responseOf(c).common = s.app.private
	h := c.Writer.Header()
	h["Content-Security-Policy"] = []string{s.app.policy(page.Nonce)}
	h["Cross-Origin-Opener-Policy"] = []string{"same-origin"}
	h["Referrer-Policy"] = []string{"same-origin"} // a POST says where it comes from
	h["Vary"] = []string{varyNavigation}
	s.text(c, cacheNone, "text/html; charset=utf-8", page.HTML())
}

// policy is the Content-Security-Policy of a page. WebAssembly is for decoders of sound; styles are
// those of the controls' shadow trees.
func (a *app) policy(nonce string) string {
	return "default-src 'none'; script-src 'nonce-" + nonce + "' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; " +
		"img-src 'self' data: blob:" + a.hosts + "; media-src 'self' blob:" + a.hosts + "; connect-src 'self'" + a.hosts + "; worker-src blob:; " +
		"manifest-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// varyNavigation are the headers by which navigates decides.
const varyNavigation = "Accept, Sec-Fetch-Dest, Upgrade-Insecure-Requests"

// navigates reports whether a request is that of a browser for what a person is to see: a page of its
// own, not a part of one or a program's. Without TLS browsers leave Sec-Fetch-Dest out, but to this machine.
func navigates(h http.Header) bool {
	if !wantsHTML(h) {
		return false
	}
	if dest := h["Sec-Fetch-Dest"]; dest != nil {
		return dest[0] == "document"
	}
	return h.Get("Upgrade-Insecure-Requests") == "1"
}

// sameOrigin reports whether a request is of a page of this server, or of no page. Other sites can send
// requests, and must not start anything by them that is more than a read.
func sameOrigin(r *http.Request) bool {
	if site := r.Header["Sec-Fetch-Site"]; site != nil {
		return site[0] == "same-origin" || site[0] == "none"
	}
	origin := r.Header["Origin"]
	if origin == nil {
		return true // of a program, or of a browser that reads a page of its own
	}
	_, host, ok := strings.Cut(origin[0], "://")
	return ok && strings.EqualFold(host, r.Host)
}

func otherSite() *problem {
	return &problem{status: http.StatusForbidden, slug: "cross-origin", title: "Cross-origin request",
		detail: "This is for pages of this server alone, and the request comes from a page of another site."}
}

// noSite is otherSite for a program that does not say from which site it asks.
func noSite() *problem {
	p := otherSite()
	p.detail = "This takes the form of a page of this server. A program sends this server's address as Origin, or hands a .torrent to the admin listener: POST /api/v1/torrents."
	return p
}
