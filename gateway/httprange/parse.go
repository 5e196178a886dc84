package httprange

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	// MaxRanges is how many ranges are answered in one body after joining; more
	// are 416. RFC 9110 section 14.2 allows to refuse many small ranges.
	MaxRanges = 16
	// joinGap is the gap in bytes below which two ranges are sent as one: a
	// part's header costs about as much.
	joinGap = 256
)

// A Range is N > 0 bytes of a file from offset Off.
type Range struct{ Off, N int64 }

// End is the offset after the last byte.
func (r Range) End() int64 { return r.Off + r.N }

// ContentRange is the Content-Range of r in a file of size bytes (RFC 9110 section 14.4).
func (r Range) ContentRange(size int64) string {
	return string(r.AppendContentRange(make([]byte, 0, 64), size))
}

// AppendContentRange appends ContentRange.
func (r Range) AppendContentRange(out []byte, size int64) []byte {
	out = append(out, "bytes "...)
	out = append(strconv.AppendInt(out, r.Off, 10), '-')
	out = append(strconv.AppendInt(out, r.End()-1, 10), '/')
	return strconv.AppendInt(out, size, 10)
}

// A Verdict says what a Range header asks of the answer.
type Verdict int

const (
	None Verdict = iota // answer with the whole file: no range, or a unit that is not ours
	Part                // answer with the ranges returned, one or more
	Bad                 // 416: not a range, none within the file, or too many of them
)

// Of is what the Range header asks for of a file of size > 0 bytes. It is ignored where If-Range names
// another version: strongly compared, so a weak tag or a date never matches.
func Of(h http.Header, etag string, size int64) ([]Range, Verdict) {
	lines := h["Range"]
	if len(lines) == 0 {
		return nil, None
	}
	if v := h["If-Range"]; len(v) > 0 && (len(v) > 1 || v[0] != etag) {
		return nil, None
	}
	return Parse(lines[0], size)
}

// Parse reads one Range header line for a file of size > 0 bytes (RFC 9110 section 14).
// It is stricter and more complete than net/http's. It matches the unit in any case and
// ignores an unknown one, and positions may have any number of digits. A value that is
// not a range is an error: net/http would send the whole file, which nobody meant to
// ask for.
//
// Several ranges come back in the order asked. Those that overlap or lie less than
// joinGap apart become one, at the place of the first of them. Those outside the file
// are left out. More than MaxRanges are refused.
func Parse(header string, size int64) ([]Range, Verdict) { return ParseInto(nil, header, size) }

// ParseInto is Parse that makes its ranges of the memory of into.
func ParseInto(into []Range, header string, size int64) ([]Range, Verdict) {
	unit, set, found := strings.Cut(header, "=")
	if !isBytesUnit(unit) {
		return nil, None
	}
	if !found || !strings.EqualFold(unit, "bytes") {
		return nil, Bad // "bytes 0-1", "bytes =0-1"
	}
	ranges := into[:0]
	for more := true; more; {
		var spec string
		spec, set, more = strings.Cut(set, ",")
		spec = strings.Trim(spec, " \t")
		if spec == "" {
			continue // RFC 9110 section 5.6.1: empty list elements are ignored
		}
		r, ok := parseSpec(spec, size)
		if !ok {
			return nil, Bad
		}
		if r.N > 0 {
			ranges = append(ranges, r)
		}
	}
	if len(ranges) > 1 {
		ranges = joinRanges(ranges)
	}
	if len(ranges) == 0 || len(ranges) > MaxRanges {
		return nil, Bad
	}
	return ranges, Part
}

// isBytesUnit reports whether what comes before "=" can only have meant bytes.
func isBytesUnit(unit string) bool {
	const bytes = "bytes"
	unit = strings.TrimLeft(unit, " \t")
	if len(unit) < len(bytes) || !strings.EqualFold(unit[:len(bytes)], bytes) {
		return false
	}
	rest := unit[len(bytes):]
	return rest == "" || rest[0] == ' ' || rest[0] == '\t' || rest[0] >= '0' && rest[0] <= '9'
}

// parseSpec reads "a-b", "a-" or "-n". A range outside the file has n 0.
func parseSpec(spec string, size int64) (r Range, ok bool) {
	from, to, found := strings.Cut(spec, "-")
	if !found {
		return Range{}, false
	}
	if from == "" {
		n, ok := parsePos(to)
		if !ok {
			return Range{}, false
		}
		n = min(n, size)
		return Range{size - n, n}, true
	}
	a, ok := parsePos(from)
	if !ok {
		return Range{}, false
	}
	b := int64(math.MaxInt64)
	if to != "" {
		if b, ok = parsePos(to); !ok || b < a {
			return Range{}, false
		}
	}
	if a >= size {
		return Range{}, true
	}
	return Range{a, min(b, size-1) - a + 1}, true
}

// parsePos reads a run of digits. A number that does not fit is larger than
// any file, and comes back as the largest there is.
func parsePos(s string) (n int64, ok bool) {
	if s == "" {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		digit := int64(s[i] - '0')
		if n > (math.MaxInt64-digit)/10 {
			n = math.MaxInt64
		} else {
			n = n*10 + digit
		}
	}
	return n, true
}

// joinRanges makes one of ranges that overlap or nearly touch. Each joined
// range stands where the first of its parts was asked for.
func joinRanges(ranges []Range) []Range {
	type placed struct {
		Range
		place int
	}
	sorted := make([]placed, len(ranges))
	for i, r := range ranges {
		sorted[i] = placed{r, i}
	}
	slices.SortFunc(sorted, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.Off, b.Off), cmp.Compare(a.place, b.place))
	})
	joined := sorted[:1]
	for _, p := range sorted[1:] {
		last := &joined[len(joined)-1]
		if p.Off-last.End() >= joinGap {
			joined = append(joined, p)
			continue
		}
		last.N = max(last.End(), p.End()) - last.Off
		last.place = min(last.place, p.place)
	}
	slices.SortFunc(joined, func(a, b placed) int { return cmp.Compare(a.place, b.place) })
	out := ranges[:0]
	for _, p := range joined {
		out = append(out, p.Range)
	}
	return out
}
