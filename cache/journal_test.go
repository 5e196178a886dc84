package cache

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func testGeometry(id uint32) geometry {
	return geometry{hash: fmt.Sprintf("%020d", id), pieceLen: 1 << 20, pieces: 100, span: 99<<20 + 5, runPieces: runOf(id)}
}

// runOf is how many pieces a run of a test's torrent has.
func runOf(id uint32) int { return 1 + int(id%2)*7 }

// encode is a journal of these records, its torrents' own among them.
func encode(recs ...record) []byte {
	b := appendHeader(nil)
	for _, r := range recs {
		b = r.appendTo(b)
	}
	return b
}

func torrentRec(id uint32) record {
	return record{kind: recordTorrent, id: id, geo: testGeometry(id)}
}
func putRec(id uint32, piece int) record { return putsRec(id, piece, 1) }
func putsRec(id uint32, piece, count int) record {
	return record{kind: recordPut, id: id, piece: piece, count: count}
}
func evictRec(id uint32, run int) record  { return record{kind: recordEvict, id: id, piece: run} }
func dropRec(id uint32, piece int) record { return record{kind: recordDrop, id: id, piece: piece} }
func removeRec(id uint32) record          { return record{kind: recordRemove, id: id} }

func mustReplay(t testing.TB, b []byte) *replay {
	t.Helper()
	res, err := replayJournal(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// said is what a replay claims, as text.
func said(res *replay) string {
	var b bytes.Buffer
	for _, p := range claimed(res) {
		fmt.Fprintf(&b, "%d/%d ", p[0], p[1])
	}
	return b.String()
}

// claimed is the torrents and pieces that a replay claims, run by run.
func claimed(res *replay) (pieces [][2]int) {
	for _, c := range res.runs {
		for k, p := range c.places {
			if p&placeClaimed != 0 {
				pieces = append(pieces, [2]int{int(c.id), c.index*res.torrents[c.id].runPieces + k})
			}
		}
	}
	return pieces
}

func TestRecordBytes(t *testing.T) {
	got := encode(putsRec(7, 3, 1003))[wideLen:]
	want := []byte{0xeb, 0x03, 0, 2 << 3, 7, 0, 0, 0, 3, 0, 0, 0, 0xde, 0x7f, 0x24, 0x38}
	if !bytes.Equal(got, want) {
		t.Fatalf("put record is % x", got)
	}
	if n := len(torrentRec(7).appendTo(nil)); n != wideLen {
		t.Fatalf("torrent record of %d bytes", n)
	}
	for _, r := range []record{torrentRec(7), putRec(7, 3), evictRec(7, 99), dropRec(7, 99), removeRec(1 << 31)} {
		b := r.appendTo(nil)
		back, n, ok := parseRecord(b)
		if !ok || n != len(b) || back != r {
			t.Fatalf("%+v came back as %+v, %d bytes, %v", r, back, n, ok)
		}
	}
	v2 := torrentRec(1)
	v2.geo.hash = string(bytes.Repeat([]byte{9}, 32))
	if back, _, ok := parseRecord(v2.appendTo(nil)); !ok || back != v2 {
		t.Fatalf("%+v came back as %+v", v2, back)
	}
}

func TestReplay(t *testing.T) {
	for _, c := range []struct {
		name string
		recs []record
		want string
		bad  int
	}{
		{"nothing", nil, "", 0},
		{"puts in order", []record{torrentRec(2), putRec(2, 5), putRec(2, 2)}, "2/5 2/2 ", 0},
		{"a put again is newer", []record{torrentRec(2), putRec(2, 5), putRec(2, 2), putRec(2, 5)}, "2/2 2/5 ", 0},
		{"a run", []record{torrentRec(1), putsRec(1, 8, 2), putRec(1, 2), putsRec(1, 14, 2)}, "1/2 1/8 1/9 1/14 1/15 ", 0},
		{"evicted", []record{torrentRec(1), putRec(1, 5), evictRec(1, 0), evictRec(1, 6)}, "", 0},
		{"evicted and put", []record{torrentRec(1), putsRec(1, 4, 2), evictRec(1, 0), putRec(1, 5)}, "1/5 ", 0},
		{"dropped", []record{torrentRec(1), putsRec(1, 4, 4), dropRec(1, 5), dropRec(1, 50), dropRec(1, 1<<30)}, "1/4 1/6 1/7 ", 0},
		{"all dropped", []record{torrentRec(1), putRec(1, 99), dropRec(1, 99)}, "", 0},
		{"no such place", []record{torrentRec(1), putRec(1, 99), dropRec(1, 103)}, "1/99 ", 0},
		{"removed", []record{torrentRec(1), torrentRec(2), putRec(1, 5), putRec(2, 5), removeRec(1)}, "2/5 ", 0},
		{"removed and back", []record{torrentRec(1), putRec(1, 5), removeRec(1), torrentRec(1), putRec(1, 6)}, "1/6 ", 0},
		{"unknown torrent", []record{putRec(1, 5), torrentRec(1), putRec(1, 6)}, "1/6 ", 1},
		{"evicted of an unknown torrent", []record{evictRec(2, 7), dropRec(2, 7), removeRec(3), torrentRec(1), putRec(1, 6)}, "1/6 ", 0},
		{"no such piece", []record{torrentRec(1), putRec(1, 100), torrentRec(2)}, "", 1},
		{"too many", []record{torrentRec(1), putsRec(1, 96, 5), torrentRec(2)}, "", 1},
		{"over the end of the run", []record{torrentRec(1), putsRec(1, 6, 3), torrentRec(2)}, "", 1},
		{"none", []record{torrentRec(1), putsRec(1, 6, 0), torrentRec(2)}, "", 1},
		{"unknown kind", []record{{kind: 9, id: 1}, torrentRec(2)}, "", 1},
		{"not whole at the end", []record{torrentRec(1), putRec(1, 5), {kind: 9, id: 1}, {kind: 9, id: 1}}, "1/5 ", 0},
	} {
		res := mustReplay(t, encode(c.recs...))
		if got := said(res); got != c.want || res.bad != c.bad {
			t.Errorf("%s: %q, %d bad, want %q, %d", c.name, got, res.bad, c.want, c.bad)
		}
	}
	other := torrentRec(2)
	other.geo.hash = testGeometry(1).hash
	res := mustReplay(t, encode(torrentRec(1), putRec(1, 1), other, putRec(2, 2)))
	if said(res) != "2/2 " || len(res.torrents) != 1 {
		t.Errorf("of two torrents of one infohash: %q", said(res))
	}
}

func TestReplayHeader(t *testing.T) {
	good := encode(torrentRec(1), putRec(1, 1))
	for i := range wideLen {
		b := bytes.Clone(good)
		b[i] ^= 4
		if _, err := replayJournal(bytes.NewReader(b)); err != errJournalHeader {
			t.Fatalf("header with byte %d changed: %v", i, err)
		}
	}
	for n := range wideLen {
		if _, err := replayJournal(bytes.NewReader(good[:n])); err != errJournalHeader {
			t.Fatalf("header of %d bytes: %v", n, err)
		}
	}
	broken := io.MultiReader(bytes.NewReader(good), iotest.ErrReader(os.ErrDeadlineExceeded))
	if _, err := replayJournal(broken); err == nil {
		t.Fatal("a journal that cannot be read is believed")
	}
}

// A journal cut anywhere says what its whole records say; a flipped bit costs at
// most the record it is in, and what hangs on it.
func TestReplayDamage(t *testing.T) {
	t.Parallel()
	recs := []record{torrentRec(1)}
	for i := range 50 {
		recs = append(recs, putRec(1, i))
	}
	whole := encode(recs...)
	for n := wideLen; n <= len(whole); n++ {
		res := mustReplay(t, whole[:n])
		want := max(0, (n-2*wideLen)/slotLen)
		if got := len(claimed(res)); got != want {
			t.Fatalf("%d of %d bytes: %d claims, want %d", n, len(whole), got, want)
		}
		if torn := n%slotLen != 0 || n > wideLen && n < 2*wideLen; torn != (res.torn > 0) || res.bad > 0 {
			t.Fatalf("%d of %d bytes: %d torn, %d bad", n, len(whole), res.torn, res.bad)
		}
	}
	for off := 2 * wideLen; off < len(whole); off++ {
		b := bytes.Clone(whole)
		b[off] ^= 0x10
		lost := (off - 2*wideLen) / slotLen
		res := mustReplay(t, b)
		if got := len(claimed(res)); got != 49 || res.bad+res.torn != 1 || (res.torn == 1) != (lost == 49) {
			t.Fatalf("bit in record %d: %d claims, %d bad, %d torn", lost, got, res.bad, res.torn)
		}
		for _, c := range claimed(res) {
			if c[1] == lost {
				t.Fatalf("the damaged record %d counts", lost)
			}
		}
	}
}

// Records do not depend on how the reader cuts the file.
func TestReplayChunks(t *testing.T) {
	t.Parallel()
	var recs []record
	for id := range uint32(40) {
		recs = append(recs, torrentRec(id))
		for i := range 97 {
			recs = append(recs, putRec(id, i))
		}
	}
	for len(recs)*slotLen < 3<<20 {
		recs = append(recs, recs...)
	}
	b := encode(recs...)
	want := said(mustReplay(t, b))
	got, err := replayJournal(iotest.HalfReader(bytes.NewReader(b)))
	if err != nil || said(got) != want || got.bad != 0 || got.end != int64(len(b)) {
		t.Fatalf("%v, %d bad, end %d of %d", err, got.bad, got.end, len(b))
	}
}

// A replay agrees with a map that carries out the same records.
func TestReplayModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		model := map[uint32]map[int]bool{}
		var recs []record
		for range rapid.IntRange(0, 200).Draw(t, "n") {
			id := rapid.Uint32Range(0, 3).Draw(t, "id")
			i := rapid.IntRange(0, 19).Draw(t, "piece")
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				recs = append(recs, removeRec(id))
				delete(model, id)
			case 1:
				recs = append(recs, evictRec(id, i/runOf(id)))
				maps.DeleteFunc(model[id], func(k int, _ bool) bool { return k/runOf(id) == i/runOf(id) })
			case 2, 3:
				recs = append(recs, dropRec(id, i))
				delete(model[id], i)
			default:
				if model[id] == nil {
					model[id] = map[int]bool{}
					recs = append(recs, torrentRec(id))
				}
				n := rapid.IntRange(1, runOf(id)-i%runOf(id)).Draw(t, "count")
				recs = append(recs, putsRec(id, i, n))
				for k := range n {
					model[id][i+k] = true
				}
			}
		}
		res := mustReplayRapid(t, encode(recs...))
		check := func(res *replay) {
			got := map[uint32]map[int]bool{}
			for _, c := range claimed(res) {
				id := uint32(c[0])
				if got[id] == nil {
					got[id] = map[int]bool{}
				}
				if got[id][c[1]] {
					t.Fatalf("%v claimed twice", c)
				}
				got[id][c[1]] = true
			}
			maps.DeleteFunc(model, func(_ uint32, m map[int]bool) bool { return len(m) == 0 })
			if !maps.EqualFunc(got, model, maps.Equal) {
				t.Fatalf("claims %v, want %v", got, model)
			}
		}
		check(res)
		short := mustReplayRapid(t, encode(slices.Collect(res.records)...))
		check(short)
		if said(short) != said(res) || short.bad != 0 {
			t.Fatalf("rewritten: %s, before %s", said(short), said(res))
		}
	})
}

func mustReplayRapid(t *rapid.T, b []byte) *replay {
	res, err := replayJournal(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func FuzzReplay(f *testing.F) {
	f.Add(encode(torrentRec(1), putRec(1, 5), evictRec(1, 0), removeRec(1))[wideLen:])
	f.Add(encode(torrentRec(1), putRec(1, 5), putsRec(1, 6, 2), dropRec(1, 7))[wideLen:])
	f.Add(bytes.Repeat([]byte{0x10}, 100))
	f.Fuzz(func(t *testing.T, body []byte) {
		res, err := replayJournal(bytes.NewReader(append(appendHeader(nil), body...)))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[[2]int]bool{}
		for _, c := range claimed(res) {
			geo, ok := res.torrents[uint32(c[0])]
			if !ok || !geo.valid() || !geo.fits(c[1], 1) || seen[c] {
				t.Fatalf("claim %v of %+v", c, geo)
			}
			seen[c] = true
			if uint32(c[0]) >= res.nextID {
				t.Fatalf("id %d, next %d", c[0], res.nextID)
			}
		}
		if res.end > int64(wideLen+len(body)) || res.end%slotLen != 0 {
			t.Fatalf("end %d of %d", res.end, wideLen+len(body))
		}
		again := mustReplay(t, encode(slices.Collect(res.records)...))
		if said(again) != said(res) || again.bad != 0 {
			t.Fatalf("rewritten: %s, before %s", said(again), said(res))
		}
	})
}

// openTestJournal opens the journal in dir as openDisk does.
func openTestJournal(t *testing.T, dir string) (*journal, *replay) {
	t.Helper()
	d, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	j, res, rebuilt, err := openJournal(d)
	if err != nil || rebuilt != nil {
		t.Fatalf("%v, rebuilt %v", err, rebuilt)
	}
	t.Cleanup(func() { _ = j.close() })
	return j, res
}

func TestJournalAppend(t *testing.T) {
	dir := t.TempDir()
	j, _ := openTestJournal(t, dir)
	for i := range 10 {
		if err := j.append(slices.Values([]record{putRec(3, i)}), testGeometry); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.append(slices.Values([]record{dropRec(3, 0), dropRec(3, 4), evictRec(3, 1)}), testGeometry); err != nil {
		t.Fatal(err)
	}
	if err := j.sync(); err != nil {
		t.Fatal(err)
	}
	if want := int64(2*wideLen + 13*slotLen); j.end != want {
		t.Fatalf("end %d, want %d", j.end, want)
	}
	_ = j.close()
	j, res := openTestJournal(t, dir)
	if got := said(res); got != "3/1 3/2 3/3 3/5 3/6 3/7 " {
		t.Fatalf("after reopening: %s", got)
	}
	if !j.named[3] {
		t.Fatal("the torrent would be named again")
	}
}

// An append that fails is written over by the next, and leaves nothing behind.
func TestJournalAppendFails(t *testing.T) {
	dir := t.TempDir()
	j, _ := openTestJournal(t, dir)
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	good := j.f
	j.f = osFile{File: full}
	if err := j.append(slices.Values([]record{putRec(3, 1)}), testGeometry); !noSpace(err) {
		t.Fatalf("append to a full disk: %v", err)
	}
	j.f = good
	if err := j.append(slices.Values([]record{putRec(3, 2)}), testGeometry); err != nil {
		t.Fatal(err)
	}
	_ = j.close()
	if _, res := openTestJournal(t, dir); said(res) != "3/2 " || res.bad != 0 {
		t.Fatalf("%s, %d bad", said(res), res.bad)
	}
}

// What a journal was told, in any order and with appends that fail, it says after it
// was opened again, cut off anywhere in its last append or not: no record makes no sense.
func TestJournalModel(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		j, _ := openTestJournal(t, dir)
		j.compact = rapid.IntRange(10, 1000).Draw(rt, "compact")
		model := map[[2]int]bool{}
		var from int64 // where the last append began; 0: the file was rewritten since
		for range rapid.IntRange(1, 20).Draw(rt, "appends") {
			from = j.end
			next := maps.Clone(model)
			recs := make([]record, 0, 8)
			for range rapid.IntRange(1, 8).Draw(rt, "records") {
				id, i := rapid.IntRange(0, 3).Draw(rt, "id"), rapid.IntRange(0, 19).Draw(rt, "piece")
				size := runOf(uint32(id))
				switch rapid.IntRange(0, 7).Draw(rt, "kind") {
				case 0:
					recs = append(recs, removeRec(uint32(id)))
					maps.DeleteFunc(next, func(k [2]int, _ bool) bool { return k[0] == id })
				case 1, 2:
					recs = append(recs, dropRec(uint32(id), i))
					delete(next, [2]int{id, i})
				case 3:
					recs = append(recs, evictRec(uint32(id), i/size))
					maps.DeleteFunc(next, func(k [2]int, _ bool) bool { return k[0] == id && k[1]/size == i/size })
				default:
					recs = append(recs, putRec(uint32(id), i))
					next[[2]int{id, i}] = true
				}
			}
			if rapid.IntRange(0, 4).Draw(rt, "fails") == 0 {
				good := j.f
				j.f = osFile{File: full}
				_ = j.append(slices.Values(recs), testGeometry)
				j.f = good
				continue
			}
			if err := j.append(slices.Values(recs), testGeometry); err != nil {
				rt.Fatal(err)
			}
			model = next
			if was := j.total; j.tidy() == nil && j.total < was {
				from = 0
			}
		}
		end := j.end
		_ = j.close()
		name := filepath.Join(dir, journalName)
		j, res := openTestJournal(t, dir)
		check := func(want map[[2]int]bool) {
			got := map[[2]int]bool{}
			for _, c := range claimed(res) {
				got[c] = true
			}
			if !maps.Equal(got, want) || res.bad != 0 {
				rt.Fatalf("claims %v, want %v; %d bad", got, want, res.bad)
			}
		}
		check(model)
		_ = j.close()
		if from == 0 || from >= end {
			return
		}
		// All of what was there before, or with some of the last append.
		if err := os.Truncate(name, rapid.Int64Range(from, end).Draw(rt, "cut")); err != nil {
			rt.Fatal(err)
		}
		j, res = openTestJournal(t, dir)
		if res.bad != 0 {
			rt.Fatalf("%d bad after a cut", res.bad)
		}
		if err := j.append(slices.Values([]record{putRec(3, 30)}), testGeometry); err != nil {
			rt.Fatal(err)
		}
		claims := len(claimed(res))
		_ = j.close()
		if _, res = openTestJournal(t, dir); len(claimed(res)) != claims+1 || res.bad != 0 || res.torn != 0 {
			rt.Fatalf("%d claims after one more than %d, %d bad, %d torn", len(claimed(res)), claims, res.bad, res.torn)
		}
	})
}

// The journal is rewritten when most of it is history, and says the same after.
func TestJournalCompacts(t *testing.T) {
	dir := t.TempDir()
	j, _ := openTestJournal(t, dir)
	j.compact = 1000
	grown := 0
	for i := range 2000 {
		recs := []record{putRec(3, i%90)}
		if i >= 10 {
			recs = append(recs, dropRec(3, (i-10)%90))
		}
		before := j.total
		if err := j.append(slices.Values(recs), testGeometry); err != nil {
			t.Fatal(err)
		}
		if err := j.tidy(); err != nil {
			t.Fatal(err)
		}
		if j.total < before {
			grown++
			if j.total < 2+wideLen/slotLen || j.total > 4+wideLen/slotLen {
				t.Fatalf("%d records for ten pieces in a row", j.total)
			}
			j.compact = 1000
		}
	}
	if grown < 3 {
		t.Fatalf("rewritten %d times", grown)
	}
	_ = j.close()
	if _, res := openTestJournal(t, dir); len(claimed(res)) != 10 || res.bad != 0 {
		t.Fatalf("%s, %d bad", said(res), res.bad)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, ".*")); len(names) > 0 {
		t.Fatalf("left behind: %v", names)
	}
}

// What is no journal is replaced; a torn one is repaired.
func TestJournalRepair(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, journalName)
	if err := os.WriteFile(name, []byte("something else entirely"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	j, res, rebuilt, err := openJournal(d)
	if err != nil || rebuilt == nil || len(res.runs) != 0 {
		t.Fatalf("%v, rebuilt %v, %d runs", err, rebuilt, len(res.runs))
	}
	_ = j.close()
	torn := encode(torrentRec(3), putRec(3, 1), putRec(3, 2))
	if err := os.WriteFile(name, torn[:len(torn)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	j, _ = openTestJournal(t, dir)
	_ = j.close()
	if _, res := openTestJournal(t, dir); said(res) != "3/1 " || res.bad != 0 {
		t.Fatalf("%s, %d bad", said(res), res.bad)
	}
}

func BenchmarkReplay(b *testing.B) {
	const pieces = 500_000
	buf := appendHeader(nil)
	for id := range uint32(pieces / 1000) {
		geo := geometry{hash: fmt.Sprintf("%020d", id), pieceLen: 1 << 20, pieces: 1000, span: 1000 << 20, runPieces: 8}
		buf = record{kind: recordTorrent, id: id, geo: geo}.appendTo(buf)
		for range 1000 {
			buf = record{kind: recordPut, id: id, piece: rand.IntN(1000), count: 1}.appendTo(buf)
		}
	}
	for b.Loop() {
		if _, err := replayJournal(bytes.NewReader(buf)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/pieces, "ns/record")
}
