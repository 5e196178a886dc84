package conformance

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// deviceRules are of televisions and players that are not browsers.
func deviceRules() []Rule {
	const section = "DLNA 7.5.4"
	file := func(id, source, what, method string, check func(*probe, *answer) error, lines ...string) Rule {
		return Rule{ID: id, Source: source, What: what, check: func(p *probe) error {
			a, err := p.do(method, p.file, lines...)
			return first(err, func() error { return check(p, a) })
		}}
	}
	raw := func(id, what string, want int, path func(*probe) string) Rule {
		return Rule{ID: id, Source: "http.md devices", What: what, needs: spaced, check: func(p *probe) error {
			a, err := p.get(path(p))
			return first(err, func() error { return a.wants(want) })
		}}
	}
	return []Rule{
		file("dlna-mode", section, "transferMode.dlna.org is answered", http.MethodGet, func(_ *probe, a *answer) error {
			return a.wants(200, "transferMode.dlna.org", "Streaming")
		}, "transferMode.dlna.org: Streaming"),
		file("dlna-mode-head", section, "on HEAD too", http.MethodHead, func(_ *probe, a *answer) error {
			return a.wants(200, "transferMode.dlna.org", "Background")
		}, "transferMode.dlna.org: Background"),
		file("dlna-mode-bad", section, "another mode is left out", http.MethodHead, func(_ *probe, a *answer) error {
			return a.wants(200, "transferMode.dlna.org", "")
		}, "transferMode.dlna.org: nonsense"),
		file("dlna-features", section, "getcontentFeatures.dlna.org: byte ranges, and no time ranges", http.MethodHead, func(_ *probe, a *answer) error {
			if features := a.get("contentFeatures.dlna.org"); !strings.Contains(features, "DLNA.ORG_OP=01") {
				return fmt.Errorf("contentFeatures.dlna.org %q", features)
			}
			return a.wants(200)
		}, "getcontentFeatures.dlna.org: 1"),
		file("dlna-unasked", section, "who does not ask hears nothing of it", http.MethodHead, func(_ *probe, a *answer) error {
			return a.wants(200, "transferMode.dlna.org", "", "contentFeatures.dlna.org", "")
		}),
		raw("blanks-path", "blanks in a request line are of the path", 200, unescaped),
		raw("blanks-query", "and of the query", 200, func(p *probe) string { return unescaped(p) + "?dn=a b" }),
		raw("blanks-last", "two before the version are 400: it is not certain what was meant", 400, func(p *probe) string { return unescaped(p) + " " }),
		raw("blanks-version", "so is a version within the path", 400, func(p *probe) string { return unescaped(p) + " HTTP/1.1 x" }),
		file("cache-status-head", "RFC 9211", "Cache-Status on HEAD is of what GET would send: a hit for what was just served", http.MethodHead, func(_ *probe, a *answer) error {
			if status := a.get("Cache-Status"); status != "" && !strings.Contains(status, "; hit") {
				return fmt.Errorf("Cache-Status %q", status)
			}
			return errors.Join(a.wants(200))
		}),
		file("cache-status-open", "RFC 9211", "and so it is of a range without an end", http.MethodGet, func(_ *probe, a *answer) error {
			if status := a.get("Cache-Status"); status != "" && !strings.Contains(status, "; hit") {
				return fmt.Errorf("Cache-Status %q", status)
			}
			return a.wants(206)
		}, "Range: bytes=0-"),
	}
}

// unescaped is the path of a file with its blanks as they are.
func unescaped(p *probe) string { return strings.ReplaceAll(p.spaced, "%20", " ") }
