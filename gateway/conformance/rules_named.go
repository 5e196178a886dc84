package conformance

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// named reports whether a name that stands for the torrent was told.
func named(p *probe) bool { return torrent(p) && p.name != "" }

// byName is the path of something in the torrent under its name.
func (p *probe) byName(path string) string { return p.name + strings.TrimPrefix(path, p.hash) }

// ofName checks what every answer of content under a name has: it is kept for a minute, and says which URL is forever.
func (p *probe) ofName(a *answer, own string) error {
	canonical := "<" + p.prefix + own + `>; rel="canonical"`
	for _, link := range a.header.Values("Link") {
		if link == canonical {
			return a.wants(a.status, "Cache-Control", "public, max-age=60")
		}
	}
	return fmt.Errorf("the Link is %q, not %q", a.header.Values("Link"), canonical)
}

func namedRules() []Rule {
	const section = "http.md names"
	// file asks for the file under its name, and has an answer checked beside what all have.
	file := func(id, source, what, method string, status int, lines func(p *probe) []string, check func(p *probe, a *answer) error) Rule {
		return Rule{ID: id, Source: source, What: what, needs: named, check: func(p *probe) error {
			var with []string
			if lines != nil {
				with = lines(p)
			}
			a, err := p.do(method, p.byName(p.file), with...)
			return first(err, func() error {
				return errors.Join(a.wants(status, "Etag", p.etag), p.ofName(a, p.file), check(p, a))
			})
		}}
	}
	// answers asks for another path, and has its status and headers compared.
	answers := func(id, source, what string, path func(p *probe) string, status int, header func(p *probe) []string, lines ...string) Rule {
		return Rule{ID: id, Source: source, What: what, needs: named, check: func(p *probe) error {
			a, err := p.get(path(p), lines...)
			return first(err, func() error {
				if strings.Contains(a.get("Cache-Control"), "immutable") {
					return fmt.Errorf("it has %q, and the name may stand for something else soon", a.get("Cache-Control"))
				}
				return a.wants(status, header(p)...)
			})
		}}
	}
	line := func(text string) func(*probe) []string { return func(*probe) []string { return []string{text} } }
	to := func(path func(p *probe) string) func(*probe) []string {
		return func(p *probe) []string { return []string{"Location", p.prefix + path(p)} }
	}
	problem := func(*probe) []string { return []string{"Content-Type", "application/problem+json"} }
	key := func(p *probe) string { return strings.SplitN(p.name, "/", 4)[2] }
	return []Rule{
		file("name-file", section, "a file under a name is that of its torrent, for a minute", http.MethodGet, 200, nil, func(p *probe, a *answer) error { return a.bytes(p.data) }),
		file("name-head", "RFC 9110 9.3.2", "HEAD says the same", http.MethodHead, 200, nil, func(p *probe, a *answer) error {
			return a.wants(200, "Content-Length", fmt.Sprint(len(p.data)))
		}),
		file("name-range", "RFC 9110 14.2", "ranges are those of the file", http.MethodGet, 206, line("Range: bytes=5-14"), func(p *probe, a *answer) error {
			return errors.Join(a.bytes(p.data[5:15]), a.wants(206, "Content-Range", fmt.Sprintf("bytes 5-14/%d", len(p.data))))
		}),
		file("name-if-range", "RFC 9110 13.1.5", "the file's ETag lets a transfer go on", http.MethodGet, 206, func(p *probe) []string {
			return []string{"Range: bytes=5-14", "If-Range: " + p.etag}
		}, func(p *probe, a *answer) error { return a.bytes(p.data[5:15]) }),
		file("name-if-range-other", "RFC 9110 13.1.5", "that of what the name stood for before does not", http.MethodGet, 200, func(*probe) []string {
			return []string{"Range: bytes=5-14", `If-Range: "what it was"`}
		}, func(p *probe, a *answer) error { return a.bytes(p.data) }),
		file("name-not-modified", "RFC 9110 13.1.2", "what is known is not sent again", http.MethodGet, 304, func(p *probe) []string {
			return []string{"If-None-Match: " + p.etag}
		}, func(_ *probe, a *answer) error { return a.bytes(nil) }),
		file("name-anew", section, "no-cache has the name looked up anew", http.MethodGet, 200, line("Cache-Control: no-cache"), func(p *probe, a *answer) error { return a.bytes(p.data) }),
		answers("name-listing", section, "a listing too is kept for a minute", func(p *probe) string { return p.name + "/?format=json" }, 200, func(*probe) []string {
			return []string{"Cache-Control", "public, max-age=60"}
		}),
		{ID: "name-bare", Source: section, What: "the name itself is a single-file torrent's file, else leads to the listing", needs: named, check: func(p *probe) error {
			a, err := p.get(p.name)
			return first(err, func() error {
				if p.singleFile() {
					return errors.Join(a.wants(200, "Etag", p.etag), p.ofName(a, p.hash))
				}
				return a.wants(301, "Location", p.prefix+p.name+"/")
			})
		}},
		answers("name-upper", section, "a key in upper case leads to the one in lower case", func(p *probe) string {
			return strings.Replace(p.byName(p.file), key(p), strings.ToUpper(key(p)), 1)
		}, 301, to(func(p *probe) string { return p.byName(p.file) })),
		answers("name-no-salt", section, "a key alone leads to its name without a salt", func(p *probe) string { return "/btpk/" + key(p) + "/" }, 301,
			to(func(p *probe) string { return "/btpk/" + key(p) + "/-/" })),
		answers("name-view", section, "a page for people is the torrent's", func(p *probe) string { return p.name + "/?view=1" }, 302, func(p *probe) []string {
			return []string{"Location", p.prefix + p.hash + "/?view=1"}
		}),
		answers("name-absent", section, "what the torrent does not have is 404", func(p *probe) string { return p.name + "/no/such/file" }, 404, problem),
		answers("name-bad-key", section, "what is no key is 400", func(*probe) string { return "/btpk/abc/x/" }, 400, problem),
		answers("name-long-salt", "BEP 44", "a salt has 64 bytes at most", func(p *probe) string { return "/btpk/" + key(p) + "/" + strings.Repeat("x", 65) + "/" }, 400, problem),
		answers("name-unknown", section, "a name that nobody knows is 504", func(p *probe) string { return "/btpk/" + key(p) + "/nobody%20said%20this/x" }, 504, problem),
		answers("name-unknown-cached-only", "RFC 9111 5.2.1.7", "only-if-cached has nobody asked about a name", func(p *probe) string {
			return "/btpk/" + key(p) + "/nor%20this/x"
		}, 504, problem, "Cache-Control: only-if-cached"),
	}
}
