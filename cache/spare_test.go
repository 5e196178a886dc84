package cache

import (
	"slices"
	"testing"
)

// putSpare puts a piece that another gateway keeps too, and waits for it to be on disk.
func (f *fixture) putSpare(tb testing.TB, t *Torrent, i int) {
	tb.Helper()
	b := t.s.pool.Get(f.info.PieceSize(i))
	copy(b.Bytes(), f.piece(i))
	t.PutSpare(i, b)
	b.Release()
	flush(tb, t)
}

// A spare piece goes before all others, however new, until somebody reads it here. An upload is no such reader.
func TestSpareGoesFirst(t *testing.T) {
	for _, tt := range []struct {
		name string
		use  func(f *fixture, tor *Torrent)
		gone []int // one after the other
	}{
		{"as it is", func(*fixture, *Torrent) {}, []int{2, 3, 0}},
		{"lent", func(f *fixture, tor *Torrent) {
			l, err := tor.Lend(2)
			if err != nil {
				t.Fatal(err)
			}
			l.Release()
		}, []int{3, 2, 0}},
		{"read", func(f *fixture, tor *Torrent) { f.mustRead(t, tor, 2) }, []int{3, 0, 1}},
		{"put again", func(f *fixture, tor *Torrent) { f.put(tor, 2) }, []int{3, 0, 1}},
		{"put again as spare", func(f *fixture, tor *Torrent) { f.putSpare(t, tor, 2) }, []int{3, 2, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := single(t, 16<<10, 1, 10*16<<10)
			n := newNotices()
			s := coldStore(t, t.TempDir(), 4*16<<10)
			tor := f.open(t, s, n.evicted)
			f.store(t, tor, 0, 1)
			f.putSpare(t, tor, 2)
			f.putSpare(t, tor, 3)
			tt.use(f, tor)
			for k, i := range tt.gone {
				f.store(t, tor, 4+k)
				want := slices.Sorted(slices.Values(tt.gone[:k+1]))
				if got := n.wait(t, 1); !slices.Equal(got, want) {
					t.Fatalf("%v went; %d is the next to go", got, i)
				}
			}
			closeStore(t, s)
		})
	}
}

// A row of pieces is spare while all of them are.
func TestSpareRow(t *testing.T) {
	f := single(t, 16<<10, 1, 8*16<<10)
	n := newNotices()
	s := openStore(t, Config{Dir: t.TempDir(), DiskBytes: 6 * 16 << 10, MemoryBytes: 4, runBytes: 2 * 16 << 10})
	tor := f.open(t, s, n.evicted)
	f.putSpare(t, tor, 0)
	f.store(t, tor, 1)
	f.store(t, tor, 2)
	f.putSpare(t, tor, 3)
	f.putSpare(t, tor, 4)
	f.putSpare(t, tor, 5)
	f.store(t, tor, 6)
	if got := n.wait(t, 2); !slices.Equal(got, []int{4, 5}) {
		t.Errorf("%v went", got)
	}
	closeStore(t, s)
}

// What is read before it is on disk is not spare there.
func TestSpareIsReadBeforeItIsWritten(t *testing.T) {
	f := single(t, 16<<10, 1, 8*16<<10)
	n := newNotices()
	writing, written := make(chan struct{}), make(chan struct{})
	s := openStore(t, Config{Dir: t.TempDir(), DiskBytes: 2 * 16 << 10, MemoryBytes: 4, BeforeWrite: func(int) {
		if writing != nil {
			close(writing)
			<-written
			writing = nil // the writer's alone from now on
		}
	}})
	tor := f.open(t, s, n.evicted)
	b := s.pool.Get(f.info.PieceSize(0))
	copy(b.Bytes(), f.piece(0))
	tor.PutSpare(0, b)
	b.Release()
	<-writing
	f.mustRead(t, tor, 0)
	close(written)
	flush(t, tor)
	f.putSpare(t, tor, 1)
	f.store(t, tor, 2)
	if got := n.wait(t, 1); !slices.Equal(got, []int{1}) {
		t.Errorf("%v went", got)
	}
	closeStore(t, s)
}

// A row of which a piece is read while another one is verified is spare no more, although it gets its place back.
func TestSpareIsReadWhileItIsVerified(t *testing.T) {
	f := single(t, 16<<10, 1, 4*16<<10)
	s := openStore(t, Config{Dir: t.TempDir(), DiskBytes: 4 * 16 << 10, MemoryBytes: 4, runBytes: 2 * 16 << 10, stayCold: true})
	tor := f.open(t, s, nil)
	for i := range 4 {
		f.putSpare(t, tor, i)
	}
	tor.Doubt()
	l, newer, _, err := tor.leaseUnproven(0)
	if err != nil || newer == nil {
		t.Fatal(newer, err)
	}
	_, err = l.open()
	err = tor.prove(l, err)
	f.mustRead(t, tor, 1)
	l.Release()
	s.rank(l.r, newer)
	if err != nil || l.r.spare {
		t.Errorf("spare %t, %v", l.r.spare, err)
	}
	closeStore(t, s)
}
