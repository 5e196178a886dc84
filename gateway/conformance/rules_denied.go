package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// split cuts a path into its torrent's and what follows.
func split(path string) (torrent, rest string) {
	if parts := strings.SplitN(path, "/", 4); len(parts) == 4 {
		return strings.Join(parts[:3], "/"), "/" + parts[3]
	}
	return path, ""
}

// refused checks that an answer is that of the denylist, and tells nothing of what it denies.
func (p *probe) refused(path string, a *answer) error {
	if a.status != http.StatusGone && a.status != http.StatusUnavailableForLegalReasons {
		return fmt.Errorf("status %d", a.status)
	}
	for _, name := range []string{"Etag", "Last-Modified", "Accept-Ranges", "Content-Range", "Content-Disposition", "Content-Location", "Cache-Status", "Location"} {
		if a.get(name) != "" {
			return fmt.Errorf("%s: %q", name, a.get(name))
		}
	}
	_, rest := split(strings.TrimSuffix(path, "/"))
	if name := rest[strings.LastIndexByte(rest, '/')+1:]; len(name) > 3 && bytes.Contains(a.body, []byte(name)) { // a shorter one may be in any text
		return errors.New("the body has the name")
	}
	return errors.Join(a.has("Cache-Control", "public", "max-age=3600"), a.has("Vary", "Accept"))
}

func deniedRules() []Rule {
	const section = "http.md denylist"
	every := func(id, source, what string, check func(p *probe, path string) error) Rule {
		return Rule{ID: id, Source: source, What: what, needs: denials, check: func(p *probe) error {
			for _, path := range p.denied {
				if err := check(p, path); err != nil {
					return fmt.Errorf("%s: %w", path, err)
				}
			}
			return nil
		}}
	}
	get := func(id, source, what string, change func(string) string, lines ...string) Rule {
		return every(id, source, what, func(p *probe, path string) error {
			a, err := p.get(change(path), lines...)
			return first(err, func() error { return p.refused(path, a) })
		})
	}
	same := func(path string) string { return path }
	query := func(q string) func(string) string { return func(path string) string { return path + "?" + q } }
	rules := []Rule{
		every("denied", "RFC 9110 15.5.11", "what is denied is 410, or 451 for legal reasons: a problem document, kept for an hour", func(p *probe, path string) error {
			a, err := p.get(path)
			return first(err, func() error {
				return errors.Join(p.refused(path, a), a.wants(a.status, "Content-Type", "application/problem+json", "Content-Length", fmt.Sprint(len(a.body))))
			})
		}),
		every("denied-at-once", section, "before anything is looked up", func(p *probe, path string) error {
			a, err := p.get(path)
			return first(err, func() error {
				if a.took > promptTime {
					return fmt.Errorf("after %v", a.took)
				}
				return a.wants(a.status, "Server-Timing", "")
			})
		}),
		every("denied-head", section, "HEAD says the same, and not how long it is", func(p *probe, path string) error {
			get, err := p.get(path)
			if err != nil {
				return err
			}
			head, err := p.do(http.MethodHead, path)
			return first(err, func() error {
				return errors.Join(p.refused(path, head), head.wants(get.status, "Content-Length", get.get("Content-Length")))
			})
		}),
		every("denied-page", section, "a page for a browser", func(p *probe, path string) error {
			a, err := p.get(path, "Accept: text/html")
			return first(err, func() error {
				return errors.Join(p.refused(path, a), a.wants(a.status, "Content-Type", "text/html; charset=utf-8"))
			})
		}),
		get("denied-range", section, "ranges are not looked at", same, "Range: bytes=0-0"),
		get("denied-range-bad", section, "nor those that would be 416", same, "Range: bytes=99999999999999999999-"),
		get("denied-if-none-match", section, "If-None-Match: * is no 304", same, "If-None-Match: *"),
		get("denied-if-match", section, "If-Match is no 412", same, `If-Match: "x"`),
		get("denied-cached-only", section, "only-if-cached does not tell what is cached", same, "Cache-Control: only-if-cached"),
		get("denied-whole", section, "nor does it come whole", same, "Prefer: whole", "Range: bytes=0-0"),
		get("denied-hints", section, "hints change nothing", query("tr=http%3A%2F%2Ftracker.example%2Fannounce&so=0&dn=x")),
		get("denied-download", section, "nor another name", query("download=1&filename=x")),
		get("denied-slash", section, "a slash at the end names the same", func(path string) string { return strings.TrimSuffix(path, "/") + "/" }),
		get("denied-below", section, "nothing below it is served", func(path string) string { return strings.TrimSuffix(path, "/") + "/below/it" }),
		get("denied-escapes", "RFC 3986 6.2.2.2", "escapes of what needs none name the same", escapeAll),
		get("denied-upper", section, "the infohash in upper case too", func(path string) string {
			torrent, rest := split(path)
			form, digest, _ := strings.Cut(strings.TrimPrefix(torrent, "/"), "/")
			return "/" + form + "/" + strings.ToUpper(digest) + rest
		}),
		every("denied-archive", section, "no archive of the torrent holds it", func(p *probe, path string) error {
			torrent, _ := split(path)
			a, err := p.get(torrent + "/?format=tar")
			return first(err, func() error { return p.refused(path, a) })
		}),
		every("denied-bare", section, "and the bare infohash does not lead around it", func(p *probe, path string) error {
			torrent, _ := split(path)
			a, err := p.get(torrent, "Range: bytes=0-0")
			return first(err, func() error {
				if a.status == http.StatusMovedPermanently {
					return nil // to the listing
				}
				return p.refused(path, a)
			})
		}),
		every("denied-http2", section, "nor HTTP/2", func(p *probe, path string) error {
			c := p.overHTTP2()
			defer c.CloseIdleConnections()
			res, body, err := c.send(p, request{method: http.MethodGet, path: path})
			if err != nil {
				return err
			}
			return p.refused(path, &answer{status: res.StatusCode, header: res.Header, body: body})
		}),
		every("denied-others", section, "what else the torrent has is served", (*probe).spared),
		{ID: "denied-own-host", Source: section, What: "nor the torrent's own host", needs: func(p *probe) bool { return denials(p) && subdomains(p) }, check: func(p *probe) error {
			for _, path := range p.denied {
				torrent, rest := split(path)
				hash, err := infohashOf(torrent)
				if err != nil {
					return err
				}
				a, err := p.one(request{method: http.MethodGet, path: max(rest, "/"), host: p.under(label(hash))})
				if err := first(err, func() error { return p.refused(path, a) }); err != nil {
					return fmt.Errorf("%s: %w", path, err)
				}
			}
			return nil
		}},
	}
	for _, format := range []string{"html", "json", "m3u8", "tar", "torrent"} {
		rules = append(rules, get("denied-"+format, section, "not as ?format="+format+" either", query("format="+format)))
	}
	return rules
}

// spared gets a file that is not denied of a torrent that is denied in part.
func (p *probe) spared(path string) error {
	torrent, rest := split(strings.TrimSuffix(path, "/"))
	if rest == "" {
		return nil // all of it is denied
	}
	a, err := p.get(torrent + "/?format=json")
	if err := first(err, func() error { return a.wants(200) }); err != nil {
		return err
	}
	var doc struct{ Files []entry }
	if err := json.Unmarshal(a.body, &doc); err != nil {
		return err
	}
	for _, f := range doc.Files {
		denied := slices.ContainsFunc(p.denied, func(path string) bool {
			return strings.HasPrefix(f.Href+"/", strings.TrimSuffix(path, "/")+"/")
		})
		if denied || f.Size == 0 {
			continue
		}
		a, err := p.get(f.Href, "Range: bytes=0-0")
		return first(err, func() error { return a.wants(206) })
	}
	return nil // it has no other
}

// escapeAll writes each letter and digit after the infohash as an escape.
func escapeAll(path string) string {
	torrent, rest := split(path)
	var out strings.Builder
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '%' && i+2 < len(rest):
			out.WriteString(rest[i : i+3])
			i += 2
		case c == '/':
			out.WriteByte(c)
		default:
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return torrent + out.String()
}
