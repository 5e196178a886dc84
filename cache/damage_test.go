package cache

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// dataFilePath is the path of the data file of a torrent's first run.
func dataFilePath(dir string, f *fixture) string {
	return filepath.Join(dir, piecesDir, runName(geometryOf(f.info).hash, 0))
}

// rewriteFile changes a file by a function.
func rewriteFile(t *testing.T, name string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, change(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Whatever happens to the files while no process has them, the next run starts,
// gives right bytes or none, and can take all pieces anew.
func TestDamage(t *testing.T) {
	t.Parallel()
	const pieces = 8
	f := single(t, 16<<10, 1, pieces*16<<10-3)
	g := makeFixture(t, metainfo.V2, 16<<10, 2, pieces*16<<10-3)
	for name, c := range map[string]struct {
		damage func(t *testing.T, dir string)
		want   [2]byte // pieces that are right afterwards
	}{
		"nothing": {func(*testing.T, string) {}, [2]byte{0xff, 0xff}},
		"bit flips": {func(t *testing.T, dir string) {
			rewriteFile(t, dataFilePath(dir, f), func(b []byte) []byte { b[3*16<<10] ^= 1; return b })
			rewriteFile(t, dataFilePath(dir, g), func(b []byte) []byte { b[len(b)-1] ^= 128; return b })
		}, [2]byte{0xef, 0xfe}},
		"truncated": {func(t *testing.T, dir string) {
			rewriteFile(t, dataFilePath(dir, f), func(b []byte) []byte { return b[:2*16<<10+1] })
			rewriteFile(t, dataFilePath(dir, g), func(b []byte) []byte { return nil })
		}, [2]byte{0xc0, 0}},
		"zeros": {func(t *testing.T, dir string) {
			rewriteFile(t, dataFilePath(dir, f), func(b []byte) []byte { clear(b[16<<10 : 3*16<<10]); return b })
		}, [2]byte{0x9f, 0xff}},
		"swapped": {func(t *testing.T, dir string) {
			a, b := dataFilePath(dir, f), dataFilePath(dir, g)
			for _, mv := range [][2]string{{a, a + "x"}, {b, a}, {a + "x", b}} {
				if err := os.Rename(mv[0], mv[1]); err != nil {
					t.Fatal(err)
				}
			}
		}, [2]byte{0, 0}},
		"file gone": {func(t *testing.T, dir string) {
			_ = os.Remove(dataFilePath(dir, f))
		}, [2]byte{0, 0xff}},
		"file is a folder": {func(t *testing.T, dir string) {
			_ = os.Remove(dataFilePath(dir, f))
			_ = os.Mkdir(dataFilePath(dir, f), 0o700)
		}, [2]byte{0, 0xff}},
		"file is a link out": {func(t *testing.T, dir string) {
			_ = os.Rename(dataFilePath(dir, f), filepath.Join(dir, "../outside"))
			_ = os.Symlink("../../outside", dataFilePath(dir, f))
		}, [2]byte{0, 0xff}},
		"journal gone": {func(t *testing.T, dir string) {
			_ = os.Remove(filepath.Join(dir, journalName))
		}, [2]byte{0, 0}},
		"journal empty": {func(t *testing.T, dir string) {
			rewriteFile(t, filepath.Join(dir, journalName), func([]byte) []byte { return nil })
		}, [2]byte{0, 0}},
		"journal of another version": {func(t *testing.T, dir string) {
			rewriteFile(t, filepath.Join(dir, journalName), func(b []byte) []byte { b[8]++; return b })
		}, [2]byte{0, 0}},
		"journal torn": {func(t *testing.T, dir string) {
			rewriteFile(t, filepath.Join(dir, journalName), func(b []byte) []byte { return b[:len(b)-5] })
		}, [2]byte{0xff, 0}},
		"journal bit flip": {func(t *testing.T, dir string) {
			rewriteFile(t, filepath.Join(dir, journalName), func(b []byte) []byte { b[2*wideLen+9] ^= 2; return b })
		}, [2]byte{0, 0xff}},
		"journal claims too much": {func(t *testing.T, dir string) {
			rewriteFile(t, filepath.Join(dir, journalName), func(b []byte) []byte {
				return record{kind: recordPut, id: 1, piece: 1 << 30, count: 1}.appendTo(b)
			})
		}, [2]byte{0xff, 0xff}},
		"another shape": {func(t *testing.T, dir string) {
			geo := geometryOf(f.info)
			geo.pieceLen, geo.pieces, geo.runPieces = 32<<10, 4, 4
			b := record{kind: recordTorrent, id: 9, geo: geo}.appendTo(appendHeader(nil))
			b = record{kind: recordPut, id: 9, piece: 1, count: 1}.appendTo(b)
			_ = os.WriteFile(filepath.Join(dir, journalName), b, 0o600)
		}, [2]byte{0, 0}},
		"smaller runs": {func(t *testing.T, dir string) {
			geo := geometryOf(f.info)
			geo.runPieces = 4
			b := record{kind: recordTorrent, id: 9, geo: geo}.appendTo(appendHeader(nil))
			b = record{kind: recordPut, id: 9, piece: 1, count: 3}.appendTo(b)
			b = record{kind: recordPut, id: 9, piece: 3, count: 2}.appendTo(b)
			b = record{kind: recordPut, id: 9, piece: 4, count: 4}.appendTo(b)
			_ = os.WriteFile(filepath.Join(dir, journalName), b, 0o600)
		}, [2]byte{0x70, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "cache")
			s := openStore(t, Config{Dir: dir})
			a, b := f.open(t, s, nil), g.open(t, s, nil)
			f.putAll(a)
			flush(t, a)
			g.putAll(b)
			closeStore(t, s)
			c.damage(t, dir)

			s = openStore(t, Config{Dir: dir})
			a, b = f.open(t, s, nil), g.open(t, s, nil)
			var got [2]byte
			for i := range pieces {
				if f.read(t, a, i) {
					got[0] |= 0x80 >> i
				}
				if g.read(t, b, i) {
					got[1] |= 0x80 >> i
				}
			}
			if got != c.want || a.Have()[0] != c.want[0] || b.Have()[0] != c.want[1] {
				t.Errorf("right: %08b, held %08b %08b, want %08b", got, a.Have(), b.Have(), c.want)
			}
			f.putAll(a)
			g.putAll(b)
			for i := range pieces {
				f.mustRead(t, a, i)
				g.mustRead(t, b, i)
			}
			_ = s.Close() // where the disk cannot take it, that is said
		})
	}
}

// Files that nothing claims are deleted. Blocks that no piece accounts for are counted, and
// used for what comes to their places.
func TestReconcile(t *testing.T) {
	f := single(t, 16<<10, 1, 8*16<<10)
	dir := t.TempDir()
	s := openStore(t, Config{Dir: dir})
	tor := f.open(t, s, nil)
	f.store(t, tor, 1, 4)
	closeStore(t, s)

	names := map[string]bool{ // whether they stay
		"pieces/0123456789abcdef0123456789abcdef01234567.data":  false, // of an earlier release
		"pieces/0123456789abcdef0123456789abcdef01234567-7.run": false,
		"pieces/README.run": true,
		".journal123":       false,
	}
	for name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, 5000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.OpenFile(dataFilePath(dir, f), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 2, 7} { // as if written before a crash
		if _, err := file.WriteAt(f.piece(i), int64(i)*16<<10); err != nil {
			t.Fatal(err)
		}
	}
	_ = file.Sync()
	_ = file.Close()

	s = openStore(t, Config{Dir: dir})
	tor = f.open(t, s, nil)
	flush(t, tor)
	for name, stays := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != stays {
			t.Errorf("%s: %v", name, err)
		}
	}
	_ = os.Remove(filepath.Join(dir, "pieces/README.run"))
	used := s.Stats().DiskBytes
	if used < 5*16<<10 || used != blocksOf(t, dir) {
		t.Errorf("%d bytes on disk, %d counted", blocksOf(t, dir), used)
	}
	if tor.Have()[0] != 0b0100_1000 {
		t.Errorf("held: %08b", tor.Have()[0])
	}
	f.mustRead(t, tor, 1)
	f.mustRead(t, tor, 4)
	f.store(t, tor, 0, 2, 7)
	if now := s.Stats().DiskBytes; now != used {
		t.Errorf("%d bytes counted for what was there, %d before", now, used)
	}
	f.store(t, tor, 3)
	if now := s.Stats().DiskBytes; now <= used || now > used+16<<10 {
		t.Errorf("%d bytes counted for one piece more, %d before", now, used)
	}
	closeStore(t, s)
}

// Pieces whose hash is not known are kept, but not used.
func TestNoLayers(t *testing.T) {
	f := makeFixture(t, metainfo.V2, 16<<10, 2, 4*16<<10)
	dir := t.TempDir()
	s := openStore(t, Config{Dir: dir})
	f.store(t, f.open(t, s, nil))
	closeStore(t, s)
	s = openStore(t, Config{Dir: dir})
	tor, err := s.Torrent(f.info, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if f.read(t, tor, 2) || !tor.Has(2) {
		t.Fatal("used without a hash, or dropped")
	}
	tor.AddLayers(f.tor.Layers)
	f.mustRead(t, tor, 2)
	if st := s.Stats(); st.Misses != 1 || st.DiskHits != 1 || st.VerifyFailures != 0 {
		t.Fatalf("stats %+v", st)
	}
	closeStore(t, s)
}
