package conformance

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
)

// aboutAnswer are headers that say how an answer came about, and nothing of what is in it.
var aboutAnswer = map[string]bool{"Date": true, "Age": true, "Server-Timing": true, "Cache-Status": true, "X-Cache": true}

func methodRules() []Rule {
	rules := []Rule{
		{ID: "head-length", Source: "RFC 9110 9.3.2", What: "HEAD: 200, the length of the file, no body", check: func(p *probe) error {
			a, err := p.do(http.MethodHead, p.file)
			return first(err, func() error { return a.wants(200, "Content-Length", fmt.Sprint(p.size())) })
		}},
		{ID: "head-like-get", Source: "RFC 9110 9.3.2", What: "HEAD has the headers of GET", check: headLikeGet()},
		{ID: "head-missing", Source: "RFC 9110 9.3.2", What: "HEAD of what does not exist is 404", check: func(p *probe) error {
			a, err := p.do(http.MethodHead, p.file+"-not")
			return first(err, func() error { return a.wants(404) })
		}},
		{ID: "options", Source: "RFC 9110 9.3.7", What: "OPTIONS: 2xx with Allow", check: func(p *probe) error {
			a, err := p.do(http.MethodOptions, p.file)
			return first(err, func() error {
				if a.status/100 != 2 {
					return fmt.Errorf("status %d", a.status)
				}
				return a.has("Allow", "GET", "HEAD", "OPTIONS")
			})
		}},
		{ID: "options-server", Source: "RFC 9110 9.3.7", What: "OPTIONS * is of the server as a whole: 2xx with Allow", needs: anything, check: func(p *probe) error {
			a, err := p.do(http.MethodOptions, "*")
			return first(err, func() error {
				if a.status/100 != 2 {
					return fmt.Errorf("status %d", a.status)
				}
				return a.has("Allow", "GET", "HEAD", "OPTIONS")
			})
		}},
		{ID: "preflight", Source: "Fetch 4.8", What: "a preflight for Range from another origin passes", check: func(p *probe) error {
			a, err := p.do(http.MethodOptions, p.file, "Origin: http://player.example", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: range,if-range")
			return first(err, func() error {
				if a.status/100 != 2 {
					return fmt.Errorf("status %d", a.status)
				}
				return errors.Join(a.wants(a.status, "Access-Control-Allow-Origin", "*", "Access-Control-Max-Age", "86400"),
					a.has("Access-Control-Allow-Methods", "GET", "HEAD", "OPTIONS"),
					a.has("Access-Control-Allow-Headers", "Range", "If-Range", "If-None-Match", "Authorization"))
			})
		}},
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodTrace, http.MethodConnect, "REPORT", "get"} {
		rules = append(rules, Rule{ID: "method-" + method, Source: "RFC 9110 15.5.6", What: method + " is 405 with Allow", check: func(p *probe) error {
			a, err := p.do(method, p.file, "Content-Length: 0")
			return first(err, func() error { return errors.Join(a.wants(405), a.has("Allow", "GET", "HEAD", "OPTIONS")) })
		}})
	}
	return rules
}

func headerRules() []Rule {
	const section = "http.md headers"
	header := func(id, source, what string, path func(*probe) string, check func(*probe, *answer) error) Rule {
		return Rule{ID: id, Source: source, What: what, check: func(p *probe) error {
			a, err := p.get(path(p), "Origin: http://player.example")
			return first(err, func() error { return check(p, a) })
		}}
	}
	file := func(p *probe) string { return p.file }
	query := func(q string) func(*probe) string { return func(p *probe) string { return p.file + "?" + q } }
	attachment := func(name string) func(*probe, *answer) error {
		return func(_ *probe, a *answer) error {
			disposition, params, err := mime.ParseMediaType(a.get("Content-Disposition"))
			if err != nil || disposition != "attachment" || name != "" && params["filename"] != name {
				return fmt.Errorf("Content-Disposition %q: %v", a.get("Content-Disposition"), err)
			}
			return nil
		}
	}
	rules := []Rule{
		header("nosniff", section, "X-Content-Type-Options: nosniff", file, func(_ *probe, a *answer) error { return a.wants(200, "X-Content-Type-Options", "nosniff") }),
		header("nosniff-error", section, "on errors too", func(p *probe) string { return p.file + "-not" }, func(_ *probe, a *answer) error {
			return a.wants(404, "X-Content-Type-Options", "nosniff")
		}),
		header("noindex", "http.md hostile content", "X-Robots-Tag: noindex", file, func(_ *probe, a *answer) error { return a.wants(200, "X-Robots-Tag", "noindex") }),
		header("cors", "Fetch 3.3", "Access-Control-Allow-Origin: *", file, func(_ *probe, a *answer) error { return a.wants(200, "Access-Control-Allow-Origin", "*") }),
		header("cors-exposed", "Fetch 3.3", "what scripts need is exposed", file, func(_ *probe, a *answer) error {
			return a.has("Access-Control-Expose-Headers", "Accept-Ranges", "Content-Length", "Content-Range", "Content-Disposition", "ETag", "Server-Timing", "Cache-Status", "Retry-After")
		}),
		header("cors-error", "Fetch 3.3", "errors have CORS headers, so that scripts can read them", func(p *probe) string { return p.file + "-not" }, func(_ *probe, a *answer) error {
			return a.wants(404, "Access-Control-Allow-Origin", "*")
		}),
		header("corp", "Fetch 3.6", "Cross-Origin-Resource-Policy: cross-origin", file, func(_ *probe, a *answer) error {
			return a.wants(200, "Cross-Origin-Resource-Policy", "cross-origin")
		}),
		header("csp", "http.md hostile content", "a sandbox on the path form", file, func(_ *probe, a *answer) error {
			if csp := a.get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
				return fmt.Errorf("Content-Security-Policy %q", csp)
			}
			return nil
		}),
		header("disposition", "RFC 6266", "Content-Disposition: inline with both forms of the name", file, func(_ *probe, a *answer) error {
			d := a.get("Content-Disposition")
			if !strings.HasPrefix(d, `inline; filename="`) || !strings.Contains(d, "; filename*=UTF-8''") {
				return fmt.Errorf("Content-Disposition %q", d)
			}
			return nil
		}),
		header("disposition-download", section, "?download=1 makes it an attachment", query("download=1"), attachment("")),
		header("disposition-name", "RFC 8187", "?filename= names it, beyond ASCII too", query("download=1&filename=%E2%82%AC%20rates%20%2B.bin"), attachment("€ rates +.bin")),
		header("disposition-hostile", "RFC 6266", "a name cannot end the header or be a path", query("download=1&filename=..%2Fa%22%0D%0AX-Evil:%201"), func(p *probe, a *answer) error {
			_, params, err := mime.ParseMediaType(a.get("Content-Disposition"))
			if err != nil || a.get("X-Evil") != "" || strings.ContainsAny(params["filename"], "/\\\r\n") {
				return fmt.Errorf("Content-Disposition %q, X-Evil %q: %v", a.get("Content-Disposition"), a.get("X-Evil"), err)
			}
			return nil
		}),
		header("content-type", section, "Content-Type is never sniffed: it is the listing's", file, func(p *probe, a *answer) error {
			if _, _, err := mime.ParseMediaType(a.get("Content-Type")); err != nil || p.kind != "" && p.kind != a.get("Content-Type") {
				return fmt.Errorf("Content-Type %q, %q in the listing", a.get("Content-Type"), p.kind)
			}
			return nil
		}),
		header("infohash", section, "X-Btgw-Infohash", file, func(p *probe, a *answer) error {
			return a.wants(200, "X-Btgw-Infohash", p.hash[strings.LastIndexByte(p.hash, '/')+1:])
		}),
		{ID: "service-worker", Source: "http.md hostile content", What: "content is no service worker", check: func(p *probe) error {
			a, err := p.get(p.file, "Service-Worker: script")
			return first(err, func() error { return a.wants(400) })
		}},
		{ID: "html-attachment", Source: "http.md hostile content", What: "a document that can run scripts is an attachment", needs: htmlFile, check: func(p *probe) error {
			a, err := p.get(p.html)
			return first(err, func() error { return attachment("")(p, a) })
		}},
		{ID: "empty-file", Source: "RFC 9110 8.6", What: "an empty file is 200 with Content-Length: 0", needs: emptyFile, check: func(p *probe) error {
			a, err := p.get(p.empty)
			return first(err, func() error { return a.wants(200, "Content-Length", "0", "Accept-Ranges", "bytes") })
		}},
	}
	return rules
}
