package gateway

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A byteRange is n > 0 bytes of a file from off.
type byteRange struct{ off, n int64 }

// end is the offset after the last byte.
func (r byteRange) end() int64 { return r.off + r.n }

// A rangeVerdict says what a Range header asks of the answer.
type rangeVerdict int

const (
	rangeNone rangeVerdict = iota // answer with the whole file: no range, or a unit that is not ours
	rangePart                     // answer with the ranges returned, one or more
	rangeBad                      // 416: not a range, none within the file, or too many of them
)

// parseRange reads one Range header line for a file of size > 0 bytes (RFC
// 9110 section 14). It is stricter and more complete than net/http's: the unit
// is matched in any case and an unknown one is ignored, positions may have any
// number of digits, and what is not a range is an error rather than a reason
// to send the whole file, which nobody meant to ask for.
//
// Several ranges come back in the order asked; those that overlap or lie less
// than joinGap apart are one, at the place of the first of them, and those
// outside the file are left out. More than MaxRanges are refused.
func parseRange(header string, size int64) ([]byteRange, rangeVerdict) {
	unit, set, found := strings.Cut(header, "=")
	if !isBytesUnit(unit) {
		return nil, rangeNone
	}
	if !found || !strings.EqualFold(unit, "bytes") {
		return nil, rangeBad // "bytes 0-1", "bytes =0-1"
	}
	var ranges []byteRange
	for more := true; more; {
		var spec string
		spec, set, more = strings.Cut(set, ",")
		spec = strings.Trim(spec, " \t")
		if spec == "" {
			continue // RFC 9110 section 5.6.1: empty list elements are ignored
		}
		r, ok := parseSpec(spec, size)
		if !ok {
			return nil, rangeBad
		}
		if r.n > 0 {
			ranges = append(ranges, r)
		}
	}
	if len(ranges) > 1 {
		ranges = joinRanges(ranges)
	}
	if len(ranges) == 0 || len(ranges) > MaxRanges {
		return nil, rangeBad
	}
	return ranges, rangePart
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
func parseSpec(spec string, size int64) (r byteRange, ok bool) {
	from, to, found := strings.Cut(spec, "-")
	if !found {
		return byteRange{}, false
	}
	if from == "" {
		n, ok := parsePos(to)
		if !ok {
			return byteRange{}, false
		}
		n = min(n, size)
		return byteRange{size - n, n}, true
	}
	a, ok := parsePos(from)
	if !ok {
		return byteRange{}, false
	}
	b := int64(math.MaxInt64)
	if to != "" {
		if b, ok = parsePos(to); !ok || b < a {
			return byteRange{}, false
		}
	}
	if a >= size {
		return byteRange{}, true
	}
	return byteRange{a, min(b, size-1) - a + 1}, true
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
func joinRanges(ranges []byteRange) []byteRange {
	type placed struct {
		byteRange
		place int
	}
	sorted := make([]placed, len(ranges))
	for i, r := range ranges {
		sorted[i] = placed{r, i}
	}
	slices.SortFunc(sorted, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.off, b.off), cmp.Compare(a.place, b.place))
	})
	joined := sorted[:1]
	for _, p := range sorted[1:] {
		last := &joined[len(joined)-1]
		if p.off-last.end() >= joinGap {
			joined = append(joined, p)
			continue
		}
		last.n = max(last.end(), p.end()) - last.off
		last.place = min(last.place, p.place)
	}
	slices.SortFunc(joined, func(a, b placed) int { return cmp.Compare(a.place, b.place) })
	out := ranges[:0]
	for _, p := range joined {
		out = append(out, p.byteRange)
	}
	return out
}
