package cache

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// notices collects what a store calls back about.
type notices struct {
	mu     sync.Mutex
	pieces []int
	signal chan struct{}
}

func newNotices() *notices { return &notices{signal: make(chan struct{}, 1000)} }

func (n *notices) evicted(i int) {
	n.mu.Lock()
	n.pieces = append(n.pieces, i)
	n.mu.Unlock()
	n.signal <- struct{}{}
}

// wait waits for so many notices and returns them sorted.
func (n *notices) wait(t testing.TB, count int) []int {
	t.Helper()
	for range count {
		select {
		case <-n.signal:
		case <-time.After(time.Minute):
			t.Fatalf("no notice: %v so far, want %d", n.pieces, count)
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Sorted(slices.Values(n.pieces))
}

// coldStore is a store whose memory tier holds next to nothing, and which leaves the page cache alone.
func coldStore(t testing.TB, dir string, diskBytes int64) *Store {
	t.Helper()
	return openStore(t, Config{Dir: dir, DiskBytes: diskBytes, MemoryBytes: 4, stayCold: true})
}

func TestEvictionByRecency(t *testing.T) {
	f := single(t, 16<<10, 1, 10*16<<10)
	n := newNotices()
	s := coldStore(t, t.TempDir(), 4*16<<10)
	tor := f.open(t, s, n.evicted)
	for i := range 4 {
		f.store(t, tor, i)
	}
	f.mustRead(t, tor, 0) // used again
	f.store(t, tor, 4)
	if got := n.wait(t, 1); !slices.Equal(got, []int{1}) {
		t.Fatalf("evicted %v", got)
	}
	f.put(tor, 2) // held: merely used
	f.store(t, tor, 5)
	if got := n.wait(t, 1); !slices.Equal(got, []int{1, 3}) {
		t.Fatalf("evicted %v", got)
	}
	for i := range 10 {
		held := i == 0 || i == 2 || i == 4 || i == 5
		if tor.Has(i) != held || tor.Have().Has(i) != held || f.read(t, tor, i) != held {
			t.Fatalf("piece %d: held %v, want %v", i, tor.Has(i), held)
		}
	}
	if st := s.Stats(); st.Evictions != 2 || st.DiskPieces != 4 || st.DiskBytes != 4*16<<10 {
		t.Fatalf("stats %+v", st)
	}
	closeStore(t, s)
}

// More than is needed is evicted at a time, a share of the budget, so that what is stored next waits for
// no eviction. It is what was used the longest ago, and never more than that share.
func TestEvictionAheadOfDemand(t *testing.T) {
	const (
		piece  = 16 << 10
		ahead  = 2
		budget = ahead * evictShare // pieces
	)
	f := single(t, piece, 1, (budget+3*(ahead+1))*piece)
	n := newNotices()
	s := coldStore(t, t.TempDir(), budget*piece)
	tor := f.open(t, s, n.evicted)
	for i := range budget {
		f.store(t, tor, i)
	}
	if st := s.Stats(); st.Evictions != 0 || st.DiskBytes != budget*piece {
		t.Fatalf("full: %d evictions, %d bytes", st.Evictions, st.DiskBytes)
	}
	gone := 0
	for i := budget; i < f.info.NumPieces(); i++ {
		f.store(t, tor, i)
		if (i-budget)%(ahead+1) == 0 {
			gone += ahead + 1
			if got := n.wait(t, ahead+1); len(got) != gone || got[0] != 0 || got[gone-1] != gone-1 {
				t.Fatalf("evicted for piece %d: %v, want the first %d", i, got, gone)
			}
		}
		if st := s.Stats(); int(st.Evictions) != gone || st.DiskBytes != int64(i+1-gone)*piece {
			t.Fatalf("after piece %d: %d evictions, %d bytes; want %d, %d", i, st.Evictions, st.DiskBytes, gone, (i+1-gone)*piece)
		}
	}
	closeStore(t, s)
}

// The order of use outlives a restart, and a smaller budget is kept at once.
func TestRecencyOutlivesRestart(t *testing.T) {
	f, g := single(t, 16<<10, 1, 4*16<<10), single(t, 16<<10, 2, 4*16<<10)
	dir := t.TempDir()
	s := coldStore(t, dir, 8*16<<10)
	a, b := f.open(t, s, nil), g.open(t, s, nil)
	f.store(t, a)
	g.store(t, b)
	f.mustRead(t, a, 2)
	g.mustRead(t, b, 1)
	closeStore(t, s)

	s = coldStore(t, dir, 2*16<<10)
	a, b = f.open(t, s, nil), g.open(t, s, nil)
	flush(t, a)
	if a.Have()[0] != 0x20 || b.Have()[0] != 0x40 {
		t.Fatalf("held: %08b and %08b", a.Have()[0], b.Have()[0])
	}
	f.mustRead(t, a, 2)
	g.mustRead(t, b, 1)
	closeStore(t, s)
}

func TestLeasePins(t *testing.T) {
	f := single(t, 16<<10, 1, 30*16<<10)
	s := coldStore(t, t.TempDir(), 3*16<<10)
	tor := f.open(t, s, nil)
	var leases []*Lease
	for i := range 3 {
		f.store(t, tor, i)
		l, err := tor.Get(i)
		if err != nil || l.Bytes() != nil {
			t.Fatalf("piece %d: %v, not on disk", i, err)
		}
		leases = append(leases, l)
	}
	for i := 3; i < 30; i++ { // no room: all that is there is leased
		f.store(t, tor, i)
	}
	for i, l := range leases {
		got := make([]byte, l.Len())
		if _, err := l.ReadAt(got, 0); err != nil || !bytes.Equal(got, f.piece(i)) || !tor.Has(i) {
			t.Fatalf("leased piece %d: %v, held %v", i, err, tor.Has(i))
		}
	}
	if st := s.Stats(); st.Degraded || st.DiskPieces != 3 || st.DiskBytes > 3*16<<10 {
		t.Fatalf("stats %+v", st)
	}
	leases[1].Release()
	leases[1].Release() // nothing happens
	f.store(t, tor, 20)
	if !tor.Has(0) || tor.Has(1) || !tor.Has(2) || !tor.Has(20) {
		t.Fatalf("held: %08b", tor.Have())
	}
	leases[0].Release()
	leases[2].Release()
	closeStore(t, s)
}

// blocksOf is what the data files in a cache folder take on disk.
func blocksOf(t testing.TB, dir string) (sum int64) {
	t.Helper()
	pieces, err := openFolder(filepath.Join(dir, piecesDir))
	if err != nil {
		t.Fatal(err)
	}
	defer pieces.Close()
	files, err := filesOf(pieces)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		sum += f.allocated
	}
	return sum
}

// What is counted is at least what is allocated, the budget holds, and the
// pieces that stay keep their bytes, wherever blocks and pieces begin.
func TestBudgetHolds(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*fixture{
		"aligned":      single(t, 16<<10, 1, 60*16<<10-5),
		"odd":          odd(t, 16<<10+16, 2, 60*16<<10),
		"v2 short end": makeFixture(t, metainfo.V2, 32<<10, 3, 100_000, 1, 33_000, 5000, 40_000, 70_000, 32<<10, 9),
	} {
		t.Run(name, func(t *testing.T) {
			const budget = 20 * 20 << 10
			dir := t.TempDir()
			s := coldStore(t, dir, budget)
			tor := f.open(t, s, nil)
			random := rand.New(rand.NewPCG(1, 2))
			for range 20 {
				for range 3 {
					f.store(t, tor, random.IntN(f.info.NumPieces()))
				}
				st := s.Stats()
				if used := blocksOf(t, dir); st.DiskBytes > budget || used > st.DiskBytes+4096 {
					t.Fatalf("%d bytes on disk, %d counted, %d allowed", used, st.DiskBytes, budget)
				}
				for i := range f.info.NumPieces() {
					if tor.Has(i) {
						f.mustRead(t, tor, i)
					}
				}
			}
			closeStore(t, s)
			s = coldStore(t, dir, budget)
			tor = f.open(t, s, nil)
			held := tor.Have()
			for i := range f.info.NumPieces() {
				if held.Has(i) {
					f.mustRead(t, tor, i)
				}
			}
			if held.Count(f.info.NumPieces()) < 8 {
				t.Fatalf("%d pieces held", held.Count(f.info.NumPieces()))
			}
			tor.Remove()
			if used := blocksOf(t, dir); used != 0 || s.Stats().DiskBytes != 0 {
				t.Fatalf("%d bytes on disk after Remove, %d counted", used, s.Stats().DiskBytes)
			}
			closeStore(t, s)
		})
	}
}

// The index is bounded, however small pieces are: the runs that were used the longest ago go, at
// the start too, and counts come out even.
func TestIndexIsBounded(t *testing.T) {
	const size, most = 1 << 10, 32 << 10
	f := odd(t, size, 1, 2000*size)
	dir := t.TempDir()
	cfg := Config{Dir: dir, DiskBytes: 64 << 20, MemoryBytes: 4, runBytes: 4 * size}
	s := openStore(t, cfg)
	bound := func(n int64) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.disk.maxIndex = n
	}
	indexed := func() (counted, real int64) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, c := range s.contents {
			for _, r := range c.runs {
				real += r.indexed()
			}
		}
		return s.disk.indexed, real
	}
	check := func(what string, most int64) {
		t.Helper()
		if counted, real := indexed(); counted != real || counted > most || counted < most*8/10 {
			t.Errorf("%s: the index is counted as %d bytes, it is %d, %d are allowed", what, counted, real, most)
		}
	}
	bound(most)
	tor := f.open(t, s, nil)
	for i := range f.info.NumPieces() {
		f.put(tor, i)
		if i%100 == 99 {
			flush(t, tor)
			if n, _ := indexed(); n > most+2*(runCost+8) {
				t.Fatalf("the index has %d bytes, %d are allowed", n, most)
			}
		}
	}
	s.disk.trim()
	flush(t, tor)
	check("written", most)
	last := f.info.NumPieces() - 1
	if !tor.Has(last) || tor.Has(0) {
		t.Errorf("the last is there: %t, the first: %t", tor.Has(last), tor.Has(0))
	}
	f.mustRead(t, tor, last)
	bound(most / 2) // as with less memory
	s.disk.trim()
	flush(t, tor)
	check("less", most/2)
	closeStore(t, s)
	s = openStore(t, cfg)
	tor = f.open(t, s, nil)
	check("after a restart", most/2)
	f.mustRead(t, tor, last)
	tor.Remove()
	if counted, _ := indexed(); counted != 0 || s.disk.used != 0 {
		t.Errorf("%d bytes are counted for nothing, %d on disk", counted, s.disk.used)
	}
	closeStore(t, s)
}

// Evicting all of a torrent deletes its files; the torrent can be put again.
func TestEvictWholeTorrent(t *testing.T) {
	f, g := single(t, 16<<10, 1, 4*16<<10), single(t, 16<<10, 2, 4*16<<10)
	dir := t.TempDir()
	s := coldStore(t, dir, 4*16<<10)
	a, b := f.open(t, s, nil), g.open(t, s, nil)
	forgetGone := func() { // or what comes back would be worth more than what is new
		s.mu.Lock()
		s.order.gone.init()
		s.mu.Unlock()
	}
	for range 3 {
		f.store(t, a)
		forgetGone()
		if a.Have().Count(4) != 4 || b.Have().Count(4) != 0 {
			t.Fatal("not evicted")
		}
		g.store(t, b)
		files, _ := os.ReadDir(filepath.Join(dir, piecesDir))
		if a.Have().Count(4) != 0 || b.Have().Count(4) != 4 || len(files) != 4 {
			t.Fatalf("not evicted, %d files", len(files))
		}
		forgetGone()
	}
	a.Close()
	if s.mu.Lock(); len(s.contents) != 1 {
		t.Errorf("%d contents in the index", len(s.contents))
	}
	s.mu.Unlock()
	closeStore(t, s)
}

// A piece that is given up while it is leased keeps its place until then, and one
// put meanwhile keeps its own.
func TestDropWaitsForLease(t *testing.T) {
	f := single(t, 16<<10, 1, 4*16<<10)
	dir := t.TempDir()
	s := coldStore(t, dir, 1<<20)
	n := newNotices()
	tor := f.open(t, s, n.evicted)
	f.store(t, tor)
	again := func(put bool) {
		l, err := tor.Get(1)
		if err != nil {
			t.Fatal(err)
		}
		l.lost(fs.ErrInvalid)
		if tor.Has(1) || f.read(t, tor, 1) {
			t.Fatal("a lost piece is held")
		}
		flush(t, tor)
		if put {
			f.put(tor, 1)
			flush(t, tor)
		}
		got := make([]byte, l.Len())
		if _, err := l.ReadAt(got, 0); err != nil || !bytes.Equal(got, f.piece(1)) {
			t.Fatalf("the lease reads something else: %v", err)
		}
		l.Release()
		flush(t, tor)
		if tor.Has(1) != put || f.read(t, tor, 1) != put {
			t.Fatalf("held %v, want %v", tor.Has(1), put)
		}
	}
	again(true)
	if used := s.Stats().DiskBytes; used != 4*16<<10 {
		t.Fatalf("%d bytes counted", used)
	}
	again(false)
	n.wait(t, 1)
	if used := s.Stats().DiskBytes; used != 3*16<<10 || blocksOf(t, dir) > used {
		t.Fatalf("%d bytes counted, %d on disk", used, blocksOf(t, dir))
	}
	closeStore(t, s)
	s = coldStore(t, dir, 1<<20)
	tor = f.open(t, s, nil)
	if tor.Have()[0] != 0b1011_0000 {
		t.Fatalf("after a restart: %08b", tor.Have()[0])
	}
	closeStore(t, s)
}

func TestRemove(t *testing.T) {
	f := single(t, 16<<10, 1, 4*16<<10)
	dir := t.TempDir()
	s := openStore(t, Config{Dir: dir})
	n := newNotices()
	tor := f.open(t, s, n.evicted)
	f.putAll(tor)
	l, err := tor.Get(2)
	if err != nil {
		t.Fatal(err)
	}
	tor.Remove()
	tor.Remove()
	f.put(tor, 1)
	if tor.Has(1) || f.read(t, tor, 1) || tor.Have().Count(4) != 0 {
		t.Fatal("a removed torrent has pieces")
	}
	if files, _ := os.ReadDir(filepath.Join(dir, piecesDir)); len(files) != 0 {
		t.Fatalf("%d files left", len(files))
	}
	tor = f.open(t, s, nil)
	if tor.Have().Count(4) != 0 {
		t.Fatal("opened again it has pieces")
	}
	f.put(tor, 3)
	flush(t, tor)
	got := make([]byte, l.Len())
	if _, err := l.ReadAt(got, 0); err != nil || !bytes.Equal(got, f.piece(2)) {
		t.Fatalf("a lease from before: %v", err)
	}
	l.Release()
	closeStore(t, s)
	if len(n.pieces) != 0 {
		t.Fatalf("notices of a removed torrent: %v", n.pieces)
	}
	s = openStore(t, Config{Dir: dir})
	if tor = f.open(t, s, nil); tor.Have()[0] != 0x10 {
		t.Fatalf("after a restart: %08b", tor.Have()[0])
	}
	closeStore(t, s)
}
