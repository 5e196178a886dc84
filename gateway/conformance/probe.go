package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A probe is a gateway and what of a torrent it is asked for.
type probe struct {
	ctx context.Context
	dialer
	hash string // path of the torrent, as "/btih/0123…"; "" where none was named

	infohash metainfo.InfoHash // its infohash
	name     string            // as these in Config
	denied   []string
	dying    string
	pause    time.Duration
	front    bool

	http2Once  sync.Once
	http2There bool

	hrefs []string // paths of all files

	file   string // path of the file that ranges are taken of
	kind   string // its media type in the listing; "" if that has none
	data   []byte // its content
	etag   string
	empty  string // path of an empty file; "" if there is none
	html   string // path of an HTML document
	odd    string // path of a file whose name needs escapes
	spaced string // and of one that has a blank
	dir    string // path of a directory, with its slash
	large  string // path of a file that no buffer holds
	root   struct {
		name  string
		size  int64
		files int
	}
}

// entry is one file in a listing (docs/http.md, "JSON").
type entry struct {
	Path []string `json:"path"`
	Size int64    `json:"size"`
	Href string   `json:"href"`
	Type string   `json:"type"`
}

// discover learns from the listing what there is, and fetches one file.
func (p *probe) discover(query string) error {
	a, err := p.get(p.hash + "/?" + query)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("status %d: %.300s", a.status, a.body)
	}
	if err != nil {
		return fmt.Errorf("the listing: %w", err)
	}
	var listing struct {
		Name  string  `json:"name"`
		Size  int64   `json:"size"`
		Files []entry `json:"files"`
	}
	if err := json.Unmarshal(a.body[:min(len(a.body), maxJSON)], &listing); err != nil {
		return fmt.Errorf("the listing: %w", err)
	}
	p.root.name, p.root.size, p.root.files = listing.Name, listing.Size, len(listing.Files)
	var best *entry
	for i := range listing.Files {
		f := &listing.Files[i]
		href, ok := strings.CutPrefix(f.Href, p.prefix)
		if !ok {
			return fmt.Errorf("the listing: href %q is not below %s", f.Href, p.prefix)
		}
		f.Href = href
		p.hrefs = append(p.hrefs, f.Href)
		p.note(f)
		if f.Size >= minFile && f.Size <= maxFile && (best == nil || f.Size < best.Size) {
			best = f
		}
	}
	if best == nil {
		return fmt.Errorf("the torrent has no file of %d bytes to %d bytes", minFile, int64(maxFile))
	}
	return p.fetch(best)
}

// note keeps what rules need of a file.
func (p *probe) note(f *entry) {
	segments := strings.Split(strings.TrimPrefix(f.Href, p.hash+"/"), "/")
	if p.dir == "" && len(segments) > 1 {
		p.dir = p.hash + "/" + strings.Join(segments[:len(segments)-1], "/") + "/"
	}
	if p.empty == "" && f.Size == 0 {
		p.empty = f.Href
	}
	if p.large == "" && f.Size >= largeFile && f.Size <= maxFile {
		p.large = f.Href
	}
	if p.html == "" && f.Size > 0 && strings.HasSuffix(strings.ToLower(f.Href), ".html") {
		p.html = f.Href
	}
	if p.spaced == "" && f.Size > 0 && strings.Contains(f.Href, "%20") {
		p.spaced = f.Href
	}
	if p.odd == "" && f.Size > 0 && strings.Contains(f.Href, "%") {
		p.odd = f.Href
	}
}

// fetch gets the content that all bodies are compared with.
func (p *probe) fetch(f *entry) error {
	a, err := p.get(f.Href)
	if err == nil && (a.status != http.StatusOK || int64(len(a.body)) != f.Size) {
		err = fmt.Errorf("status %d, %d bytes of %d", a.status, len(a.body), f.Size)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.Href, err)
	}
	p.file, p.kind, p.data, p.etag = f.Href, f.Type, a.body, a.get("Etag")
	return nil
}

// size is the length of the file.
func (p *probe) size() int { return len(p.data) }

// get sends a GET with header lines.
func (p *probe) get(path string, lines ...string) (*answer, error) {
	return p.do(http.MethodGet, path, lines...)
}

func (p *probe) do(method, path string, lines ...string) (*answer, error) {
	return p.one(request{method: method, path: path, lines: lines})
}

func (p *probe) one(r request) (*answer, error) {
	answers, err := p.exchange(p.ctx, r)
	if err != nil {
		return nil, err
	}
	return answers[0], nil
}

// singleFile reports whether the torrent is one file, which has the torrent's name.
func (p *probe) singleFile() bool {
	return p.root.files == 1 && !strings.Contains(strings.TrimPrefix(p.file, p.hash+"/"), "/")
}

// wants checks a status and header values, given as pairs; "" is an absent one.
func (a *answer) wants(status int, header ...string) error {
	if a.status != status {
		return fmt.Errorf("status %d, not %d", a.status, status)
	}
	for i := 0; i < len(header); i += 2 {
		if got := a.get(header[i]); got != header[i+1] {
			return fmt.Errorf("%s: %q, not %q", header[i], got, header[i+1])
		}
	}
	return nil
}

// bytes checks the body.
func (a *answer) bytes(want []byte) error {
	if !bytes.Equal(a.body, want) {
		return fmt.Errorf("the body is %d bytes that differ from the %d wanted", len(a.body), len(want))
	}
	return nil
}

// has checks that a header is a list with each of some items.
func (a *answer) has(name string, items ...string) error {
	list := make(map[string]bool)
	for _, line := range a.header.Values(name) {
		for item := range strings.SplitSeq(line, ",") {
			list[strings.ToLower(strings.TrimSpace(item))] = true
		}
	}
	for _, item := range items {
		if !list[strings.ToLower(item)] {
			return fmt.Errorf("%s: %q lacks %q", name, a.get(name), item)
		}
	}
	return nil
}

// infohashOf is that of a torrent's path.
func infohashOf(path string) (metainfo.InfoHash, error) {
	if text, ok := strings.CutPrefix(path, "/btmh/"); ok {
		return metainfo.ParseMultihash(text)
	}
	text, ok := strings.CutPrefix(path, "/btih/")
	if !ok {
		return metainfo.InfoHash{}, errors.New("it begins with neither /btih/ nor /btmh/")
	}
	return metainfo.ParseInfoHash(text)
}

// target parses the gateway's URL.
func target(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the URL of a gateway is http://host:port or https://host:port, and the path that it is below")
	}
	return u, nil
}
