package cache

import (
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// Pieces make way for what others put on the disk: at each write some, and where none are
// left nothing is written. When there is room again, writes go on.
func TestMinFree(t *testing.T) {
	const piece, floor = 16 << 10, 1 << 20
	f := single(t, piece, 1, 64*piece)
	var room, least atomic.Int64 // of the disk without our pieces; the least that was free
	least.Store(1 << 40)
	room.Store(floor + 40*piece)
	var of atomic.Pointer[Store] // nil: it is being opened
	free := func() int64 {
		s := of.Load()
		if s == nil {
			return room.Load()
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return room.Load() - s.disk.used
	}
	s := openStore(t, Config{Dir: t.TempDir(), DiskBytes: 1 << 30, MemoryBytes: 64 << 20, MinFree: floor, openFolder: func(dir string) (folder, error) {
		root, err := openFolder(dir)
		return narrow{root, free}, err
	}})
	defer closeStore(t, s)
	of.Store(s)
	tor := f.open(t, s, nil)
	store := func(from, to int) {
		t.Helper()
		for i := from; i < to; i++ {
			f.store(t, tor, i)
			least.Store(min(least.Load(), free()))
			if !f.read(t, tor, i) {
				t.Fatalf("piece %d is not there", i)
			}
		}
	}
	store(0, 64)
	if st := s.Stats(); least.Load() < floor || st.DiskPieces == 0 || st.DiskPieces > 40 || st.Degraded {
		t.Fatalf("%d bytes were free, at least %d must be; %+v", least.Load(), floor, st)
	}
	room.Store(0) // others take all there is
	other := single(t, piece, 2, 8*piece)
	more := other.open(t, s, nil)
	other.putAll(more)
	flush(t, tor)
	if st := s.Stats(); st.DiskPieces != 0 || st.Degraded {
		t.Fatalf("with a full disk: %+v", st)
	}
	room.Store(floor + 64*piece)
	s.mu.Lock()
	s.disk.retry = time.Time{}
	s.mu.Unlock()
	flush(t, tor)
	if st := s.Stats(); st.DiskPieces < 8 {
		t.Fatalf("with room again: %+v", st)
	}
}

// narrow is a folder on a disk with so much room.
type narrow struct {
	folder
	free func() int64
}

func (n narrow) Free() (int64, error) { return n.free(), nil }

// The size of a disk is known before the folder is made.
func TestDiskSize(t *testing.T) {
	dir := t.TempDir()
	there, err := DiskSize(dir)
	if err != nil || there <= 0 {
		t.Fatalf("%d, %v", there, err)
	}
	if later, err := DiskSize(filepath.Join(dir, "a", "b")); later != there || err != nil {
		t.Fatalf("%d, %v; not %d", later, err, there)
	}
	d := &disk{s: &Store{cfg: Config{MinFree: 100}}, free: func() (int64, error) { return 150, nil }}
	if got := d.short(60); got != 10 {
		t.Errorf("%d bytes short, not 10", got)
	}
	d.free = func() (int64, error) { return 0, errors.ErrUnsupported }
	if got := d.short(60); got != 0 {
		t.Errorf("%d bytes short of what is not known", got)
	}
}
