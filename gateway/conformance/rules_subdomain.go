package conformance

import (
	"bytes"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// label is the DNS label of an infohash: base32 in lower case, without padding.
func label(hash metainfo.InfoHash) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(hash.Bytes()))
}

// under is the Host of a label under the subdomain host, "" for that host itself.
func (p *probe) under(label string) string {
	host := p.subdomains
	if label != "" {
		host = label + "." + host
	}
	if port := p.url.Port(); port != "" {
		host = net.JoinHostPort(host, port)
	}
	return host
}

// own sends a request to the torrent's own host.
func (p *probe) own(method, path string, lines ...string) (*answer, error) {
	return p.one(request{method: method, path: path, host: p.under(label(p.infohash)), lines: lines})
}

// ownPath is a path of the path form as it is on the torrent's own host.
func (p *probe) ownPath(path string) string { return strings.TrimPrefix(path, p.hash) }

func subdomainRules() []Rule {
	const section = "http.md subdomains"
	own := func(id, source, what string, path func(*probe) string, check func(*probe, *answer) error, lines ...string) Rule {
		return Rule{ID: id, Source: source, What: what, needs: subdomains, check: func(p *probe) error {
			a, err := p.own(http.MethodGet, p.ownPath(path(p)), lines...)
			return first(err, func() error { return check(p, a) })
		}}
	}
	file := func(p *probe) string { return p.file }
	rules := []Rule{
		own("own-file", section, "a file on its torrent's own host: the same bytes and ETag", file, func(p *probe, a *answer) error {
			return errors.Join(a.wants(200, "Etag", p.etag, "Accept-Ranges", "bytes"), a.bytes(p.data))
		}),
		own("own-range", section, "and the same ranges", file, func(p *probe, a *answer) error {
			return errors.Join(a.wants(206, "Etag", p.etag, "Content-Range", fmt.Sprintf("bytes 10-19/%d", p.size())), a.bytes(p.data[10:20]))
		}, "Range: bytes=10-19"),
		own("own-range-bad", section, "one that is none is 416", file, func(_ *probe, a *answer) error { return a.wants(416) }, "Range: bytes=5-2"),
		own("own-304", section, "If-None-Match", file, func(p *probe, a *answer) error { return a.wants(304, "Etag", p.etag) }, "If-None-Match: *"),
		own("own-fresh", "RFC 8246", "content is immutable, and does not vary", file, func(_ *probe, a *answer) error {
			return errors.Join(a.wants(200, "Vary", ""), a.has("Cache-Control", "public", "max-age=31536000", "immutable", "no-transform"))
		}),
		own("own-no-sandbox", section, "no sandbox: nothing else is within a script's reach", file, func(_ *probe, a *answer) error {
			return a.wants(200, "Content-Security-Policy", "", "X-Content-Type-Options", "nosniff", "X-Robots-Tag", "noindex")
		}),
		own("own-cors", "Fetch 3.3", "CORS, as on the path form", file, func(_ *probe, a *answer) error {
			return a.wants(200, "Access-Control-Allow-Origin", "*", "Cross-Origin-Resource-Policy", "cross-origin")
		}, "Origin: http://player.example"),
		own("own-service-worker", section, "content is no service worker there either: it would outlive the page", file, func(_ *probe, a *answer) error {
			return errors.Join(a.wants(400), a.has("Cache-Control", "no-store"))
		}, "Service-Worker: script"),
		own("own-missing", section, "a path that does not exist is 404, for five minutes", below("/no/such/file"), func(_ *probe, a *answer) error {
			return errors.Join(a.wants(404, "Content-Type", "application/problem+json"), a.has("Cache-Control", "max-age=300"))
		}),
		own("own-hint-bad", section, "hints that are of no use are left out as elsewhere", func(p *probe) string { return p.file + "?tr=nonsense" }, func(_ *probe, a *answer) error { return a.wants(200) }),
		own("own-isolated", section, "the path form names nothing there: other torrents are other origins", func(*probe) string { return "/btih/" + sum + "/" }, func(_ *probe, a *answer) error {
			return a.wants(404)
		}),
		{ID: "own-isolated-itself", Source: section, What: "nor does it name the torrent itself", needs: subdomains, check: func(p *probe) error {
			a, err := p.own(http.MethodGet, p.file)
			return first(err, func() error { return a.wants(404) })
		}},
		own("own-listing", section, "the listing's links stay on the host", below("/?format=json"), func(p *probe, a *answer) error {
			var doc struct{ Files []entry }
			if err := json.Unmarshal(a.body, &doc); err != nil || len(doc.Files) != p.root.files {
				return fmt.Errorf("%d files, %v", len(doc.Files), err)
			}
			for _, f := range doc.Files {
				if !strings.HasPrefix(f.Href, "/") || strings.HasPrefix(f.Href, "//") || strings.HasPrefix(f.Href, p.hash+"/") {
					return fmt.Errorf("href %q", f.Href)
				}
			}
			return a.wants(200)
		}),
		own("own-listing-location", section, "and so does Content-Location", below("/"), func(_ *probe, a *answer) error {
			return a.wants(200, "Content-Location", "/?format=html")
		}),
		own("own-page", section, "a page of ours links nowhere else", below("/?format=html"), func(p *probe, a *answer) error {
			for _, link := range []string{`href="/bt`, `href="http`, `href="//`} {
				if bytes.Contains(a.body, []byte(link)) {
					return fmt.Errorf("it has %s", link)
				}
			}
			return a.wants(200, "Content-Type", "text/html; charset=utf-8")
		}),
		own("own-playlist", section, "a playlist's URLs are on the host", below("/?format=m3u8"), func(p *probe, a *answer) error {
			for line := range strings.Lines(string(a.body)) {
				if line[0] != '#' && !strings.HasPrefix(line, p.url.Scheme+"://"+p.under(label(p.infohash))+"/") {
					return fmt.Errorf("%q", line)
				}
			}
			return a.wants(200)
		}),
		{ID: "own-tar", Source: section, What: "?format=tar is the same archive", needs: subdomains, check: func(p *probe) error {
			there, err := p.own(http.MethodHead, "/?format=tar")
			if err != nil {
				return err
			}
			here, err := p.do(http.MethodHead, p.hash+"/?format=tar")
			return first(err, func() error {
				return there.wants(200, "Etag", here.get("Etag"), "Content-Length", here.get("Content-Length"))
			})
		}},
		{ID: "own-html-inline", Source: section, What: "a document is shown there, not saved", needs: func(p *probe) bool { return subdomains(p) && htmlFile(p) }, check: func(p *probe) error {
			a, err := p.own(http.MethodGet, p.ownPath(p.html))
			return first(err, func() error {
				if d := a.get("Content-Disposition"); !strings.HasPrefix(d, "inline") {
					return fmt.Errorf("Content-Disposition %q", d)
				}
				return a.wants(200, "Content-Security-Policy", "", "X-Content-Type-Options", "nosniff")
			})
		}},
		{ID: "own-directory", Source: section, What: "a directory without its slash: 301 on the same host", needs: func(p *probe) bool { return subdomains(p) && directory(p) }, check: func(p *probe) error {
			path := p.ownPath(p.dir)
			a, err := p.own(http.MethodGet, strings.TrimSuffix(path, "/")+"?dn=a%20b")
			return first(err, func() error { return a.wants(301, "Location", path+"?dn=a%20b") })
		}},
		{ID: "own-head", Source: section, What: "HEAD", needs: subdomains, check: func(p *probe) error {
			a, err := p.own(http.MethodHead, p.ownPath(p.file))
			return first(err, func() error { return a.wants(200, "Content-Length", fmt.Sprint(p.size()), "Etag", p.etag) })
		}},
		{ID: "own-post", Source: "RFC 9110 15.5.6", What: "other methods are 405", needs: subdomains, check: func(p *probe) error {
			a, err := p.own(http.MethodPost, p.ownPath(p.file), "Content-Length: 0")
			return first(err, func() error { return errors.Join(a.wants(405), a.has("Allow", "GET", "HEAD", "OPTIONS")) })
		}},
		{ID: "own-http2", Source: "RFC 9113 8.3.1", What: "over HTTP/2 :authority names the host", needs: subdomains, check: func(p *probe) error {
			c := p.overHTTP2()
			defer c.CloseIdleConnections()
			res, body, err := c.send(p, request{method: http.MethodGet, path: p.ownPath(p.file), host: p.under(label(p.infohash))})
			if err == nil && (res.ProtoMajor != 2 || res.StatusCode != 200 || !bytes.Equal(body, p.data)) {
				err = fmt.Errorf("%s %d, %d bytes", res.Proto, res.StatusCode, len(body))
			}
			return err
		}},
		{ID: "own-parent", Source: section, What: "the host above all torrents answers too", needs: subdomains, check: func(p *probe) error {
			a, err := p.one(request{method: http.MethodGet, path: "/", host: p.under("")})
			return first(err, func() error { return a.wants(200) })
		}},
		{ID: "own-robots", Source: "RFC 9309 2.3", What: "crawlers are told to stay away from a torrent's own host, and no torrent is looked for", needs: subdomains, check: func(p *probe) error {
			a, err := p.one(request{method: http.MethodGet, path: "/robots.txt", host: p.under(label(nobody))})
			return first(err, func() error {
				if !strings.Contains(string(a.body), "Disallow: /\n") {
					return fmt.Errorf("%.100q", a.body)
				}
				return a.wants(200)
			})
		}},
		{ID: "own-nobody", Source: section, What: "a torrent that nobody has is 504 there", needs: subdomains, check: func(p *probe) error {
			a, err := p.one(request{method: http.MethodGet, path: "/x", host: p.under(label(nobody))})
			return first(err, func() error { return errors.Join(a.wants(504), a.has("Cache-Control", "no-store")) })
		}},
	}
	return append(append(rules, moveRules()...), unknownHostRules()...)
}

// moveRules are of the path form on the host above, whose place is on the torrent's own.
func moveRules() []Rule {
	const section = "http.md subdomains"
	moves := func(id, what string, path func(*probe) string) Rule {
		return Rule{ID: id, Source: section, What: what, needs: subdomains, check: func(p *probe) error {
			a, err := p.one(request{method: http.MethodGet, path: path(p), host: p.under("")})
			return first(err, func() error {
				return a.wants(301, "Location", p.url.Scheme+"://"+p.under(label(p.infohash))+p.ownPath(path(p)))
			})
		}}
	}
	return []Rule{
		moves("own-move-file", "the path form on the host above: 301 to the torrent's own, path and query as they came", func(p *probe) string { return p.file + "?download=1&dn=a%20b&x=+" }),
		moves("own-move-listing", "so do listings", below("/?format=json")),
		moves("own-move-missing", "and paths that nothing has, without a look", below("/no%2Fsuch/file")),
		{ID: "own-move-upper", Source: section, What: "and any form of the infohash", needs: subdomains, check: func(p *probe) error {
			form, digest, _ := strings.Cut(strings.TrimPrefix(p.hash, "/"), "/")
			a, err := p.one(request{method: http.MethodGet, path: "/" + form + "/" + strings.ToUpper(digest) + p.ownPath(p.file), host: p.under("")})
			return first(err, func() error {
				return a.wants(301, "Location", p.url.Scheme+"://"+p.under(label(p.infohash))+p.ownPath(p.file))
			})
		}},
		{ID: "own-move-not", Source: section, What: "elsewhere the path form stays, in its sandbox", needs: subdomains, check: func(p *probe) error {
			a, err := p.get(p.file)
			return first(err, func() error {
				if a.get("Content-Security-Policy") == "" {
					return errors.New("no Content-Security-Policy")
				}
				return a.wants(200)
			})
		}},
	}
}

// unknownHostRules are of hosts that only look like a torrent's.
func unknownHostRules() []Rule {
	host := func(id, what string, host func(*probe) string) Rule {
		return Rule{ID: id, Source: "RFC 9110 15.5.20", What: what, needs: subdomains, check: func(p *probe) error {
			a, err := p.one(request{method: http.MethodGet, path: p.ownPath(p.file), host: host(p)})
			return first(err, func() error { return errors.Join(a.wants(421), a.has("Cache-Control", "no-store")) })
		}}
	}
	return []Rule{
		{ID: "own-host-case", Source: "RFC 9110 4.2.3", What: "hosts are compared in any case, with a dot at their end too", needs: subdomains, check: func(p *probe) error {
			for _, host := range []string{strings.ToUpper(label(p.infohash) + "." + p.subdomains), label(p.infohash) + "." + p.subdomains + "."} {
				a, err := p.one(request{method: http.MethodHead, path: p.ownPath(p.file), host: host})
				if err := first(err, func() error { return a.wants(200) }); err != nil {
					return fmt.Errorf("%s: %w", host, err)
				}
			}
			return nil
		}},
		host("own-host-word", "a name under the host that is no infohash is 421", func(p *probe) string { return p.under("www") }),
		host("own-host-digits", "a label of the right length that is no base32 too", func(p *probe) string { return p.under(strings.Repeat("1", 32)) }),
		host("own-host-hex", "the infohash in hexadecimal too", func(p *probe) string { return p.under(strings.Repeat("ab", 20)) }),
		host("own-host-below", "and a name under a torrent's", func(p *probe) string { return p.under("www." + label(p.infohash)) }),
		host("own-host-beside", "and one that only ends like the host", func(p *probe) string { return label(p.infohash) + p.under("") }),
		host("own-host-other", "and an infohash under another host", func(p *probe) string { return label(p.infohash) + ".attacker.example" }),
	}
}
