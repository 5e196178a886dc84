package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

func errorRules() []Rule {
	const section = "http.md errors"
	fails := func(id, source, what string, needs func(*probe) bool, path func(*probe) string, check func(*answer) error, lines ...string) Rule {
		return Rule{ID: id, Source: source, What: what, needs: needs, check: func(p *probe) error {
			a, err := p.get(path(p), lines...)
			return first(err, func() error { return check(a) })
		}}
	}
	bad, missing := fixed("/btih/nonsense/"), func(p *probe) string { return p.file + "-not" }
	return []Rule{
		fails("problem-json", "RFC 9457", "an error is a problem document for programs", anything, bad, func(a *answer) error {
			var doc struct {
				Type, Title, Detail string
				Status              int
			}
			if err := json.Unmarshal(a.body, &doc); err != nil || doc.Type == "" || doc.Title == "" || doc.Detail == "" || doc.Status != a.status {
				return fmt.Errorf("%v: %.200s", err, a.body)
			}
			return a.wants(400, "Content-Type", "application/problem+json")
		}),
		fails("problem-page", section, "and a page for a browser", anything, bad, func(a *answer) error {
			if !strings.Contains(strings.ToLower(string(a.body)), "<!doctype html>") {
				return fmt.Errorf("%.100s", a.body)
			}
			return a.wants(400, "Content-Type", "text/html; charset=utf-8")
		}, "Accept: text/html"),
		fails("problem-escaped", section, "a page of an error repeats nothing that a stranger wrote", anything, fixed("/btih/%3Cscript%3Ealert(1)%3C/script%3E/"), func(a *answer) error {
			if strings.Contains(string(a.body), "alert(1)") {
				return errors.New("it does")
			}
			return a.wants(400)
		}, "Accept: text/html"),
		fails("problem-length", section, "errors have a length", anything, bad, func(a *answer) error {
			return a.wants(400, "Content-Length", fmt.Sprint(len(a.body)))
		}),
		fails("problem-vary", "RFC 9110 12.5.5", "errors vary by Accept", anything, bad, func(a *answer) error { return a.has("Vary", "Accept") }),
		fails("400-no-store", section, "400 is not stored", anything, bad, func(a *answer) error { return a.has("Cache-Control", "no-store") }),
		fails("404-stored", section, "404 is stored for five minutes", nil, missing, func(a *answer) error {
			return errors.Join(a.wants(404), a.has("Cache-Control", "max-age=300"))
		}),
		fails("404-etag", section, "404 has no ETag of the file", nil, missing, func(a *answer) error { return a.wants(404, "Etag", "") }),
		fails("404-page", section, "a path outside of all forms is 404", anything, fixed("/favicon.ico"), func(a *answer) error { return a.wants(404) }),
		{ID: "504-in-time", Source: section, What: "what nobody has is 504 with Retry-After, before a cache gives up", needs: anything, check: func(p *probe) error {
			start := time.Now()
			a, err := p.get("/btih/" + sum + "/nobody.has.this")
			return first(err, func() error {
				if took := time.Since(start); took > cacheTime {
					return fmt.Errorf("after %v", took)
				}
				if n, err := strconv.Atoi(a.get("Retry-After")); err != nil || n < 1 {
					return fmt.Errorf("status %d, Retry-After %q", a.status, a.get("Retry-After"))
				}
				return a.wants(504, "Content-Type", "application/problem+json", "Cache-Control", "no-store")
			})
		}},
		{ID: "504-again", Source: section, What: "asked again, it is 504 at once: that nobody has it is remembered", needs: anything, check: func(p *probe) error {
			a, err := p.get("/btih/" + sum + "/nobody.has.this.either")
			return first(err, func() error {
				if a.took > promptTime {
					return fmt.Errorf("after %v", a.took)
				}
				return a.wants(504, "Cache-Control", "no-store")
			})
		}},
		{ID: "412-no-store", Source: section, What: "412 is not stored", check: func(p *probe) error {
			a, err := p.get(p.file, `If-Match: "x"`)
			return first(err, func() error { return errors.Join(a.wants(412), a.has("Cache-Control", "no-store")) })
		}},
		{ID: "host-unknown", Source: "RFC 9110 15.5.20", What: "an unknown Host is 421", needs: anything, check: func(p *probe) error {
			a, err := p.one(request{method: "GET", path: "/", host: "rebound.attacker.example"})
			return first(err, func() error { return errors.Join(a.wants(421), a.has("Cache-Control", "no-store")) })
		}},
		{ID: "host-absent", Source: "RFC 9112 3.2", What: "HTTP/1.1 without Host is 400", needs: anything, check: func(p *probe) error {
			a, err := p.one(request{method: "GET", path: "/", host: "-"})
			return first(err, func() error { return a.wants(400) })
		}},
		{ID: "problem-malformed", Source: section, What: "what is no request at all is a problem document too, and not stored", needs: anything, check: func(p *probe) error {
			a, err := p.get("/", "Content-Length: 1", "Content-Length: 2")
			return first(err, func() error {
				return a.wants(400, "Content-Type", "application/problem+json", "Cache-Control", "no-store", "Content-Length", fmt.Sprint(len(a.body)))
			})
		}},
		{ID: "head-too-large", Source: "RFC 6585 5", What: "a head of 64 KiB is 431", needs: anything, check: func(p *probe) error {
			a, err := p.get("/", "X-Padding: "+strings.Repeat("x", 64<<10))
			return first(err, func() error { return a.wants(431) })
		}},
	}
}
