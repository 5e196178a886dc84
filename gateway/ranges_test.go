package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseRange(t *testing.T) {
	const size = 1000
	many := func(n, step int) string {
		specs := make([]string, n)
		for i := range specs {
			specs[i] = fmt.Sprintf("%d-%d", i*step, i*step)
		}
		return strings.Join(specs, ",")
	}
	tests := []struct {
		header  string
		verdict rangeVerdict
		want    []byteRange
	}{
		{"bytes=0-0", rangePart, []byteRange{{0, 1}}},
		{"bytes=0-1", rangePart, []byteRange{{0, 2}}},
		{"bytes=0-", rangePart, []byteRange{{0, 1000}}},
		{"bytes=999-", rangePart, []byteRange{{999, 1}}},
		{"bytes=10-19", rangePart, []byteRange{{10, 10}}},
		{"bytes=0010-0019", rangePart, []byteRange{{10, 10}}},
		{"bytes=-1", rangePart, []byteRange{{999, 1}}},
		{"bytes=-1000", rangePart, []byteRange{{0, 1000}}},
		{"bytes=-1001", rangePart, []byteRange{{0, 1000}}},
		{"bytes=-99999999999999999999", rangePart, []byteRange{{0, 1000}}},
		{"bytes=5-99999999999999999999", rangePart, []byteRange{{5, 995}}},
		{"bytes=5-9223372036854775807", rangePart, []byteRange{{5, 995}}},
		{"Bytes=0-1", rangePart, []byteRange{{0, 2}}},
		{"BYTES=0-1", rangePart, []byteRange{{0, 2}}},
		{"bytes= 0-1", rangePart, []byteRange{{0, 2}}},
		{"bytes=0-1 ", rangePart, []byteRange{{0, 2}}},
		{"bytes=,0-1,,", rangePart, []byteRange{{0, 2}}},

		{"bytes=1000-", rangeBad, nil},
		{"bytes=1000-1001", rangeBad, nil},
		{"bytes=-0", rangeBad, nil},
		{"bytes=99999999999999999999-", rangeBad, nil},
		{"bytes=99999999999999999999-99999999999999999999", rangeBad, nil},
		{"bytes=5-2", rangeBad, nil},
		{"bytes=abc", rangeBad, nil},
		{"bytes=0 - 1", rangeBad, nil},
		{"bytes=0-1-2", rangeBad, nil},
		{"bytes=-", rangeBad, nil},
		{"bytes=--1", rangeBad, nil},
		{"bytes=+1-2", rangeBad, nil},
		{"bytes=0x1-2", rangeBad, nil},
		{"bytes=", rangeBad, nil},
		{"bytes=,", rangeBad, nil},
		{"bytes", rangeBad, nil},
		{"bytes 0-1", rangeBad, nil},
		{"bytes0-1", rangeBad, nil},
		{"bytes =0-1", rangeBad, nil},
		{"bytes=0-1,5-2", rangeBad, nil},
		{"bytes=0-1;5-6", rangeBad, nil},

		{"", rangeNone, nil},
		{"items=0-1", rangeNone, nil},
		{"bytesx=0-1", rangeNone, nil},
		{"0-1", rangeNone, nil},
		{"none", rangeNone, nil},

		{"bytes=0-9,10-19", rangePart, []byteRange{{0, 20}}},            // adjacent
		{"bytes=0-19,10-29", rangePart, []byteRange{{0, 30}}},           // overlapping
		{"bytes=10-19,0-29", rangePart, []byteRange{{0, 30}}},           // inside
		{"bytes=0-0,256-256", rangePart, []byteRange{{0, 257}}},         // a gap of 255
		{"bytes=0-0,257-257", rangePart, []byteRange{{0, 1}, {257, 1}}}, // a gap of 256
		{"bytes=500-509,0-9", rangePart, []byteRange{{500, 10}, {0, 10}}},
		{"bytes=500-509, 0-9,\t505-519", rangePart, []byteRange{{500, 20}, {0, 10}}},
		{"bytes=0-9,2000-", rangePart, []byteRange{{0, 10}}}, // what lies outside is left out
		{"bytes=2000-,3000-", rangeBad, nil},
		{"bytes=0-,-1", rangePart, []byteRange{{0, 1000}}},
		{"bytes=" + many(900, 1), rangePart, []byteRange{{0, 900}}},
	}
	for _, test := range tests {
		got, verdict := parseRange(test.header, size)
		if verdict != test.verdict || !slices.Equal(got, test.want) {
			t.Errorf("%q: %v %v, want %v %v", test.header, verdict, got, test.verdict, test.want)
		}
	}
	for n, want := range map[int]rangeVerdict{MaxRanges: rangePart, MaxRanges + 1: rangeBad} {
		if got, verdict := parseRange("bytes="+many(n, 300), 1<<20); verdict != want || verdict == rangePart && len(got) != n {
			t.Errorf("%d ranges: %v, %d left", n, verdict, len(got))
		}
	}
}

// Every byte asked for is in the answer once, and nothing but gaps beside it.
func TestParseRangeProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, 5000).Draw(t, "size")
		asked := make(map[int64]bool)
		var specs []string
		for range rapid.IntRange(1, 20).Draw(t, "specs") {
			a := rapid.Int64Range(0, 6000).Draw(t, "from")
			b := a + rapid.Int64Range(0, 400).Draw(t, "more")
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				specs = append(specs, fmt.Sprintf("-%d", b))
				a, b = max(0, size-b), size-1
			case 1:
				specs = append(specs, fmt.Sprintf("%d-", a))
				b = size - 1
			default:
				specs = append(specs, fmt.Sprintf("%d-%d", a, b))
			}
			for i := a; i <= min(b, size-1); i++ {
				asked[i] = true
			}
		}
		ranges, verdict := parseRange("bytes="+strings.Join(specs, ","), size)
		if verdict == rangeBad {
			if len(asked) > 0 && len(specs) <= MaxRanges {
				t.Fatalf("refused, though %d bytes can be had", len(asked))
			}
			return
		}
		sorted := slices.Clone(ranges)
		slices.SortFunc(sorted, func(a, b byteRange) int { return int(a.off - b.off) })
		for i, r := range sorted {
			if r.off < 0 || r.n < 1 || r.end() > size {
				t.Fatalf("%v is not in the file", r)
			}
			if i > 0 && r.off-sorted[i-1].end() < joinGap {
				t.Fatalf("%v and %v were not joined", sorted[i-1], r)
			}
			gap := 0
			for at := r.off; at < r.end(); at++ {
				if asked[at] {
					gap = 0
				} else if gap++; gap >= joinGap {
					t.Fatalf("%v holds %d bytes that nobody asked for", r, gap)
				}
				delete(asked, at)
			}
		}
		if len(asked) > 0 {
			t.Fatalf("%d bytes asked for are in no range", len(asked))
		}
	})
}

func FuzzParseRange(f *testing.F) {
	for _, seed := range []string{"bytes=0-1", "bytes=-5,7-", "bytes=5-2", "Bytes=0-0, 300-", "items=1", "bytes=99999999999999999999-"} {
		f.Add(seed, int64(1000))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 1 {
			return
		}
		ranges, verdict := parseRange(header, size)
		if (verdict == rangePart) != (len(ranges) > 0) || len(ranges) > MaxRanges {
			t.Fatalf("%v with %d ranges", verdict, len(ranges))
		}
		for _, r := range ranges {
			if r.off < 0 || r.n < 1 || r.end() > size || r.end() < r.off {
				t.Fatalf("%v of %d bytes", r, size)
			}
		}
	})
}

func BenchmarkParseRange(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, verdict := parseRange("bytes=1048576-1114111", 1<<30); verdict != rangePart {
			b.Fatal(verdict)
		}
	}
}
