package gateway

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/publish"
)

// fakePublications publish every path as the same torrent, but for those that begin with /none and /bad.
type fakePublications struct {
	torrent *metainfo.Torrent

	mu   sync.Mutex
	list []publish.Publication
}

func (f *fakePublications) Add(_ context.Context, path string) (publish.Publication, error) {
	switch {
	case strings.HasPrefix(path, "/none"):
		return publish.Publication{}, &fs.PathError{Op: "stat", Path: path, Err: fs.ErrNotExist}
	case strings.HasPrefix(path, "/bad"):
		return publish.Publication{}, errors.New("it changed while it was hashed")
	case strings.HasPrefix(path, "/many"):
		return publish.Publication{}, publish.ErrTooMany
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	pub := publish.Publication{Path: path, Torrent: f.torrent, State: publish.StateServed, Since: time.Unix(1e9, 0)}
	f.list = append(f.list, pub)
	return pub, nil
}

func (f *fakePublications) Remove(path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, pub := range f.list {
		if pub.Path == path {
			f.list = append(f.list[:i], f.list[i+1:]...)
			return nil
		}
	}
	return publish.ErrNotPublished
}

func (f *fakePublications) List() []publish.Publication {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]publish.Publication(nil), f.list...)
}

// ask is a request with a body to the admin server.
func (g *gatewayTest) ask(t *testing.T, method, path, body string) *answer {
	t.Helper()
	return g.raw(t, fmt.Sprintf("%s %s HTTP/1.0\nHost: %s\nContent-Type: application/json\nContent-Length: %d\n\n%s", method, path, g.addr, len(body), body))
}

// What is published is published by the API, told of, and ended.
func TestPublications(t *testing.T) {
	g := serve(t, nil)
	hash := g.backend.add(t, "x", metainfo.V1, map[string][]byte{"": random(1, 50)})
	f := &fakePublications{torrent: g.backend.torrents[hash].Torrent}
	var now Publications
	admin := serveAdmin(t, func(cfg *AdminConfig) { cfg.Backend, cfg.Publications = g.backend, func() Publications { return now } })
	if a := admin.ask(t, "GET", publicationsPath, ""); a.status != 503 {
		t.Errorf("before there is a publisher: %d", a.status)
	}
	now = f
	for _, c := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", publicationsPath, "", 200, `{"publications":[]}`},
		{"POST", publicationsPath, `{"path": "/a/b"}`, 201, `"infohash":"` + hash.String() + `","href":"` + hash.Path() + `/","size":50,"state":"served"`},
		{"GET", publicationsPath, "", 200, `"path":"/a/b"`},
		{"POST", publicationsPath, `{"path": "a/b"}`, 400, "absolute"},
		{"POST", publicationsPath, `{"path": 5}`, 400, "absolute"},
		{"POST", publicationsPath, `{"path": "/` + strings.Repeat("x", maxPublishBody) + `"}`, 400, "absolute"},
		{"POST", publicationsPath, `{"path": "/none"}`, 404, "no-such-path"},
		{"POST", publicationsPath, `{"path": "/bad"}`, 422, "changed while"},
		{"POST", publicationsPath, `{"path": "/many"}`, 503, "busy"},
		{"DELETE", publicationsPath + "?path=%2Fa", "", 404, "no-such-path"},
		{"DELETE", publicationsPath, "", 404, "no-such-path"},
		{"DELETE", publicationsPath + "?path=%2Fa%2Fb", "", 204, ""},
		{"GET", publicationsPath, "", 200, `{"publications":[]}`},
	} {
		if a := admin.ask(t, c.method, c.path, c.body); a.status != c.status || !bytes.Contains(a.body, []byte(c.says)) {
			t.Errorf("%s %s %.50s: %d %s", c.method, c.path, c.body, a.status, a.body)
		}
	}
}

// The feed has what is published, the newest first, with links that hold and names that are only text.
func TestFeed(t *testing.T) {
	var entries []FeedEntry
	name := filepath.Join(t.TempDir(), "list")
	g := serve(t, func(cfg *Config) {
		b := newFakeBackend()
		cfg.Backend = b
		denied := b.add(t, "denied", metainfo.V1, map[string][]byte{"": random(3, 7)})
		for i, hash := range []metainfo.InfoHash{b.add(t, "<b>&\"new\".mkv", metainfo.V1, map[string][]byte{"": random(1, 50)}), denied, b.add(t, "old", metainfo.Hybrid, map[string][]byte{"a": random(2, 9)})} {
			info := b.torrents[hash].Info
			entries = append(entries, FeedEntry{Info: info, Since: time.Unix(1e9-int64(i)*100, 0), Magnet: "magnet:?xt=" + hash.URN() + "&dn=a"})
		}
		if err := os.WriteFile(name, []byte(denied.Path()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		var err error
		if cfg.Denylist, err = OpenDenylist(name); err != nil {
			t.Fatal(err)
		}
		cfg.Published = func() []FeedEntry { return entries }
	})
	a := g.get(t, feedPath)
	var doc struct {
		XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
		Updated time.Time `xml:"updated"`
		Entry   []struct {
			Title string `xml:"title"`
			ID    string `xml:"id"`
			Link  []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Torrent struct {
				InfoHash      string `xml:"infoHash"`
				ContentLength int64  `xml:"contentLength"`
				MagnetURI     string `xml:"magnetURI"`
				FileName      string `xml:"fileName"`
			} `xml:"http://xmlns.ezrss.it/0.1/ torrent"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(a.body, &doc); err != nil || a.status != 200 || a.get("Content-Type") != "application/atom+xml; charset=utf-8" || a.get("Cache-Control") != "public, max-age=60" {
		t.Fatalf("%v: %d %v\n%s", err, a.status, a.header, a.body)
	}
	if len(doc.Entry) != 2 || doc.Entry[0].Title != "<b>&\"new\".mkv" || doc.Entry[1].Title != "old" {
		t.Fatalf("%+v", doc)
	}
	first := doc.Entry[0]
	info := entries[0].Info
	if tor := first.Torrent; tor.InfoHash != info.ID().String() || tor.ContentLength != 50 || tor.MagnetURI != entries[0].Magnet || tor.FileName != first.Title || first.ID != info.ID().URN() {
		t.Errorf("%+v", first)
	}
	for _, link := range first.Link {
		u, err := url.Parse(link.Href)
		if err != nil || u.Host != g.addr {
			t.Errorf("%s: %v", link.Href, err)
			continue
		}
		if a := g.get(t, u.RequestURI()); a.status != http.StatusOK {
			t.Errorf("%s: %d", link.Href, a.status)
		}
	}
	if a := g.get(t, feedPath, "If-None-Match: "+a.get("Etag")); a.status != 304 {
		t.Errorf("%d of what is known", a.status)
	}
	if a := serve(t, nil).get(t, feedPath); a.status != 404 {
		t.Errorf("%d without publications", a.status)
	}
	locked, _ := signing(t, func(cfg *Config) { cfg.Published = func() []FeedEntry { return entries } })
	if a := locked.get(t, feedPath); a.status != 403 || bytes.Contains(a.body, []byte("magnet:")) {
		t.Errorf("%d where links are signed", a.status)
	}
}
