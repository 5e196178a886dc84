package metainfo

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo/bencode"
)

// manyFileInfo is a v1 dictionary of n files whose paths path gives.
func manyFileInfo(n int, path func(b []byte, i int) []byte) []byte {
	b := []byte("d5:filesl")
	for i := range n {
		b = append(b, "d6:lengthi1e4:pathl"...)
		b = append(path(b, i), "ee"...)
	}
	b = append(b, "e4:name4:temp12:piece lengthi131072e6:pieces"...)
	b = bencode.AppendString(b, make([]byte, 20*((n+131071)/131072)))
	return append(b, 'e')
}

// manyV2Files is a v2 dictionary of n files in its torrent's directory.
func manyV2Files(n int) []byte {
	b := []byte("d9:file treed")
	for i := range n {
		b = bencode.AppendString(b, fmt.Sprintf("%05d", i))
		b = append(b, "d0:d6:lengthi1e11:pieces root"...)
		b = append(bencode.AppendString(b, strings.Repeat("r", 32)), "ee"...)
	}
	return append(b, "e12:meta versioni2e4:name4:temp12:piece lengthi16384ee"...)
}

// heap is how much of it is live.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestMemorySize compares what is counted of a torrent with what the heap grew by, and
// holds what a file costs beyond the dictionary.
func TestMemorySize(t *testing.T) {
	const n = 95_000
	long := strings.Repeat("x", 60)
	for name, c := range map[string]struct {
		raw     []byte
		perFile float64 // bytes beyond the dictionary, at most
	}{
		"one directory": {manyFileInfo(n, func(b []byte, i int) []byte { return bencode.AppendString(b, fmt.Sprint(i)) }), 40},
		"a directory each": {manyFileInfo(n, func(b []byte, i int) []byte {
			return bencode.AppendString(bencode.AppendString(b, fmt.Sprint("d", i)), "f")
		}), 90},
		"long directories": {manyFileInfo(n/10, func(b []byte, i int) []byte {
			return bencode.AppendString(bencode.AppendString(b, fmt.Sprint(strings.Repeat(long, 5), i)), "f")
		}), 400},
		"numbered": {manyFileInfo(MaxDuplicates, func(b []byte, i int) []byte { return bencode.AppendString(b, "same") }), 400},
		"v2":       {manyV2Files(n), 50},
	} {
		t.Run(name, func(t *testing.T) {
			before := heap()
			in, err := ParseInfo(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			grown := heap() - before
			counted := in.MemorySize()
			runtime.KeepAlive(in)
			if per := float64(counted-int64(len(c.raw))) / float64(len(in.Files)); per > c.perFile {
				t.Errorf("%.0f bytes a file beyond the dictionary, at most %.0f", per, c.perFile)
			}
			if slack := grown/20 + 16<<10; counted < grown-slack || counted > grown+grown/4+slack {
				t.Errorf("%d bytes counted, the heap grew by %d", counted, grown)
			}
			t.Logf("dictionary %d, heap %d, counted %d: %.0f a file", len(c.raw), grown, counted, float64(grown-int64(len(c.raw)))/float64(len(in.Files)))
		})
	}
}

// TestTrustedReading compares what is read of a dictionary without checks with what the
// Scanner reads.
func TestTrustedReading(t *testing.T) {
	for name, raw := range map[string]string{
		"plain":        "d6:lengthi1e4:pathl1:a2:bce" + "e",
		"utf-8":        "d6:lengthi1e4:pathl1:ae10:path.utf-8l1:b1:cee",
		"utf-8 first":  "d10:path.utf-8l1:b1:ce4:pathl1:aee",
		"nested":       "d1:al3:abcd1:xi-5eeli1eee4:pathl0:ee",
		"empty values": "d0:0:1:bdee",
	} {
		s := bencode.NewScanner([]byte(raw))
		s.AnyOrder = true
		d, err := readFileDict(s)
		if err != nil {
			t.Fatal(name, err)
		}
		at := trustedField([]byte(raw), 0, "path", "path.utf-8")
		if at == 0 != (d.rawPath() == nil) || at > 0 && !strings.HasPrefix(raw[at:], string(d.rawPath())) {
			t.Errorf("%s: the path at %d, not %q", name, at, d.rawPath())
		}
		if end := trustedSkip([]byte(raw), 0); end != len(raw) {
			t.Errorf("%s: it ends at %d, not %d", name, end, len(raw))
		}
	}
}
