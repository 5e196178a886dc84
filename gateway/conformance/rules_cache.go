package conformance

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/dunglas/httpsfv"
)

// asks sends a GET for the file and expects a status, and the bytes of a 200.
func asks(status int, lines func(etag string) []string) func(*probe) error {
	return func(p *probe) error {
		a, err := p.get(p.file, lines(p.etag)...)
		if err != nil {
			return err
		}
		if err := a.wants(status); err != nil {
			return err
		}
		switch status {
		case 200:
			return a.bytes(p.data)
		case 206:
			return a.bytes(p.data[10:20])
		case 304:
			return a.bytes(nil)
		}
		return nil
	}
}

// with makes header lines in which TAG stands for the file's ETag.
func with(lines ...string) func(string) []string {
	return func(etag string) []string {
		out := make([]string, len(lines))
		for i, line := range lines {
			out[i] = strings.ReplaceAll(line, "TAG", etag)
		}
		return out
	}
}

func validatorRules() []Rule {
	const section = "http.md validators"
	const part, bad = "Range: bytes=10-19", "Range: bytes=5-2"
	rules := []Rule{
		{ID: "etag-strong", Source: "RFC 9110 8.8.3", What: "the ETag is strong and quoted", check: func(p *probe) error {
			if len(p.etag) < 3 || p.etag[0] != '"' || p.etag[len(p.etag)-1] != '"' || strings.Contains(p.etag[1:len(p.etag)-1], `"`) {
				return fmt.Errorf("ETag %q", p.etag)
			}
			return nil
		}},
		{ID: "etag-every-answer", Source: section, What: "one ETag on 200, 206, 304, 416 and HEAD", check: func(p *probe) error {
			for _, lines := range [][]string{{}, {part}, {"Range: bytes=20-29"}, {"If-None-Match: *"}, {"Range: bytes=999999999999-"}} {
				a, err := p.get(p.file, lines...)
				if err := first(err, func() error { return a.wants(a.status, "Etag", p.etag) }); err != nil {
					return fmt.Errorf("%v: %w", lines, err)
				}
			}
			a, err := p.do(http.MethodHead, p.file)
			return first(err, func() error { return a.wants(200, "Etag", p.etag) })
		}},
		{ID: "etag-hints", Source: section, What: "hints in the query do not change it", check: func(p *probe) error {
			a, err := p.do(http.MethodHead, p.file+"?tr=http%3A%2F%2Ftracker.example%2Fannounce&dn=x")
			return first(err, func() error { return a.wants(200, "Etag", p.etag) })
		}},
		{ID: "etag-no-last-modified", Source: section, What: "no Last-Modified: a creation date is no part of an infohash", check: func(p *probe) error {
			a, err := p.get(p.file)
			return first(err, func() error { return a.wants(200, "Last-Modified", "") })
		}},
		{ID: "inm-304-headers", Source: "RFC 9110 15.4.5", What: "304 has the ETag and Cache-Control of the 200, and no body", check: func(p *probe) error {
			whole, err := p.get(p.file)
			if err != nil {
				return err
			}
			a, err := p.get(p.file, "If-None-Match: "+p.etag)
			return first(err, func() error {
				return errors.Join(a.wants(304, "Etag", p.etag, "Cache-Control", whole.get("Cache-Control"), "Content-Range", ""), a.bytes(nil))
			})
		}},
		{ID: "inm-head", Source: "RFC 9110 13.1.2", What: "If-None-Match on HEAD", check: func(p *probe) error {
			a, err := p.do(http.MethodHead, p.file, "If-None-Match: "+p.etag)
			return first(err, func() error { return a.wants(304) })
		}},
		{ID: "inm-missing-path", Source: section, What: "If-None-Match: * on a path that does not exist is 404", check: func(p *probe) error {
			a, err := p.get(p.file+"-not", "If-None-Match: *")
			return first(err, func() error { return a.wants(404) })
		}},
	}
	for _, row := range []struct {
		id, source, what string
		status           int
		lines            []string
	}{
		{"inm-same", "RFC 9110 13.1.2", "If-None-Match with the tag", 304, []string{"If-None-Match: TAG"}},
		{"inm-list", "RFC 9110 13.1.2", "in a list", 304, []string{`If-None-Match: "x", TAG`}},
		{"inm-list-comma", "RFC 9110 8.8.3", "in a list, after a tag with a comma in it", 304, []string{`If-None-Match: "x,y",TAG`}},
		{"inm-two-lines", "RFC 9110 5.3", "in a second line", 304, []string{`If-None-Match: "x"`, "If-None-Match: TAG"}},
		{"inm-weak", "RFC 9110 13.1.2", "as a weak tag", 304, []string{"If-None-Match: W/TAG"}},
		{"inm-star", "RFC 9110 13.1.2", "as *", 304, []string{"If-None-Match: *"}},
		{"inm-other", "RFC 9110 13.1.2", "with another tag", 200, []string{`If-None-Match: "x"`}},
		{"inm-unquoted", "RFC 9110 8.8.3", "without quotes it is no tag", 200, []string{"If-None-Match: x"}},
		{"inm-before-range", "RFC 9110 13.2.2", "it comes before Range", 304, []string{"If-None-Match: TAG", part}},
		{"inm-before-bad-range", "RFC 9110 13.2.2", "and before a Range that is none", 304, []string{"If-None-Match: TAG", bad}},
		{"inm-other-range", "RFC 9110 13.2.2", "another tag leaves the Range", 206, []string{`If-None-Match: "x"`, part}},
		{"ifrange-same", "RFC 9110 13.1.5", "If-Range with the tag", 206, []string{"If-Range: TAG", part}},
		{"ifrange-other", "RFC 9110 13.1.5", "with another: the whole file", 200, []string{`If-Range: "x"`, part}},
		{"ifrange-weak", "RFC 9110 13.1.5", "compares strongly", 200, []string{"If-Range: W/TAG", part}},
		{"ifrange-date", "RFC 9110 13.1.5", "a date matches nothing without Last-Modified", 200, []string{"If-Range: Wed, 21 Oct 2015 07:28:00 GMT", part}},
		{"ifrange-other-bad-range", "RFC 9110 13.2.2", "another tag before a Range that is none", 200, []string{`If-Range: "x"`, bad}},
		{"ifrange-alone", "RFC 9110 13.1.5", "without Range it is ignored", 200, []string{`If-Range: "x"`}},
		{"ifmatch-same", "RFC 9110 13.1.1", "If-Match with the tag", 200, []string{"If-Match: TAG"}},
		{"ifmatch-star", "RFC 9110 13.1.1", "If-Match: *", 200, []string{"If-Match: *"}},
		{"ifmatch-list", "RFC 9110 13.1.1", "in a list", 200, []string{`If-Match: "x", TAG`}},
		{"ifmatch-range", "http.md clients", "with a Range, as VLC seeks", 206, []string{"If-Match: TAG", part}},
		{"ifmatch-other", "RFC 9110 13.1.1", "with another tag", 412, []string{`If-Match: "x"`}},
		{"ifmatch-weak", "RFC 9110 13.1.1", "compares strongly", 412, []string{"If-Match: W/TAG"}},
		{"ifmatch-first", "RFC 9110 13.2.2", "it comes before If-None-Match", 412, []string{`If-Match: "x"`, "If-None-Match: TAG"}},
		{"ims-ignored", "RFC 9110 13.1.3", "If-Modified-Since without Last-Modified is ignored", 200, []string{"If-Modified-Since: Wed, 21 Oct 2037 07:28:00 GMT"}},
		{"ius-ignored", "RFC 9110 13.1.4", "so is If-Unmodified-Since", 200, []string{"If-Unmodified-Since: Wed, 21 Oct 2015 07:28:00 GMT"}},
	} {
		rules = append(rules, Rule{ID: row.id, Source: row.source, What: row.what, check: asks(row.status, with(row.lines...))})
	}
	return rules
}

func freshnessRules() []Rule {
	const section = "http.md freshness"
	fresh := []string{"public", "max-age=31536000", "immutable", "no-transform"}
	return []Rule{
		{ID: "fresh-200", Source: "RFC 8246", What: "200 is public, immutable for a year, not to be transformed", check: func(p *probe) error {
			a, err := p.get(p.file)
			return first(err, func() error { return a.has("Cache-Control", fresh...) })
		}},
		{ID: "fresh-206", Source: "RFC 8246", What: "so is 206", check: func(p *probe) error {
			a, err := p.get(p.file, "Range: bytes=0-9")
			return first(err, func() error { return a.has("Cache-Control", fresh...) })
		}},
		{ID: "fresh-416", Source: section, What: "416 is not stored", check: func(p *probe) error {
			a, err := p.get(p.file, "Range: bytes=999999999999-")
			return first(err, func() error { return a.has("Cache-Control", "no-store") })
		}},
		{ID: "length-200", Source: section, What: "Content-Length, never chunked", check: func(p *probe) error {
			a, err := p.get(p.file)
			return first(err, func() error { return a.wants(200, "Content-Length", fmt.Sprint(p.size()), "Transfer-Encoding", "") })
		}},
		{ID: "no-compression", Source: section, What: "content is never compressed", check: func(p *probe) error {
			a, err := p.get(p.file, "Accept-Encoding: gzip, br, zstd")
			return first(err, func() error {
				return errors.Join(a.wants(200, "Content-Encoding", "", "Etag", p.etag), a.bytes(p.data))
			})
		}},
		{ID: "no-vary", Source: section, What: "content has no Vary", check: func(p *probe) error {
			a, err := p.get(p.file)
			return first(err, func() error { return a.wants(200, "Vary", "") })
		}},
		{ID: "request-no-cache", Source: section, What: "no-cache in a request changes nothing", check: asks(200, with("Cache-Control: no-cache", "Pragma: no-cache"))},
		{ID: "request-max-age", Source: section, What: "nor does max-age=0", check: asks(304, with("Cache-Control: max-age=0", "If-None-Match: TAG"))},
		{ID: "only-if-cached-hit", Source: "RFC 9111 5.2.1.7", What: "only-if-cached for what is cached", check: asks(206, with("Cache-Control: only-if-cached", "Range: bytes=10-19"))},
		{ID: "only-if-cached-miss", Source: "RFC 9111 5.2.1.7", What: "only-if-cached for what is not is 504 at once", needs: anything, check: func(p *probe) error {
			a, err := p.get("/btih/"+strings.Repeat("01", 20)+"/x", "Cache-Control: no-transform, Only-If-Cached")
			if err := first(err, func() error { return a.wants(504, "Cache-Control", "no-store") }); err != nil {
				return err
			}
			if a.took > promptTime || !strings.Contains(string(a.body), "not-cached") {
				return fmt.Errorf("after %v: %.200s", a.took, a.body)
			}
			return nil
		}},
		{ID: "cache-status", Source: "RFC 9211", What: "Cache-Status: a hit for what was just served", check: func(p *probe) error {
			a, err := p.get(p.file)
			if err != nil {
				return err
			}
			list, err := httpsfv.UnmarshalList(a.header.Values("Cache-Status"))
			if err != nil || len(list) == 0 {
				return fmt.Errorf("Cache-Status %q: %v", a.get("Cache-Status"), err)
			}
			item, ok := list[len(list)-1].(httpsfv.Item)
			if !ok {
				return fmt.Errorf("Cache-Status %q", a.get("Cache-Status"))
			}
			if hit, ok := item.Params.Get("hit"); !ok || hit != true {
				return fmt.Errorf("Cache-Status %q is no hit", a.get("Cache-Status"))
			}
			return nil
		}},
		{ID: "server-timing", Source: "http.md headers", What: "Server-Timing says what the first byte waited for", check: func(p *probe) error {
			a, err := p.get(p.file, "Range: bytes=0-0")
			if err != nil {
				return err
			}
			for _, metric := range []string{"metadata;dur=", "piece;dur="} {
				if !strings.Contains(a.get("Server-Timing"), metric) {
					return fmt.Errorf("Server-Timing %q lacks %s", a.get("Server-Timing"), metric)
				}
			}
			return nil
		}},
	}
}
