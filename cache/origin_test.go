package cache

import (
	"bytes"
	"errors"
	"slices"
	"sync"
	"testing"
)

// fakeOrigin has a fixture's content, and counts what is read.
type fakeOrigin struct {
	f  *fixture
	mu sync.Mutex
	// Guarded by mu.
	span    []byte
	version uint64
	reads   int
	lost    []int
}

func newFakeOrigin(f *fixture) *fakeOrigin {
	return &fakeOrigin{f: f, span: bytes.Clone(f.span), version: 1}
}

func (o *fakeOrigin) Version(int) uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.version
}

func (o *fakeOrigin) ReadAt(piece int, p []byte, off int64) (uint64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reads += len(p)
	if o.span == nil {
		return 0, errors.New("gone")
	}
	copy(p, o.span[o.f.info.PieceOffset(piece)+off:])
	return o.version, nil
}

func (o *fakeOrigin) Lost(piece int, _ error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lost = append(o.lost, piece)
}

// change changes the first byte of a piece, and the version or not.
func (o *fakeOrigin) change(piece int, version uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.span[o.f.info.PieceOffset(piece)] ^= 1
	o.version = version
}

// take is what was read since it was called last.
func (o *fakeOrigin) take() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := o.reads
	o.reads = 0
	return n
}

// originStore opens a store with an origin of a torrent.
func originStore(t *testing.T) (*Store, *Torrent, *fixture, *fakeOrigin) {
	t.Helper()
	f := single(t, 64<<10, 1, 200<<10)
	o := newFakeOrigin(f)
	s, err := Open(Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.SetOrigin(f.info, o)
	tor, err := s.Torrent(f.info, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, tor, f, o
}

// readBlock reads 100 bytes of a piece through a lease.
func readBlock(t *testing.T, tor *Torrent, piece int) ([]byte, error) {
	t.Helper()
	l, err := tor.Get(piece)
	if err != nil {
		return nil, err
	}
	defer l.Release()
	b := make([]byte, 100)
	_, err = l.ReadAt(b, 0)
	return b, err
}

// TestOriginIsHashedOnce reads a piece as a whole before its first use, and then only what
// is asked for; none of it is copied into the cache.
func TestOriginIsHashedOnce(t *testing.T) {
	s, tor, f, o := originStore(t)
	if n := tor.Have().Count(f.info.NumPieces()); n != 4 {
		t.Fatalf("%d pieces held", n)
	}
	for n, want := range []int{64 << 10, 100, 100} {
		b, err := readBlock(t, tor, 1)
		if err != nil || !bytes.Equal(b, f.piece(1)[:100]) {
			t.Fatal(err)
		}
		if got := o.take(); got != want {
			t.Errorf("read %d: %d bytes of the files, want %d", n, got, want)
		}
	}
	if b := s.Stats(); b.DiskBytes != 0 || b.Pieces != 0 || b.BufferBytes != 0 {
		t.Errorf("%+v", b)
	}
}

// TestOriginChanges changes files in each way.
func TestOriginChanges(t *testing.T) {
	t.Run("touched", func(t *testing.T) {
		_, tor, f, o := originStore(t)
		_, _ = readBlock(t, tor, 1)
		o.mu.Lock()
		o.version = 2
		o.mu.Unlock()
		o.take()
		if b, err := readBlock(t, tor, 1); err != nil || !bytes.Equal(b, f.piece(1)[:100]) || o.take() != 64<<10 {
			t.Errorf("not hashed again: %v", err)
		}
	})
	t.Run("unsettled", func(t *testing.T) {
		_, tor, _, o := originStore(t)
		o.version = 0
		for range 2 {
			if _, err := readBlock(t, tor, 1); err != nil || o.take() != 64<<10 {
				t.Errorf("not hashed each time: %v", err)
			}
		}
	})
	t.Run("changed", func(t *testing.T) {
		s, tor, f, o := originStore(t)
		_, _ = readBlock(t, tor, 1)
		o.change(1, 2)
		if _, err := readBlock(t, tor, 1); !errors.Is(err, ErrMiss) || !errors.Is(err, errMismatch) {
			t.Error(err)
		}
		if tor.Has(1) || !tor.Has(0) || !slices.Equal(o.lost, []int{1}) {
			t.Errorf("has 1: %v, has 0: %v, lost %v", tor.Has(1), tor.Has(0), o.lost)
		}
		// What comes of the swarm is kept.
		f.put(tor, 1)
		if b, err := readBlock(t, tor, 1); err != nil || !bytes.Equal(b, f.piece(1)[:100]) {
			t.Error(err)
		}
		s.DropOrigin(f.info)
		if !tor.Has(1) || tor.Has(0) {
			t.Error("what the cache has goes with the origin, or the origin stays")
		}
	})
	t.Run("while leased", func(t *testing.T) {
		_, tor, _, o := originStore(t)
		_, _ = readBlock(t, tor, 1)
		l, err := tor.Get(1)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Release()
		o.change(1, 2)
		if _, err := l.ReadAt(make([]byte, 100), 0); !errors.Is(err, ErrLost) {
			t.Error(err)
		}
	})
	t.Run("gone", func(t *testing.T) {
		_, tor, _, o := originStore(t)
		o.span = nil
		if _, err := readBlock(t, tor, 2); !errors.Is(err, ErrMiss) || tor.Has(2) {
			t.Error(err)
		}
	})
}

// TestOriginTellsOfWhatIsLost waits for the callback of a piece that turned out wrong, and
// of the others when the origin goes; not of pieces that the tiers let go meanwhile.
func TestOriginTellsOfWhatIsLost(t *testing.T) {
	f := single(t, 64<<10, 1, 200<<10)
	o := newFakeOrigin(f)
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.SetOrigin(f.info, o)
	gone := make(chan int, 10)
	tor, err := s.Torrent(f.info, nil, func(i int) { gone <- i })
	if err != nil {
		t.Fatal(err)
	}
	o.change(3, 2)
	if _, err := tor.Get(3); !errors.Is(err, ErrMiss) {
		t.Fatal(err)
	}
	if i := <-gone; i != 3 {
		t.Errorf("told of %d", i)
	}
	s.DropOrigin(f.info)
	rest := []int{<-gone, <-gone, <-gone}
	slices.Sort(rest)
	if !slices.Equal(rest, []int{0, 1, 2}) {
		t.Errorf("told of %v", rest)
	}
}

// TestOriginIsHashedByOne has many ask for a piece at once.
func TestOriginIsHashedByOne(t *testing.T) {
	_, tor, f, o := originStore(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			l, err := tor.Get(1)
			if err != nil {
				t.Error(err)
				return
			}
			defer l.Release()
			if b := l.Bytes(); b != nil && !bytes.Equal(b, f.piece(1)) {
				t.Error("wrong bytes")
			}
		})
	}
	wg.Wait()
	if n := o.take(); n != 64<<10 {
		t.Errorf("%d bytes read", n)
	}
}
