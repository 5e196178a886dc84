package metainfo

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/cputime"
	"github.com/btgw/btgw/metainfo/bencode"
)

// hostileInfos are info dictionaries, and what looks like them, of the largest
// size that is let in, made to cost time or memory.
func hostileInfos() map[string][]byte {
	const size = MaxInfoLen
	fill := func(head, unit, tail string) []byte {
		n := (size - len(head) - len(tail)) / len(unit)
		return []byte(head + strings.Repeat(unit, n) + tail)
	}
	keys := []byte("d")
	for i := 0; len(keys) < size-5; i++ {
		keys = append(keys, '3', ':', byte(i>>16), byte(i>>8), byte(i), '0', ':')
	}
	deep := strings.Repeat("d1:a", 27) + "d0:d6:lengthi0eee"
	var tree bytes.Buffer // 27 directories deep, wide at the bottom
	tree.WriteString("d9:file tree" + strings.Repeat("d1:a", 26) + "d")
	for i := 0; tree.Len() < size-400; i++ {
		fmt.Fprintf(&tree, "7:%07dd0:d6:lengthi0eee", i)
	}
	tree.WriteString(strings.Repeat("e", 27) + "12:meta versioni2e4:name1:a12:piece lengthi16384ee")
	var comb bytes.Buffer // each file with 27 directories of its own
	comb.WriteString("d9:file treed")
	for i := 0; comb.Len() < size-400; i++ {
		fmt.Fprintf(&comb, "7:%07d%s%s", i, deep, strings.Repeat("e", 27))
	}
	comb.WriteString("e12:meta versioni2e4:name1:a12:piece lengthi16384ee")
	files := "4:name1:a12:piece lengthi16384e6:pieces20:" + strings.Repeat("a", 20) + "e"
	return map[string][]byte{
		"10 MB integer":              fill("d6:lengthi", "9", "ee"),
		"10 MB negative integer":     fill("d6:lengthi-", "9", "ee"),
		"10 MB zeros":                fill("d6:lengthi", "0", "ee"),
		"10 MB string length":        fill("d4:name", "9", ":e"),
		"length 2^63":                []byte("d4:name9223372036854775808:e"),
		"length 2^64":                []byte("d4:name18446744073709551616:e"),
		"length beyond the end":      []byte("d4:name9999999:e"),
		"5 M lists":                  fill("d1:xl", "le", "ee"),
		"10 M lists, nested":         fill("d1:x", "l", "e"),
		"3 M keys":                   append(keys, 'e'),
		"3 M empty strings":          fill("d1:xl", "0:", "ee"),
		"3 M integers":               fill("d1:xl", "i0e", "ee"),
		"2 M dictionaries":           fill("d1:xl", "d0:0:e", "ee"),
		"300,000 files":              fill("d5:filesl", "d6:lengthi1e4:pathl1:aee", "e"+files),
		"files of a thousand levels": fill("d5:filesl", "d6:lengthi1e4:pathl"+strings.Repeat("0:", 1000)+"ee", "e"+files),
		"files of 64 levels":         fill("d5:filesl", "d6:lengthi0e4:pathl"+strings.Repeat("1:a", 64)+"ee", "e"+files),
		"one path of 3 M":            fill("d5:filesld6:lengthi0e4:pathl", "1:a", "eee"+files),
		"links of 64 levels":         fill("d5:filesl", "d4:attr1:l4:pathl1:ae12:symlink pathl"+strings.Repeat("0:", 64)+"ee", "e"+files),
		"wide tree, deep down":       tree.Bytes(),
		"deep trees, side by side":   comb.Bytes(),
	}
}

// TestHostile parses them: each is refused, in memory that does not depend on
// what it asks for, and in a moment. The CPU time here, which the race detector
// multiplies, only catches what is not linear; BenchmarkHostile measures it.
func TestHostile(t *testing.T) {
	const maxTime = 8 * time.Second // 0.4 s at the most
	for name, raw := range hostileInfos() {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := cputime.Used()
			in, err := ParseInfo(raw)
			took := cputime.Used() - start
			runtime.ReadMemStats(&after)
			if in != nil || err == nil {
				t.Error("accepted")
			}
			maxBytes := uint64(32 << 20)
			if !errors.Is(err, ReasonBencode) {
				maxBytes = 64 << 20 // what is built before a limit is met
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > maxBytes {
				t.Errorf("%d bytes allocated", n)
			}
			if took > maxTime {
				t.Errorf("%v", took)
			}
			t.Logf("%v, %d KiB, %d allocations: %v", took.Round(time.Microsecond),
				(after.TotalAlloc-before.TotalAlloc)>>10, after.Mallocs-before.Mallocs, err)
		})
	}
}

func BenchmarkHostile(b *testing.B) {
	for name, raw := range hostileInfos() {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseInfo(raw); err == nil {
					b.Fatal("accepted")
				}
			}
		})
	}
}

// largestInfo is a v1 torrent of as many files as there may be.
func largestInfo() []byte {
	b := []byte("d5:filesl")
	for i := range MaxFiles {
		b = append(b, "d6:lengthi16384e4:pathl"...)
		b = bencode.AppendString(b, fmt.Sprint("Season ", i/1000))
		b = bencode.AppendString(b, fmt.Sprint("Episode ", i, ".mkv"))
		b = append(b, "ee"...)
	}
	b = append(b, "e4:name4:temp12:piece lengthi16384e6:pieces"...)
	b = bencode.AppendString(b, make([]byte, 20*MaxFiles))
	return append(b, 'e')
}

// TestLargestIsAccepted parses it, and looks at its tree.
func TestLargestIsAccepted(t *testing.T) {
	in, err := ParseInfo(largestInfo())
	if err != nil {
		t.Fatal(err)
	}
	seasons := slices.Collect(in.Top().Children())
	if len(seasons) != 100 || seasons[10].Name != "Season 10" || slices.Collect(seasons[99].Children())[999].Name != "Episode 99999.mkv" {
		t.Errorf("%d seasons", len(seasons))
	}
	if _, err := in.Lookup([]string{"temp", "Season 7", "Episode 7777.mkv"}); err != nil {
		t.Error(err)
	}
}

func BenchmarkParseInfo(b *testing.B) {
	for name, raw := range map[string][]byte{
		"small": encode(b, v1Multi()), "hybrid": encode(b, hybridMulti()), "100000_files": largestInfo(),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, err := ParseInfo(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkChildren goes through a directory of 1,000 files.
func BenchmarkChildren(b *testing.B) {
	in, err := ParseInfo(largestInfo())
	if err != nil {
		b.Fatal(err)
	}
	dir, err := in.Lookup([]string{"temp", "Season 7"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for node := range dir.Children() {
			if node.Name == "" {
				b.Fatal("no name")
			}
		}
	}
}
