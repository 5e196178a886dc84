package conformance

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

func listingRules() []Rule {
	const section = "http.md directories"
	list := func(id, source, what, query string, check func(*probe, *answer) error, lines ...string) Rule {
		return Rule{ID: id, Source: source, What: what, check: func(p *probe) error {
			a, err := p.get(p.hash+"/"+query, lines...)
			return first(err, func() error { return errors.Join(a.wants(200), check(p, a)) })
		}}
	}
	return []Rule{
		list("list-json", section, "?format=json is JSON with the files", "?format=json", func(p *probe, a *answer) error {
			var doc struct {
				Name  string            `json:"name"`
				Files []json.RawMessage `json:"files"`
			}
			if err := json.Unmarshal(a.body, &doc); err != nil || doc.Name == "" || len(doc.Files) != p.root.files {
				return fmt.Errorf("%v: %.100s", err, a.body)
			}
			return a.wants(200, "Content-Type", "application/json")
		}),
		list("list-json-accept", section, "JSON for who names it", "", func(_ *probe, a *answer) error {
			return a.wants(200, "Content-Type", "application/json")
		}, "Accept: application/json, */*"),
		list("list-html-any", section, "a page for who takes anything", "", func(_ *probe, a *answer) error {
			return a.wants(200, "Content-Type", "text/html; charset=utf-8")
		}, "Accept: */*"),
		list("list-html-default", section, "a page for who says nothing", "", func(_ *probe, a *answer) error {
			return a.wants(200, "Content-Type", "text/html; charset=utf-8")
		}),
		list("list-text-curl", section, "text for curl at a terminal", "", func(_ *probe, a *answer) error {
			return errors.Join(a.has("Vary", "Accept", "User-Agent"), a.wants(200, "Content-Type", "text/plain; charset=utf-8"))
		}, "Accept: */*", "User-Agent: curl/8.5.0"),
		list("list-json-curl", section, "but JSON for curl that names it", "", func(_ *probe, a *answer) error {
			return a.wants(200, "Content-Type", "application/json")
		}, "Accept: application/json", "User-Agent: curl/8.5.0"),
		list("list-crawl", section, "the links of the page lead to files, directories and up, and nowhere else", "", func(p *probe, a *answer) error {
			for _, link := range p.links(a) {
				if !slices.Contains(p.hrefs, link) && !strings.HasSuffix(link, "/") || !strings.HasPrefix(link, p.hash+"/") {
					return fmt.Errorf("a link to %s", link)
				}
			}
			return nil
		}),
		list("list-crawl-first", section, "the first of them leads into the torrent", "", func(p *probe, a *answer) error {
			if links := p.links(a); len(links) == 0 || !strings.HasPrefix(p.file, links[0]) && !slices.Contains(p.hrefs, links[0]) {
				return fmt.Errorf("%q", links)
			}
			return nil
		}),
		{ID: "list-crawl-kept", Source: section, What: "?format=html is kept at the next directory", needs: directory, check: func(p *probe) error {
			a, err := p.get(p.hash + "/?format=html")
			return first(err, func() error {
				for _, link := range rawLinks(a) {
					if path, query, _ := strings.Cut(link, "?"); strings.HasSuffix(path, "/") && query != "format=html" {
						return fmt.Errorf("a link to %s", link)
					}
				}
				return nil
			})
		}},
		{ID: "list-relative", Source: section, What: "links of pages are relative, so that they hold below any prefix", needs: directory, check: func(p *probe) error {
			for _, path := range []string{p.hash + "/", p.dir} {
				a, err := p.get(path)
				if err != nil {
					return err
				}
				for _, link := range rawLinks(a) {
					if strings.HasPrefix(link, "/") || strings.Contains(link, "//") {
						return fmt.Errorf("a link to %s", link)
					}
				}
			}
			return nil
		}},
		list("list-html", section, "a page for a browser", "", func(_ *probe, a *answer) error {
			return a.wants(200, "Content-Type", "text/html; charset=utf-8")
		}, "Accept: text/html,application/xhtml+xml,*/*;q=0.8"),
		list("list-vary", "RFC 9110 12.5.5", "where Accept decided there are Vary and Content-Location", "", func(p *probe, a *answer) error {
			return errors.Join(a.has("Vary", "Accept"), a.wants(200, "Content-Location", p.hash+"/?format=html"))
		}, "Accept: text/html"),
		list("list-format-wins", section, "?format= wins over Accept", "?format=json", func(_ *probe, a *answer) error {
			return a.wants(200, "Content-Type", "application/json", "Vary", "")
		}, "Accept: text/html"),
		list("list-links", section, "the page links to every file, by the path that is in the JSON", "?format=html", func(p *probe, a *answer) error {
			links := p.links(a)
			for _, href := range p.hrefs {
				if !slices.Contains(links, href) {
					return fmt.Errorf("no link to %s", href)
				}
			}
			return nil
		}),
		{ID: "list-crumbs", Source: section, What: "the page of a directory leads back to the torrent", needs: directory, check: func(p *probe) error {
			a, err := p.get(p.dir + "?format=html")
			return first(err, func() error {
				if !slices.Contains(p.links(a), p.hash+"/") {
					return errors.New("it has no such link")
				}
				return a.wants(200)
			})
		}},
		list("list-length", "http.md freshness", "a listing has a length", "?format=html", func(_ *probe, a *answer) error {
			return a.wants(200, "Content-Length", fmt.Sprint(len(a.body)), "Transfer-Encoding", "")
		}),
		list("list-fresh", "http.md freshness", "listings are fresh for a week", "?format=json", func(_ *probe, a *answer) error {
			return a.has("Cache-Control", "public", "max-age=604800", "stale-while-revalidate=2678400")
		}),
		list("list-quiet", "http.md hostile content", "a page runs no script and loads nothing", "?format=html", func(_ *probe, a *answer) error {
			page := strings.ToLower(string(a.body))
			for _, bad := range []string{"<script", "<link", "<img", "<iframe", "@import", "url("} {
				if strings.Contains(page, bad) {
					return fmt.Errorf("the page has %s", bad)
				}
			}
			if csp := a.get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
				return fmt.Errorf("Content-Security-Policy %q", csp)
			}
			return nil
		}),
		list("list-head", "RFC 9110 9.3.2", "HEAD of a listing has its length", "?format=json", func(p *probe, a *answer) error {
			head, err := p.do(http.MethodHead, p.hash+"/?format=json")
			return first(err, func() error { return head.wants(200, "Content-Length", fmt.Sprint(len(a.body))) })
		}),
		list("list-etag", "http.md freshness", "a listing has an ETag, and 304 by it", "?format=json", func(p *probe, a *answer) error {
			if a.get("Etag") == "" {
				return errors.New("no ETag")
			}
			again, err := p.get(p.hash+"/?format=json", "If-None-Match: "+a.get("Etag"))
			return first(err, func() error { return again.wants(304, "Etag", a.get("Etag")) })
		}),
		list("list-ifmatch", "RFC 9110 13.1.1", "If-Match with another tag is 412", "?format=json", func(p *probe, a *answer) error {
			other, err := p.get(p.hash+"/?format=json", `If-Match: "x"`)
			same, err2 := p.get(p.hash+"/?format=json", "If-Match: "+a.get("Etag"))
			return first(errors.Join(err, err2), func() error { return errors.Join(other.wants(412), same.wants(200)) })
		}),
		list("list-range", "http.md ranges", "a listing has ranges, and 416 past its end", "?format=json", func(p *probe, a *answer) error {
			n := len(a.body)
			part, err := p.get(p.hash+"/?format=json", "Range: bytes=2-", "If-Range: "+a.get("Etag"))
			past, err2 := p.get(p.hash+"/?format=json", fmt.Sprintf("Range: bytes=%d-", n))
			return first(errors.Join(err, err2), func() error {
				return errors.Join(a.wants(200, "Accept-Ranges", "bytes"), part.wants(206, "Content-Range", fmt.Sprintf("bytes 2-%d/%d", n-1, n), "Etag", a.get("Etag")),
					part.bytes(a.body[2:]), past.wants(416, "Content-Range", fmt.Sprintf("bytes */%d", n)))
			})
		}),
		list("list-etag-forms", "RFC 9110 8.8.3.3", "forms of a listing have ETags of their own", "?format=json", func(p *probe, a *answer) error {
			page, err := p.get(p.hash + "/?format=html")
			return first(err, func() error {
				if page.get("Etag") == a.get("Etag") {
					return fmt.Errorf("both have %s", a.get("Etag"))
				}
				return nil
			})
		}),
		{ID: "list-directory", Source: section, What: "a directory has a listing of its own", needs: directory, check: func(p *probe) error {
			a, err := p.get(p.dir + "?format=json")
			return first(err, func() error {
				var doc struct {
					Href    string            `json:"href"`
					Entries []json.RawMessage `json:"entries"`
				}
				if err := json.Unmarshal(a.body, &doc); err != nil || doc.Href != p.prefix+p.dir || len(doc.Entries) == 0 {
					return fmt.Errorf("%v: %.100s", err, a.body)
				}
				return a.wants(200)
			})
		}},
		list("list-m3u8", section, "?format=m3u8 is a playlist", "?format=m3u8", func(_ *probe, a *answer) error {
			if !strings.HasPrefix(string(a.body), "#EXTM3U\n") {
				return fmt.Errorf("it begins %.20q", a.body)
			}
			return a.wants(200, "Content-Type", "application/vnd.apple.mpegurl", "Content-Length", fmt.Sprint(len(a.body)))
		}),
		list("list-m3u8-absolute", section, "its URLs are absolute, and of this gateway", "?format=m3u8", func(p *probe, a *answer) error {
			for line := range strings.Lines(string(a.body)) {
				if below := p.url.Scheme + "://" + p.url.Host + p.prefix + p.hash + "/"; !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, below) {
					return fmt.Errorf("%.100q is not under %s", line, below)
				}
			}
			return nil
		}),
		list("list-m3u8-etag", "http.md freshness", "it has a strong ETag of its own, and 304 by it", "?format=m3u8", func(p *probe, a *answer) error {
			page, err := p.get(p.hash + "/?format=json")
			if err != nil {
				return err
			}
			if tag := a.get("Etag"); !strings.HasPrefix(tag, `"`) || tag == page.get("Etag") || tag == p.etag {
				return fmt.Errorf("ETag %q", tag)
			}
			again, err := p.get(p.hash+"/?format=m3u8", "If-None-Match: "+a.get("Etag"))
			return first(err, func() error { return again.wants(304, "Etag", a.get("Etag")) })
		}),
		list("list-m3u8-stranger", "RFC 7239 8.1", "a stranger's X-Forwarded lines do not change its URLs", "?format=m3u8", func(p *probe, a *answer) error {
			forged, err := p.get(p.hash+"/?format=m3u8", "X-Forwarded-Host: attacker.example", "X-Forwarded-Proto: gopher", "X-Forwarded-For: 192.0.2.1", "Forwarded: host=attacker.example")
			return first(err, func() error { return errors.Join(forged.wants(200), forged.bytes(a.body)) })
		}),
		list("list-natural", section, "file 2 comes before file 10", "?format=json", func(_ *probe, a *answer) error {
			var doc struct {
				Files []entry `json:"files"`
			}
			if err := json.Unmarshal(a.body, &doc); err != nil {
				return err
			}
			for i := 1; i < len(doc.Files); i++ {
				if x, y := doc.Files[i-1].Path, doc.Files[i].Path; numbered(x, y) {
					return fmt.Errorf("%q comes before %q", x, y)
				}
			}
			return nil
		}),
		{ID: "list-torrent", Source: section, What: "?format=torrent is the torrent; 503 while piece layers of v2 are unknown, 422 where nobody sends them", check: func(p *probe) error {
			a, err := p.get(p.hash + "/?format=torrent")
			if err != nil {
				return err
			}
			if a.status == http.StatusServiceUnavailable && a.get("Retry-After") != "" && strings.Contains(string(a.body), "layers-unknown") {
				return nil
			}
			if a.status == http.StatusUnprocessableEntity && strings.Contains(string(a.body), "needs-upload") {
				return nil
			}
			t, err := metainfo.ParseTorrent(a.body)
			if err != nil {
				return err
			}
			for _, hash := range t.Info.Hashes() {
				if hash.Path() == p.hash {
					return a.wants(200, "Content-Type", "application/x-bittorrent")
				}
			}
			return fmt.Errorf("its infohash is %v", t.Info.ID())
		}},
	}
}

// numbered reports whether two paths differ in one number alone, and the first has the
// larger.
func numbered(a, b []string) bool {
	x, y := strings.Join(a, "/"), strings.Join(b, "/")
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	at := 0
	for at < min(len(x), len(y)) && x[at] == y[at] {
		at++
	}
	for at > 0 && digit(x[at-1]) {
		at--
	}
	number := func(s string) (n int, rest string) {
		end := at
		for end < len(s) && digit(s[end]) {
			end++
		}
		n, err := strconv.Atoi(s[at:end])
		if err != nil {
			return -1, s
		}
		return n, s[end:]
	}
	n, restX := number(x)
	m, restY := number(y)
	return restX == restY && n >= 0 && m >= 0 && n > m
}

// archiveRules read the tar file only where the whole torrent is small: elsewhere
// they would fetch all of it.
func archiveRules() []Rule {
	const section = "http.md directories"
	path := func(p *probe) string { return p.hash + "/?format=tar" }
	small := func(p *probe) bool { return torrent(p) && p.root.size <= maxFile }
	length := func(p *probe) (int64, string, error) {
		a, err := p.do(http.MethodHead, path(p))
		if err := first(err, func() error { return a.wants(200, "Accept-Ranges", "bytes", "Content-Type", "application/x-tar") }); err != nil {
			return 0, "", err
		}
		n, err := strconv.ParseInt(a.get("Content-Length"), 10, 64)
		return n, a.get("Etag"), err
	}
	return []Rule{
		{ID: "tar-head", Source: section, What: "HEAD of ?format=tar has the length, and costs no piece", check: func(p *probe) error {
			n, _, err := length(p)
			if err == nil && (n < p.root.size+1024 || n%512 != 0) {
				err = fmt.Errorf("Content-Length %d of %d bytes of files", n, p.root.size)
			}
			return err
		}},
		{ID: "tar-etag", Source: section, What: "it has a strong ETag of its own", check: func(p *probe) error {
			_, etag, err := length(p)
			if err == nil && (!strings.HasPrefix(etag, `"`) || etag == p.etag) {
				err = fmt.Errorf("ETag %s", etag)
			}
			return err
		}},
		{ID: "tar-end", Source: section, What: "a range of its end is zeros", check: func(p *probe) error {
			n, etag, err := length(p)
			if err != nil {
				return err
			}
			a, err := p.get(path(p), "Range: bytes=-1024", "If-Range: "+etag)
			return first(err, func() error {
				return errors.Join(a.wants(206, "Content-Range", fmt.Sprintf("bytes %d-%d/%d", n-1024, n-1, n)), a.bytes(make([]byte, 1024)))
			})
		}},
		{ID: "tar-past-end", Source: section, What: "a range past its end is 416", check: func(p *probe) error {
			n, _, err := length(p)
			if err != nil {
				return err
			}
			a, err := p.get(path(p), fmt.Sprintf("Range: bytes=%d-", n))
			return first(err, func() error { return a.wants(416, "Content-Range", fmt.Sprintf("bytes */%d", n)) })
		}},
		{ID: "tar-content", Source: section, What: "it holds every file", needs: small, check: func(p *probe) error {
			a, err := p.get(path(p))
			if err := first(err, func() error { return a.wants(200) }); err != nil {
				return err
			}
			files, found := 0, false
			for r := tar.NewReader(bytes.NewReader(a.body)); ; files++ {
				h, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					return err
				}
				if h.Size == int64(p.size()) && !found {
					body, err := io.ReadAll(r)
					found = err == nil && bytes.Equal(body, p.data)
				}
			}
			if files != p.root.files || !found {
				return fmt.Errorf("%d files of %d; ours is in it: %t", files, p.root.files, found)
			}
			return nil
		}},
		{ID: "tar-range", Source: section, What: "a range across files is what the whole has there", needs: small, check: func(p *probe) error {
			whole, err := p.get(path(p))
			if err := first(err, func() error { return whole.wants(200) }); err != nil {
				return err
			}
			from, to := 100, len(whole.body)-600
			if to <= from {
				return fmt.Errorf("an archive of %d bytes", len(whole.body))
			}
			a, err := p.get(path(p), fmt.Sprintf("Range: bytes=%d-%d", from, to-1))
			return first(err, func() error {
				return errors.Join(a.wants(206, "Etag", whole.get("Etag")), a.bytes(whole.body[from:to]))
			})
		}},
	}
}
