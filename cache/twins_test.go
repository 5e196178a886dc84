package cache

import (
	"bytes"
	"context"
	"crypto/sha1"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// likeFixture is a torrent of files whose content is made of seeds; those of the same seed
// and size are the same.
func likeFixture(tb testing.TB, o metainfo.MakeOptions, size int, seeds ...byte) *fixture {
	tb.Helper()
	fsys := fstest.MapFS{}
	files := make([][]byte, len(seeds))
	for i, seed := range seeds {
		files[i] = make([]byte, size+int(seed))
		_, _ = rand.NewChaCha8([32]byte{seed}).Read(files[i])
		fsys[fmt.Sprintf("f%03d", i)] = &fstest.MapFile{Data: files[i]}
	}
	o.FS, o.Root, o.Name = fsys, ".", "t"
	tor, err := metainfo.Make(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	f := &fixture{tor: tor, info: tor.Info, span: make([]byte, tor.Info.Span())}
	for i := range tor.Info.Files {
		if file := &tor.Info.Files[i]; !file.Pad {
			copy(f.span[file.Offset:], files[0])
			files = files[1:]
		}
	}
	return f
}

// piecesOf are those that a file is in.
func (f *fixture) piecesOf(name string) (pieces []int) {
	for i := range f.info.Files {
		if file := &f.info.Files[i]; !file.Pad && f.info.FileName(file) == name {
			first, last := f.info.Pieces(file, 0, file.Length)
			for n := first; n <= last; n++ {
				pieces = append(pieces, n)
			}
		}
	}
	return pieces
}

// lost counts what is told of pieces that are gone.
type lost struct {
	mu     sync.Mutex
	pieces []int
	told   chan struct{}
}

func newLost() *lost { return &lost{told: make(chan struct{}, 1000)} }

func (l *lost) add(i int) {
	l.mu.Lock()
	l.pieces = append(l.pieces, i)
	l.mu.Unlock()
	l.told <- struct{}{}
}

// What another torrent holds counts as held, by the hashes of pieces and by the roots of files;
// what has changed does not. Its bytes are right, and stay when the other torrent goes.
func TestTwins(t *testing.T) {
	t.Parallel()
	const size = 200 << 10 // no multiple of a piece
	for name, c := range map[string]struct{ old, new metainfo.MakeOptions }{
		"hybrid":         {metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 64 << 10}, metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 64 << 10}},
		"v2":             {metainfo.MakeOptions{Version: metainfo.V2, PieceLength: 64 << 10}, metainfo.MakeOptions{Version: metainfo.V2, PieceLength: 64 << 10}},
		"longer pieces":  {metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 32 << 10}, metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 128 << 10}},
		"shorter pieces": {metainfo.MakeOptions{Version: metainfo.V2, PieceLength: 128 << 10}, metainfo.MakeOptions{Version: metainfo.V2, PieceLength: 16 << 10}},
		"from v2":        {metainfo.MakeOptions{Version: metainfo.V2, PieceLength: 64 << 10}, metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 64 << 10}},
		"to v2":          {metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 64 << 10}, metainfo.MakeOptions{Version: metainfo.V2, PieceLength: 32 << 10}},
	} {
		for _, dir := range []string{"", t.TempDir()} {
			t.Run(fmt.Sprintf("%s, disk %v", name, dir != ""), func(t *testing.T) {
				t.Parallel()
				s := openStore(t, Config{Dir: dir, MemoryBytes: 64 << 20})
				a, b := likeFixture(t, c.old, size, 1, 2, 3, 4), likeFixture(t, c.new, size, 1, 9, 3, 4)
				old := a.open(t, s, nil)
				a.putAll(old)
				flush(t, old)
				tor := b.open(t, s, nil)
				changed := b.piecesOf("f001")
				for i := range b.info.NumPieces() {
					if want := !slices.Contains(changed, i); tor.Has(i) != want || b.read(t, tor, i) != want || tor.Unproven() != nil && tor.Unproven().Has(i) {
						t.Fatalf("piece %d: %v, want %v; to be proved: %v", i, tor.Has(i), want, tor.Unproven())
					}
				}
				old.Remove()
				for i := range b.info.NumPieces() {
					if want := !slices.Contains(changed, i); b.read(t, tor, i) != want {
						t.Errorf("piece %d without the old torrent: want %v", i, want)
					}
				}
				tor.Close()
				if s.twinCount != 0 {
					t.Errorf("%d pieces are still lent", s.twinCount)
				}
				closeStore(t, s)
			})
		}
	}
}

// Pieces of v1 are found wherever they are in the other torrent, if they are cut alike.
func TestTwinsOfV1(t *testing.T) {
	t.Parallel()
	s := openStore(t, Config{MemoryBytes: 64 << 20})
	a := single(t, 16<<10, 1, 10*16<<10)
	span := append(bytes.Clone(a.span[3*16<<10:6*16<<10]), 7)
	var hashes []byte
	for part := range slices.Chunk(span, 16<<10) {
		sum := sha1.Sum(part)
		hashes = append(hashes, sum[:]...)
	}
	b := &fixture{span: span}
	info, err := metainfo.ParseInfo(fmt.Appendf(nil, "d6:lengthi%de4:name1:t12:piece lengthi%de6:pieces%d:%se", len(span), 16<<10, len(hashes), hashes))
	if err != nil {
		t.Fatal(err)
	}
	b.tor, b.info = &metainfo.Torrent{Info: info}, info
	old := a.open(t, s, nil)
	a.putAll(old)
	tor := b.open(t, s, nil)
	for i, want := range []bool{true, true, true, false} {
		if tor.Has(i) != want || b.read(t, tor, i) != want {
			t.Errorf("piece %d: want %v", i, want)
		}
	}
}

// A piece that only seems to be the same is not given, and costs the other torrent nothing.
func TestTwinThatLies(t *testing.T) {
	t.Parallel()
	s := openStore(t, Config{MemoryBytes: 64 << 20})
	a := single(t, 16<<10, 1, 4*16<<10)
	old := a.open(t, s, nil)
	a.putAll(old)
	sum := sha1.Sum(a.piece(2))
	sum[19]++ // a name that is the same to the index
	info, err := metainfo.ParseInfo(fmt.Appendf(nil, "d6:lengthi%de4:name1:t12:piece lengthi%de6:pieces20:%se", 16<<10, 16<<10, sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	gone := newLost()
	tor, err := s.Torrent(info, nil, gone.add)
	if err != nil || !tor.Has(0) {
		t.Fatal(err, "the test tests nothing")
	}
	if _, err := tor.Get(0); err == nil || tor.Has(0) {
		t.Errorf("bytes that do not fit the hash are given: %v", err)
	}
	<-gone.told
	a.mustRead(t, old, 2)
	if n := s.Stats().VerifyFailures; n != 1 {
		t.Errorf("%d failures", n)
	}
}

// Of a private torrent nothing is lent.
func TestPrivateHasNoTwins(t *testing.T) {
	t.Parallel()
	s := openStore(t, Config{MemoryBytes: 64 << 20})
	o := metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 64 << 10, Private: true}
	a := likeFixture(t, o, 200<<10, 1, 2)
	a.putAll(a.open(t, s, nil))
	o.Private = false
	if n := likeFixture(t, o, 200<<10, 1, 2).open(t, s, nil).Have().Count(8); n != 0 {
		t.Errorf("%d pieces of a private torrent are another one's", n)
	}
}

// A store of torrents with their own content gives a torrent nothing that another one holds.
func TestOwnContent(t *testing.T) {
	t.Parallel()
	o := metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 64 << 10}
	for _, own := range []bool{false, true} {
		s := openStore(t, Config{MemoryBytes: 64 << 20, OwnContent: own})
		a, b := likeFixture(t, o, 200<<10, 1, 2), likeFixture(t, o, 200<<10, 1, 3)
		a.putAll(a.open(t, s, nil))
		if tor := b.open(t, s, nil); tor.Has(0) == own || b.read(t, tor, 0) == own {
			t.Errorf("own content %v: what another torrent holds is had: %v", own, tor.Has(0))
		}
	}
}

// What is lent is told as gone when it goes, and not while it is there.
func TestTwinsGo(t *testing.T) {
	t.Parallel()
	s := openStore(t, Config{MemoryBytes: 64 << 20})
	o := metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 64 << 10}
	a, b := likeFixture(t, o, 200<<10, 1, 2), likeFixture(t, o, 200<<10, 3, 2)
	old := a.open(t, s, nil)
	a.putAll(old)
	gone := newLost()
	tor := b.open(t, s, gone.add)
	if n := tor.Unproven().Count(8); n != 4 {
		t.Fatalf("%d pieces to be proved", n)
	}
	if err := tor.Check(b.piecesOf("f001")[0]); err != nil {
		t.Fatal(err)
	}
	old.Remove()
	for range 3 {
		<-gone.told
	}
	closeStore(t, s)
	if slices.Contains(gone.pieces, b.piecesOf("f001")[0]) || len(gone.pieces) != 3 || tor.Have().Count(8) > 1 {
		t.Errorf("told of %v", gone.pieces)
	}
}

// Another run knows what the last one left, and believes none of it.
func TestTwinsOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := metainfo.MakeOptions{Version: metainfo.Hybrid, PieceLength: 64 << 10}
	a, b := likeFixture(t, o, 200<<10, 1, 2, 3), likeFixture(t, o, 200<<10, 1, 9, 3)
	s := openStore(t, Config{Dir: dir, MemoryBytes: 64 << 20})
	old := a.open(t, s, nil)
	a.store(t, old)
	if err := s.PutMetainfo(a.tor); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	rewriteFile(t, dataFilePath(dir, a), func(c []byte) []byte { c[a.piecesOf("f002")[1]<<16] ^= 1; return c })

	s = openStore(t, Config{Dir: dir, MemoryBytes: 64 << 20})
	gone := newLost()
	tor := b.open(t, s, gone.add)
	for _, i := range append(b.piecesOf("f000"), b.piecesOf("f002")...) {
		want := i != b.piecesOf("f002")[1]
		if !tor.Has(i) || b.read(t, tor, i) != want {
			t.Errorf("piece %d: want %v", i, want)
		}
	}
	<-gone.told
	if tor.Has(b.piecesOf("f001")[0]) {
		t.Error("what changed counts as held")
	}
	closeStore(t, s)
}

// What is published in place is lent too, as long as it is offered.
func TestTwinsOfAnOrigin(t *testing.T) {
	t.Parallel()
	s, _, f, o := originStore(t)
	g := &fixture{span: f.span[:2*64<<10]}
	hashes := append(f.info.PieceSum(0, nil), f.info.PieceSum(1, nil)...)
	info, err := metainfo.ParseInfo(fmt.Appendf(nil, "d6:lengthi%de4:name1:u12:piece lengthi%de6:pieces40:%se", len(g.span), 64<<10, hashes))
	if err != nil {
		t.Fatal(err)
	}
	g.tor, g.info = &metainfo.Torrent{Info: info}, info
	gone := newLost()
	tor := g.open(t, s, gone.add)
	g.mustRead(t, tor, 0)
	o.change(1, 2)
	if g.read(t, tor, 1) {
		t.Error("a file that changed is given")
	}
	<-gone.told
	g.mustRead(t, tor, 0)
	if !tor.Has(0) || tor.Has(1) {
		t.Error("held:", tor.Have())
	}
}

// Many that want the same piece have it copied once.
func TestTwinIsCopiedOnce(t *testing.T) {
	t.Parallel()
	s, _, f, o := originStore(t)
	info, err := metainfo.ParseInfo(fmt.Appendf(nil, "d6:lengthi%de4:name1:u12:piece lengthi%de6:pieces20:%se", 64<<10, 64<<10, f.info.PieceSum(0, nil)))
	if err != nil {
		t.Fatal(err)
	}
	g := &fixture{span: f.span[:64<<10], tor: &metainfo.Torrent{Info: info}, info: info}
	tor := g.open(t, s, nil)
	o.take()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { g.mustRead(t, tor, 0) })
	}
	wg.Wait()
	if n := o.take(); n != 64<<10 {
		t.Errorf("%d bytes were read", n)
	}
	// A reader that found nothing just before the others put it looks again.
	if l, err := tor.fromTwin(0); l != nil || err != nil {
		t.Errorf("what is held by now: %v, %v", l, err)
	}
}

// The index has its bound, whatever is put, and what was put last is found.
func TestTwinIndexBound(t *testing.T) {
	t.Parallel()
	const keys = 64
	s := openStore(t, Config{MemoryBytes: keys * twinKeyShare})
	for seed := range byte(8) {
		f := single(t, 16<<10, uint64(seed), 16<<10*32)
		tor := f.open(t, s, nil)
		f.putAll(tor)
		if n := len(s.twins.at); n > keys {
			t.Fatalf("%d keys, of %d", n, keys)
		}
		if key, _ := keyOf(f.info.PieceSum(31, nil)); s.twins.at[key].c != tor.c {
			t.Error("what was put last is not found")
		}
	}
}

// A run that left much holds up torrents for a moment after the start, and none later.
func TestScanIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	s := openStore(t, Config{MemoryBytes: 1 << 20})
	<-s.scanned
	s.scanned, s.scanBy = make(chan struct{}), time.Now().Add(scanWait) // one that does not end
	single(t, 16<<10, 1, 64).open(t, s, nil)
	if time.Now().Before(s.scanBy) {
		t.Error("the first torrent did not wait for it")
	}
	s.scanBy = time.Now().Add(-time.Second)
	done := make(chan struct{})
	go func() {
		defer close(done)
		single(t, 16<<10, 2, 64).open(t, s, nil)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("a later torrent waits for it")
	}
}
