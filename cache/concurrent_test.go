package cache

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/metainfo"
)

// Fifty readers at random places, over sockets, of a cache that holds a small part
// of what they read: each byte that arrives is right.
func TestReadersUnderPressure(t *testing.T) {
	t.Parallel()
	fixtures := []*fixture{
		single(t, 32<<10, 1, 60*32<<10),
		odd(t, 50_000, 2, 40*50_000),
		makeFixture(t, metainfo.Hybrid, 16<<10, 3, 400_000, 70_001, 5),
	}
	s := openStore(t, Config{Dir: t.TempDir(), DiskBytes: 600 << 10, MemoryBytes: 200 << 10})
	var tors []*Torrent
	for _, f := range fixtures {
		tors = append(tors, f.open(t, s, func(int) {}))
	}
	var wg sync.WaitGroup
	for g := range 50 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(g), 1))
			for range 30 {
				k := random.IntN(len(fixtures))
				readOver(t, fixtures[k], tors[k], random)
			}
		})
	}
	wg.Wait()
	flush(t, tors[0])
	st := s.Stats()
	if st.Evictions < 20 || st.MemoryHits+st.DiskHits == 0 || st.Misses == 0 || st.ReadErrors != 0 || st.DiskBytes > 600<<10 {
		t.Fatalf("stats %+v", st)
	}
	closeStore(t, s)
}

// readOver sends a range of a random piece through a socket pair, after putting it
// if it is not held.
func readOver(t *testing.T, f *fixture, tor *Torrent, random *rand.Rand) {
	i := random.IntN(f.info.NumPieces())
	l, err := tor.Get(i)
	for err != nil {
		f.put(tor, i)
		l, err = tor.Get(i)
	}
	off := random.IntN(l.Len())
	n := 1 + random.IntN(l.Len()-off)
	client, server := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		got, _ := io.ReadAll(client)
		if !bytes.Equal(got, f.piece(i)[off:off+n]) {
			t.Errorf("piece %d from %d: %d wrong bytes of %d", i, off, len(got), n)
		}
	}()
	if _, err := l.WriteRange(server, int64(off), int64(n)); err != nil {
		t.Errorf("piece %d: %v", i, err)
	}
	l.Release()
	_ = server.Close()
	<-done
}

// Handles, reads and removals at once; what is read is right, nothing is left.
func TestChurn(t *testing.T) {
	t.Parallel()
	f := single(t, 16<<10, 1, 30*16<<10)
	s := openStore(t, Config{Dir: t.TempDir(), DiskBytes: 10 * 16 << 10, MemoryBytes: 100 << 10})
	var mu sync.Mutex
	tor := f.open(t, s, nil)
	current := func() *Torrent {
		mu.Lock()
		defer mu.Unlock()
		return tor
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(g), 7))
			for range 200 {
				i, t2 := random.IntN(30), current()
				switch random.IntN(20) {
				case 0:
					mu.Lock()
					tor.Remove()
					tor = f.open(t, s, nil)
					mu.Unlock()
				case 1:
					mu.Lock()
					tor.Close()
					tor = f.open(t, s, nil)
					mu.Unlock()
				case 2:
					flush(t, t2)
				case 3, 4, 5, 6, 7, 8:
					f.put(t2, i)
				default:
					f.read(t, t2, i)
				}
			}
		})
	}
	wg.Wait()
	closeStore(t, s)
}

// A torrent that is removed while its pieces are being synced is no fault of the disk.
func TestRemovedWhileSynced(t *testing.T) {
	f := single(t, 16<<10, 1, 4*16<<10)
	s := openStore(t, Config{Dir: t.TempDir()})
	tor := f.open(t, s, nil)
	f.store(t, tor, 0)
	s.mu.Lock()
	r := tor.c.runOf(0)
	s.mu.Unlock()
	tor.Remove()
	if err := s.disk.syncFile(r); err != nil { // as if the syncer had looked before
		t.Error(err)
	}
	closeStore(t, s)
}

// A piece that is read from disk again and again moves to memory.
func TestPromote(t *testing.T) {
	f := single(t, 16<<10, 1, 4*16<<10)
	dir := t.TempDir()
	s := openStore(t, Config{Dir: dir})
	f.store(t, f.open(t, s, nil))
	closeStore(t, s)
	s = openStore(t, Config{Dir: dir})
	tor := f.open(t, s, nil)
	for i := range 2 * promoteReads {
		l, err := tor.Get(1)
		if err != nil {
			t.Fatal(err)
		}
		if inMemory := l.Bytes() != nil; inMemory != (i >= promoteReads-1) { // it was read to check it
			t.Fatalf("read %d: in memory %v", i, inMemory)
		}
		l.Release()
		f.mustRead(t, tor, 1)
	}
	f.mustRead(t, tor, 2)
	s.hot.cache.Wait()
	if st := s.Stats(); st.MemoryBytes != 16<<10 || st.DiskPieces != 4 {
		t.Fatalf("stats %+v", st)
	}
	closeStore(t, s)
}

// A store in memory, with time that only a test can make pass.
func TestMemoryOnly(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := single(t, 16<<10, 1, 64*16<<10)
		s := openStore(t, Config{MemoryBytes: 16 * 16 << 10})
		n := newNotices()
		tor := f.open(t, s, n.evicted)
		for i := range 64 {
			f.put(tor, i)
			for k := max(0, i-3); k <= i; k++ {
				f.mustRead(t, tor, k) // the newest quarter is there in any case
			}
		}
		flush(t, tor)
		synctest.Wait()
		held := tor.Have().Count(64)
		if held < 12 || held > 16 || len(n.pieces) != 64-held {
			t.Fatalf("%d pieces held, %d notices", held, len(n.pieces))
		}
		for _, i := range n.pieces {
			if tor.Has(i) {
				t.Fatalf("notice of piece %d, which is held", i)
			}
		}
		if st := s.Stats(); st.MemoryBytes+st.RecentBytes > 16*16<<10 || st.BufferBytes != int64(held)*16<<10 {
			t.Fatalf("stats %+v", st)
		}
		if err := s.PutMetainfo(f.tor); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if _, ok := s.Metainfo(f.info.ID()); !ok || tor.Have().Count(64) != held {
			t.Fatal("time took something away")
		}
		l, err := tor.Get(63)
		if err != nil {
			t.Fatal(err)
		}
		tor.Remove()
		if !bytes.Equal(l.Bytes(), f.piece(63)) {
			t.Fatal("a lease from before Remove is wrong")
		}
		l.Release()
		synctest.Wait()
		if st := s.Stats(); st.BufferBytes != 0 || st.Pieces != 0 {
			t.Fatalf("stats %+v", st)
		}
		closeStore(t, s)
	})
}

// The same with a disk: real I/O, false time.
func TestDiskInBubble(t *testing.T) {
	dir := t.TempDir()
	bubble.Test(t, func(t *testing.T) {
		f := single(t, 16<<10, 1, 8*16<<10)
		s := openStore(t, Config{Dir: dir})
		tor := f.open(t, s, nil)
		f.putAll(tor)
		time.Sleep(writeDelay)
		synctest.Wait()
		if st := s.Stats(); st.Syncs != 0 || st.PendingBytes != 0 || st.DiskPieces != 8 {
			t.Fatalf("before the delay: %+v", st)
		}
		time.Sleep(syncDelay + time.Millisecond)
		synctest.Wait()
		if st := s.Stats(); st.Syncs != 1 {
			t.Fatalf("after it: %+v", st)
		}
		closeStore(t, s)
	})
}

// A store agrees with a map: what was put and not called back about is held, what
// is held is right, whatever is leased stays right.
func TestStoreModel(t *testing.T) {
	t.Parallel()
	fixtures := []*fixture{single(t, 16<<10, 1, 12*16<<10-9), odd(t, 30_000, 2, 9*30_000)}
	rapid.Check(t, func(rt *rapid.T) {
		dir := ""
		if rapid.Bool().Draw(rt, "disk") {
			dir = t.TempDir()
		}
		m := &storeModel{
			fixtures: fixtures, dir: dir,
			cfg: Config{
				DiskBytes:   rapid.Int64Range(1, 40).Draw(rt, "disk blocks") * 16 << 10,
				MemoryBytes: rapid.Int64Range(1, 20).Draw(rt, "memory blocks") * 16 << 10,
			},
		}
		m.open(rt)
		defer func() { _ = m.s.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"put":     m.put,
			"get":     m.get,
			"lease":   m.lease,
			"release": m.release,
			"flush":   m.flush,
			"restart": m.restart,
			"remove":  m.remove,
			"":        m.check,
		})
		for len(m.leases) > 0 {
			m.release(rt)
		}
		if err := m.s.Close(); err != nil {
			rt.Fatal(err)
		}
		if n := m.s.pool.Outstanding(); n != 0 {
			rt.Fatalf("%d bytes outstanding", n)
		}
	})
}
