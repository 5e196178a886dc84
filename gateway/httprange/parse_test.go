package httprange

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
		verdict Verdict
		want    []Range
	}{
		{"bytes=0-0", Part, []Range{{0, 1}}},
		{"bytes=0-1", Part, []Range{{0, 2}}},
		{"bytes=0-", Part, []Range{{0, 1000}}},
		{"bytes=999-", Part, []Range{{999, 1}}},
		{"bytes=10-19", Part, []Range{{10, 10}}},
		{"bytes=0010-0019", Part, []Range{{10, 10}}},
		{"bytes=-1", Part, []Range{{999, 1}}},
		{"bytes=-1000", Part, []Range{{0, 1000}}},
		{"bytes=-1001", Part, []Range{{0, 1000}}},
		{"bytes=-99999999999999999999", Part, []Range{{0, 1000}}},
		{"bytes=5-99999999999999999999", Part, []Range{{5, 995}}},
		{"bytes=5-9223372036854775807", Part, []Range{{5, 995}}},
		{"Bytes=0-1", Part, []Range{{0, 2}}},
		{"BYTES=0-1", Part, []Range{{0, 2}}},
		{"bytes= 0-1", Part, []Range{{0, 2}}},
		{"bytes=0-1 ", Part, []Range{{0, 2}}},
		{"bytes=,0-1,,", Part, []Range{{0, 2}}},

		{"bytes=1000-", Bad, nil},
		{"bytes=1000-1001", Bad, nil},
		{"bytes=-0", Bad, nil},
		{"bytes=99999999999999999999-", Bad, nil},
		{"bytes=99999999999999999999-99999999999999999999", Bad, nil},
		{"bytes=5-2", Bad, nil},
		{"bytes=abc", Bad, nil},
		{"bytes=0 - 1", Bad, nil},
		{"bytes=0-1-2", Bad, nil},
		{"bytes=-", Bad, nil},
		{"bytes=--1", Bad, nil},
		{"bytes=+1-2", Bad, nil},
		{"bytes=0x1-2", Bad, nil},
		{"bytes=", Bad, nil},
		{"bytes=,", Bad, nil},
		{"bytes", Bad, nil},
		{"bytes 0-1", Bad, nil},
		{"bytes0-1", Bad, nil},
		{"bytes =0-1", Bad, nil},
		{"bytes=0-1,5-2", Bad, nil},
		{"bytes=0-1;5-6", Bad, nil},

		{"", None, nil},
		{"items=0-1", None, nil},
		{"bytesx=0-1", None, nil},
		{"0-1", None, nil},
		{"none", None, nil},

		{"bytes=0-9,10-19", Part, []Range{{0, 20}}},            // adjacent
		{"bytes=0-19,10-29", Part, []Range{{0, 30}}},           // overlapping
		{"bytes=10-19,0-29", Part, []Range{{0, 30}}},           // inside
		{"bytes=0-0,256-256", Part, []Range{{0, 257}}},         // a gap of 255
		{"bytes=0-0,257-257", Part, []Range{{0, 1}, {257, 1}}}, // a gap of 256
		{"bytes=500-509,0-9", Part, []Range{{500, 10}, {0, 10}}},
		{"bytes=500-509, 0-9,\t505-519", Part, []Range{{500, 20}, {0, 10}}},
		{"bytes=0-9,2000-", Part, []Range{{0, 10}}}, // what lies outside is left out
		{"bytes=2000-,3000-", Bad, nil},
		{"bytes=0-,-1", Part, []Range{{0, 1000}}},
		{"bytes=" + many(900, 1), Part, []Range{{0, 900}}},
	}
	for _, test := range tests {
		got, verdict := Parse(test.header, size)
		if verdict != test.verdict || !slices.Equal(got, test.want) {
			t.Errorf("%q: %v %v, want %v %v", test.header, verdict, got, test.verdict, test.want)
		}
	}
	for n, want := range map[int]Verdict{MaxRanges: Part, MaxRanges + 1: Bad} {
		if got, verdict := Parse("bytes="+many(n, 300), 1<<20); verdict != want || verdict == Part && len(got) != n {
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
		ranges, verdict := Parse("bytes="+strings.Join(specs, ","), size)
		if verdict == Bad {
			if len(asked) > 0 && len(specs) <= MaxRanges {
				t.Fatalf("refused, though %d bytes can be had", len(asked))
			}
			return
		}
		sorted := slices.Clone(ranges)
		slices.SortFunc(sorted, func(a, b Range) int { return int(a.Off - b.Off) })
		for i, r := range sorted {
			if r.Off < 0 || r.N < 1 || r.End() > size {
				t.Fatalf("%v is not in the file", r)
			}
			if i > 0 && r.Off-sorted[i-1].End() < joinGap {
				t.Fatalf("%v and %v were not joined", sorted[i-1], r)
			}
			gap := 0
			for at := r.Off; at < r.End(); at++ {
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
		ranges, verdict := Parse(header, size)
		if (verdict == Part) != (len(ranges) > 0) || len(ranges) > MaxRanges {
			t.Fatalf("%v with %d ranges", verdict, len(ranges))
		}
		for _, r := range ranges {
			if r.Off < 0 || r.N < 1 || r.End() > size || r.End() < r.Off {
				t.Fatalf("%v of %d bytes", r, size)
			}
		}
	})
}

func BenchmarkParseRange(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, verdict := Parse("bytes=1048576-1114111", 1<<30); verdict != Part {
			b.Fatal(verdict)
		}
	}
}
