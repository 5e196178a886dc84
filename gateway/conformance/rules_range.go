package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// A rangeRow is a Range header of one range and what it asks for: with n the
// size of the file, a slice of it, or a status.
type rangeRow struct {
	id, source, what string
	header           func(n int) string
	from, to         func(n int) int // of a 206
	status           int             // of what is not a 206
}

func at(i int) func(int) int       { return func(int) int { return i } }
func end(back int) func(int) int   { return func(n int) int { return n - back } }
func is(s string) func(int) string { return func(int) string { return s } }

func rangeTable() []rangeRow {
	const ranges, specs, section = "RFC 9110 14.2", "RFC 9110 14.1.2", "http.md ranges"
	past := func(n int) string { return fmt.Sprintf("bytes=%d-", n) }
	return []rangeRow{
		{"range-first-byte", specs, "bytes=0-0 is the first byte", is("bytes=0-0"), at(0), at(1), 0},
		{"range-safari", section, "bytes=0-1 is Safari's probe", is("bytes=0-1"), at(0), at(2), 0},
		{"range-middle", specs, "bytes=a-b", is("bytes=1000-2999"), at(1000), at(3000), 0},
		{"range-open", specs, "bytes=a-", func(n int) string { return fmt.Sprintf("bytes=%d-", n-777) }, end(777), end(0), 0},
		{"range-open-from-0", section, "bytes=0- is 206, the whole file", is("bytes=0-"), at(0), end(0), 0},
		{"range-last-byte", specs, "the last byte by its position", func(n int) string { return fmt.Sprintf("bytes=%d-%d", n-1, n-1) }, end(1), end(0), 0},
		{"range-suffix", specs, "bytes=-n is the end of the file", is("bytes=-500"), end(500), end(0), 0},
		{"range-suffix-1", specs, "bytes=-1 is the last byte", is("bytes=-1"), end(1), end(0), 0},
		{"range-suffix-all", specs, "a suffix as long as the file", func(n int) string { return fmt.Sprintf("bytes=-%d", n) }, at(0), end(0), 0},
		{"range-suffix-longer", specs, "a suffix longer than the file is the whole of it, as 206", func(n int) string { return fmt.Sprintf("bytes=-%d", n+1) }, at(0), end(0), 0},
		{"range-suffix-huge", section, "a suffix of any number of digits", is("bytes=-99999999999999999999999"), at(0), end(0), 0},
		{"range-end-clamped", specs, "an end past the last byte is clamped", func(n int) string { return fmt.Sprintf("bytes=5-%d", n+100) }, at(5), end(0), 0},
		{"range-end-huge", section, "an end of any number of digits is clamped", is("bytes=5-99999999999999999999999"), at(5), end(0), 0},
		{"range-unit-upper", "RFC 9110 14.1", "the unit in upper case", is("BYTES=10-19"), at(10), at(20), 0},
		{"range-unit-mixed", "RFC 9110 14.1", "the unit in mixed case", is("Bytes=10-19"), at(10), at(20), 0},
		{"range-zeros", specs, "leading zeros", is("bytes=0010-00019"), at(10), at(20), 0},
		{"range-space-after-equals", "RFC 9110 5.6.1", "white space around a list element", is("bytes= 10-19 "), at(10), at(20), 0},
		{"range-empty-elements", "RFC 9110 5.6.1", "empty list elements", is("bytes=,10-19, ,"), at(10), at(20), 0},
		{"range-unknown-unit", ranges, "an unknown unit is ignored", is("lines=1-2"), nil, nil, 200},
		{"range-other-unit", ranges, "a unit that begins like bytes is another", is("bytesx=1-2"), nil, nil, 200},
		{"range-start-at-end", section, "a start at the end, as VLC asks", past, nil, nil, 416},
		{"range-start-past-end", "RFC 9110 15.5.17", "a start past the end", func(n int) string { return past(n + 12345) }, nil, nil, 416},
		{"range-start-huge", section, "a start of any number of digits", is("bytes=99999999999999999999-"), nil, nil, 416},
		{"range-suffix-0", specs, "bytes=-0 asks for nothing", is("bytes=-0"), nil, nil, 416},
		{"range-backwards", section, "an end before the start", is("bytes=5-2"), nil, nil, 416},
		{"range-words", section, "no numbers", is("bytes=abc"), nil, nil, 416},
		{"range-inner-spaces", section, "white space within a range", is("bytes=0 - 1"), nil, nil, 416},
		{"range-nothing", section, "bytes= alone", is("bytes="), nil, nil, 416},
		{"range-dash", section, "bytes=- alone", is("bytes=-"), nil, nil, 416},
		{"range-no-equals", section, "a space for the equals sign", is("bytes 0-1"), nil, nil, 416},
		{"range-plus", section, "a sign before a position", is("bytes=+1-2"), nil, nil, 416},
		{"range-hex", section, "hexadecimal positions", is("bytes=0x1-0x2"), nil, nil, 416},
		{"range-fraction", section, "a fraction", is("bytes=1.0-2"), nil, nil, 416},
		{"range-three-numbers", section, "three numbers", is("bytes=1-2-3"), nil, nil, 416},
		{"range-two-dashes", section, "two dashes", is("bytes=--5"), nil, nil, 416},
		{"range-one-bad", section, "one of two that is no range", is("bytes=0-1,x"), nil, nil, 416},
	}
}

func rangeRules() []Rule {
	var rules []Rule
	for _, row := range rangeTable() {
		rules = append(rules, Rule{ID: row.id, Source: row.source, What: row.what, check: row.check})
	}
	return append(rules,
		Rule{ID: "range-two-lines", Source: "http.md ranges", What: "two Range lines are 400", check: func(p *probe) error {
			a, err := p.get(p.file, "Range: bytes=0-1", "Range: bytes=4-5")
			return first(err, func() error { return a.wants(400) })
		}},
		Rule{ID: "range-head", Source: "RFC 9110 14.2", What: "Range on HEAD is ignored: 200, the full length", check: func(p *probe) error {
			a, err := p.do(http.MethodHead, p.file, "Range: bytes=0-1")
			return first(err, func() error { return a.wants(200, "Content-Length", fmt.Sprint(p.size()), "Content-Range", "") })
		}},
		Rule{ID: "range-head-bad", Source: "http.md ranges", What: "so is one that is no range", check: func(p *probe) error {
			a, err := p.do(http.MethodHead, p.file, "Range: bytes=5-2")
			return first(err, func() error { return a.wants(200) })
		}},
		Rule{ID: "range-empty-file", Source: "http.md ranges", What: "Range on an empty file is 200", needs: emptyFile, check: func(p *probe) error {
			a, err := p.get(p.empty, "Range: bytes=0-0")
			return first(err, func() error { return a.wants(200, "Content-Length", "0") })
		}},
		Rule{ID: "range-accept", Source: "RFC 9110 14.3", What: "Accept-Ranges: bytes on 200, 206 and HEAD", check: func(p *probe) error {
			for _, try := range []func() (*answer, error){
				func() (*answer, error) { return p.get(p.file) },
				func() (*answer, error) { return p.get(p.file, "Range: bytes=0-9") },
				func() (*answer, error) { return p.do(http.MethodHead, p.file) },
			} {
				a, err := try()
				if err := first(err, func() error { return a.wants(a.status, "Accept-Ranges", "bytes") }); err != nil {
					return err
				}
			}
			return nil
		}},
	)
}

// first is err, or else what check finds.
func first(err error, check func() error) error {
	if err != nil {
		return err
	}
	return check()
}

func (row rangeRow) check(p *probe) error {
	n := p.size()
	a, err := p.get(p.file, "Range: "+row.header(n))
	if err != nil {
		return err
	}
	switch row.status {
	case 416:
		return a.wants(416, "Content-Range", fmt.Sprintf("bytes */%d", n))
	case 200:
		if err := a.wants(200, "Content-Range", "", "Content-Length", fmt.Sprint(n)); err != nil {
			return err
		}
		return a.bytes(p.data)
	}
	from, to := row.from(n), row.to(n)
	if err := a.wants(206, "Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, n), "Content-Length", fmt.Sprint(to-from), "Etag", p.etag); err != nil {
		return err
	}
	return a.bytes(p.data[from:to])
}

// A span is the bytes [from, to) of the file.
type span struct{ from, to int }

// several asks for ranges and expects the parts, or with one part a plain 206.
func several(header string, parts ...span) func(*probe) error {
	return func(p *probe) error {
		a, err := p.get(p.file, "Range: "+header)
		if err != nil {
			return err
		}
		n := p.size()
		if len(parts) == 1 {
			s := parts[0]
			if err := a.wants(206, "Content-Range", fmt.Sprintf("bytes %d-%d/%d", s.from, s.to-1, n)); err != nil {
				return err
			}
			return a.bytes(p.data[s.from:s.to])
		}
		return a.parts(p, parts)
	}
}

// parts checks a multipart/byteranges body.
func (a *answer) parts(p *probe, parts []span) error {
	kind, params, err := mime.ParseMediaType(a.get("Content-Type"))
	if a.status != 206 || err != nil || kind != "multipart/byteranges" {
		return fmt.Errorf("status %d, Content-Type %q", a.status, a.get("Content-Type"))
	}
	if a.get("Content-Range") != "" || a.chunked || a.get("Content-Length") == "" || a.get("Etag") != p.etag {
		return errors.New("Content-Range beside parts, no Content-Length, or another ETag")
	}
	r := multipart.NewReader(bytes.NewReader(a.body), params["boundary"])
	for i, want := range parts {
		part, err := r.NextRawPart()
		if err != nil {
			return fmt.Errorf("part %d: %w", i, err)
		}
		if got := part.Header.Get("Content-Range"); got != fmt.Sprintf("bytes %d-%d/%d", want.from, want.to-1, p.size()) {
			return fmt.Errorf("part %d: Content-Range %q", i, got)
		}
		if part.Header.Get("Content-Type") == "" {
			return fmt.Errorf("part %d: no Content-Type", i)
		}
		body, err := io.ReadAll(part)
		if err != nil || !bytes.Equal(body, p.data[want.from:want.to]) {
			return fmt.Errorf("part %d: wrong bytes (%v)", i, err)
		}
	}
	if _, err := r.NextRawPart(); err != io.EOF {
		return fmt.Errorf("after the last part: %v", err)
	}
	return nil
}

func manyRangeRules() []Rule {
	const section = "http.md ranges"
	spread := func(n int) (string, []span) {
		var specs []string
		var spans []span
		for i := range n {
			specs = append(specs, fmt.Sprintf("%d-%d", i*1000, i*1000+9))
			spans = append(spans, span{i * 1000, i*1000 + 10})
		}
		return "bytes=" + strings.Join(specs, ","), spans
	}
	most, mostSpans := spread(16)
	more, _ := spread(17)
	tiny := strings.TrimSuffix(strings.Repeat("0-0,", 1000), ",")
	refused := func(header string) func(*probe) error {
		return func(p *probe) error {
			a, err := p.get(p.file, "Range: "+header)
			return first(err, func() error { return a.wants(416, "Content-Range", fmt.Sprintf("bytes */%d", p.size())) })
		}
	}
	return []Rule{
		{ID: "ranges-two", Source: "RFC 9110 14.6", What: "two ranges are multipart/byteranges with a length", check: several("bytes=0-9,9000-9099", span{0, 10}, span{9000, 9100})},
		{ID: "ranges-order", Source: "RFC 9110 15.3.7.2", What: "parts in the order asked for", check: several("bytes=9000-9099,0-9", span{9000, 9100}, span{0, 10})},
		{ID: "ranges-overlap", Source: "RFC 9110 15.3.7.2", What: "overlapping ranges are joined", check: several("bytes=0-99,50-199", span{0, 200})},
		{ID: "ranges-adjacent", Source: "RFC 9110 15.3.7.2", What: "adjacent ranges are joined", check: several("bytes=0-99,100-199", span{0, 200})},
		{ID: "ranges-gap", Source: section, What: "a gap under 256 bytes is joined", check: several("bytes=0-99,300-399", span{0, 400})},
		{ID: "ranges-no-gap", Source: section, What: "a gap of 256 bytes is not", check: several("bytes=0-99,356-399", span{0, 100}, span{356, 400})},
		{ID: "ranges-same", Source: section, What: "a thousand times one range is that range", check: several("bytes="+tiny, span{0, 1})},
		{ID: "ranges-one-left", Source: section, What: "one of two within the file is a plain 206", check: several("bytes=99999999999-,10-19", span{10, 20})},
		{ID: "ranges-none-left", Source: "RFC 9110 15.5.17", What: "none within the file is 416", check: refused("bytes=99999999999-,99999999998-99999999999")},
		{ID: "ranges-sixteen", Source: section, What: "sixteen ranges", check: several(most, mostSpans...)},
		{ID: "ranges-seventeen", Source: section, What: "seventeen are 416", check: refused(more)},
		{ID: "ranges-suffix-and-start", Source: "RFC 9110 14.1.2", What: "a first and a last byte", check: func(p *probe) error {
			return several("bytes=0-0,-1", span{0, 1}, span{p.size() - 1, p.size()})(p)
		}},
	}
}
