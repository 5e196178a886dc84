package cache

import (
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/metainfo"
)

// scrubFixtures are torrents of both versions; the last has pieces that are read one by one.
func scrubFixtures(t *testing.T) []*fixture {
	return []*fixture{
		single(t, 16<<10, 31, 40*16<<10-5),
		makeFixture(t, metainfo.V2, 16<<10, 32, 3*16<<10+5, 5*16<<10, 100),
		makeFixture(t, metainfo.Hybrid, 16<<10, 33, 20*16<<10+7, 16<<10),
		odd(t, 5_000, 34, 33*5_000-1),
		single(t, 8<<20, 35, 8<<20+9),
	}
}

// bytes is how many bytes the pieces of a torrent have.
func (f *fixture) bytes() (n int64) {
	for i := range f.info.NumPieces() {
		n += int64(f.info.PieceSize(i))
	}
	return n
}

// forget changes a byte of a piece on disk without a trace.
func (d *powerDisk) forget(f *fixture, s *Store, i, at int) {
	s.mu.Lock()
	r := s.contents[geometryOf(f.info).hash].runOf(i)
	name, off := r.name(), int(r.offset(i))+at
	s.mu.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.root.names[piecesDir].names[name].data[off] ^= 1
}

// evictionOrder is the order of eviction.
func evictionOrder(s *Store) []*run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(s.order.all)
}

// What a disk has forgotten is found in one pass, in open torrents and in others, and nothing else
// is given up. The order of eviction stays as it is.
func TestScrubFinds(t *testing.T) {
	fixtures := scrubFixtures(t)
	const rate = 1 << 20
	for seed := range uint64(2) {
		bubble.Test(t, func(t *testing.T) {
			random, disk := rand.New(rand.NewPCG(seed, 3)), newPowerDisk(seed)
			cfg := Config{Dir: "power", MemoryBytes: 4, ScrubRate: rate, runBytes: []int64{0, 64 << 10}[seed%2], openFolder: disk.open}
			s := openStore(t, cfg)
			var evicted atomic.Int64
			total := int64(0)
			tors := make([]*Torrent, len(fixtures))
			for k, f := range fixtures {
				tors[k] = f.open(t, s, func(int) { evicted.Add(1) })
				f.putAll(tors[k])
				flush(t, tors[k])
				total += f.bytes()
				if err := s.PutMetainfo(f.tor); err != nil {
					t.Fatal(err)
				}
			}
			tors[0].Close()
			tors[1].Close()
			wrong := make([]metainfo.Bitfield, len(fixtures))
			bad := 0
			for k, f := range fixtures {
				wrong[k] = metainfo.NewBitfield(f.info.NumPieces())
				for i := range f.info.NumPieces() {
					if random.IntN(5) == 0 {
						disk.forget(f, s, i, random.IntN(f.info.PieceSize(i)))
						wrong[k].Set(i)
						bad++
					}
				}
			}
			time.Sleep(scrubAfter + time.Duration(total/rate+2)*time.Second) // the time is virtual
			if st := s.Stats(); st.ScrubbedBytes != total || int(st.ScrubFailures) != bad || st.VerifyFailures+st.ReadErrors+st.Distrusts != 0 {
				t.Errorf("seed %d: %d bytes, %d bad: %+v", seed, total, bad, st)
			}
			open := int64(0)
			for k, f := range fixtures {
				if k < 2 {
					tors[k] = f.open(t, s, nil)
				} else {
					open += int64(wrong[k].Count(f.info.NumPieces()))
				}
				for i := range f.info.NumPieces() {
					if tors[k].Has(i) == wrong[k].Has(i) || f.read(t, tors[k], i) == wrong[k].Has(i) {
						t.Errorf("seed %d: torrent %d piece %d: held %v, wrong %v", seed, k, i, tors[k].Has(i), wrong[k].Has(i))
					}
				}
			}
			if evicted.Load() != open {
				t.Errorf("%d pieces were said to be gone, %d are", evicted.Load(), open)
			}
			closeStore(t, s)
		})
	}
}

// A pass that finds nothing leaves the order of eviction as it is, and another one comes a week later.
func TestScrubKeepsOrder(t *testing.T) {
	fixtures := scrubFixtures(t)
	bubble.Test(t, func(t *testing.T) {
		disk := newPowerDisk(1)
		s := openStore(t, Config{Dir: "power", MemoryBytes: 4, ScrubRate: 1 << 20, runBytes: 64 << 10, openFolder: disk.open})
		total := int64(0)
		for _, f := range fixtures {
			tor := f.open(t, s, nil)
			f.putAll(tor)
			flush(t, tor)
			total += f.bytes()
		}
		order := evictionOrder(s)
		time.Sleep(scrubEvery)
		if st := s.Stats(); st.ScrubbedBytes != total || st.ScrubFailures != 0 {
			t.Errorf("%d bytes: %+v", total, st)
		}
		if !slices.Equal(evictionOrder(s), order) {
			t.Error("the order of eviction is another one")
		}
		time.Sleep(time.Hour)
		if st := s.Stats(); st.ScrubbedBytes != 2*total {
			t.Errorf("%d bytes after another pass, not %d", st.ScrubbedBytes, 2*total)
		}
		closeStore(t, s)
	})
}

// While readers use the disk the scrubber goes on at a tenth of its rate. It ends with the Store.
func TestScrubGivesWay(t *testing.T) {
	f := single(t, 16<<10, 1, 512*16<<10)
	bubble.Test(t, func(t *testing.T) {
		disk := newPowerDisk(1)
		const rate = 64 << 10
		s := openStore(t, Config{Dir: "power", MemoryBytes: 4, ScrubRate: rate, runBytes: 64 << 10, openFolder: disk.open})
		tor := f.open(t, s, nil)
		f.putAll(tor)
		flush(t, tor)
		time.Sleep(scrubAfter)
		for range 600 {
			f.mustRead(t, tor, 7)
			time.Sleep(scrubYield / 2)
		}
		if n := s.Stats().ScrubbedBytes; n < 30*rate/(scrubPatience+1)-64<<10 || n > 30*rate/scrubPatience+64<<10 {
			t.Errorf("%d bytes were read beside a reader in 30 s", n)
		}
		before := s.Stats().ScrubbedBytes
		time.Sleep(20 * time.Second)
		if n := s.Stats().ScrubbedBytes - before; n < 8*rate || n > 21*rate {
			t.Errorf("%d bytes were read in 20 s without a reader", n)
		}
		closeStore(t, s) // in the middle of a pass
	})
}

// A piece that cannot be read is given up, and those beside it are not where they can be.
func TestScrubReadErrors(t *testing.T) {
	f := single(t, 16<<10, 1, 8*16<<10)
	for times, lost := range map[int]int64{0: 0, 1: 0, 2: 1, 1 << 30: 8} {
		bubble.Test(t, func(t *testing.T) {
			disk := newPowerDisk(1)
			s := openStore(t, Config{Dir: "power", MemoryBytes: 4, ScrubRate: 1 << 20, openFolder: disk.open, Log: slog.New(slog.DiscardHandler)})
			tor := f.open(t, s, nil)
			f.putAll(tor)
			flush(t, tor)
			disk.fail("read", syscall.EIO, times)
			time.Sleep(scrubAfter + time.Minute)
			disk.mend()
			if st := s.Stats(); st.ReadErrors != lost || st.DiskPieces != 8-int(lost) || st.ScrubFailures != 0 || st.Distrusts != 0 {
				t.Errorf("%d reads fail: %+v", times, st)
			}
			closeStore(t, s)
		})
	}
}

// A hookedFolder has a test act after each read of a data file.
type hookedFolder struct {
	folder
	read func()
}

func (h hookedFolder) Folder(name string) (folder, error) {
	f, err := h.folder.Folder(name)
	return hookedFolder{f, h.read}, err
}

func (h hookedFolder) OpenFile(name string, flag int) (file, error) {
	f, err := h.folder.OpenFile(name, flag)
	if _, _, ok := parseRunName(name); ok && err == nil {
		f = hookedFile{f, h.read}
	}
	return f, err
}

type hookedFile struct {
	file
	read func()
}

func (h hookedFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := h.file.ReadAt(p, off)
	h.read()
	return n, err
}

// A piece that is fetched anew while the scrubber reads what an earlier process left of it is not
// judged by that.
func TestScrubWhilePieceComes(t *testing.T) {
	f := single(t, 16<<10, 1, 8*16<<10)
	bubble.Test(t, func(t *testing.T) {
		disk := newPowerDisk(1)
		var again atomic.Pointer[Torrent] // it has begun again with this
		var comes atomic.Int64
		read := func() {
			if tor := again.Load(); tor != nil && comes.Add(1) == 1 {
				f.put(tor, 3)
				flush(t, tor)
			}
		}
		cfg := Config{Dir: "power", MemoryBytes: 4, ScrubRate: 1 << 20, openFolder: func(string) (folder, error) {
			return hookedFolder{powerFolder{disk, disk.root}, read}, nil
		}}
		s := openStore(t, cfg)
		f.store(t, f.open(t, s, nil))
		disk.forget(f, s, 3, 100)
		closeStore(t, s)
		s = openStore(t, cfg)
		tor := f.open(t, s, nil)
		again.Store(tor)
		time.Sleep(scrubAfter + time.Minute)
		if st := s.Stats(); comes.Load() == 0 || st.ScrubFailures != 0 || st.DiskPieces != 8 {
			t.Errorf("%d reads: %+v", comes.Load(), st)
		}
		f.mustRead(t, tor, 3)
		closeStore(t, s)
	})
}

// Whatever goes on beside it, the scrubber gives up no piece that is right.
func TestScrubBesideOthers(t *testing.T) {
	t.Parallel()
	f, g := single(t, 16<<10, 1, 60*16<<10), odd(t, 5_000, 2, 60*5_000)
	s := openStore(t, Config{Dir: t.TempDir(), DiskBytes: 700 << 10, MemoryBytes: 200 << 10, runBytes: 64 << 10})
	tors := []*Torrent{f.open(t, s, nil), g.open(t, s, nil)}
	var others, scrubbing sync.WaitGroup
	done := make(chan struct{})
	b := &scrubber{s: s, rate: 1 << 40, timer: time.NewTimer(time.Hour)}
	scrubbing.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				b.pass()
			}
		}
	})
	for k, x := range []*fixture{f, g} {
		for w := range uint64(2) {
			others.Go(func() {
				random := rand.New(rand.NewPCG(w, uint64(k)))
				for range 1500 {
					i := random.IntN(x.info.NumPieces())
					if random.IntN(2) == 0 {
						x.put(tors[k], i)
					} else {
						x.read(t, tors[k], i)
					}
				}
			})
		}
	}
	others.Wait()
	close(done)
	scrubbing.Wait()
	flush(t, tors[0])
	b.pass()
	if st := s.Stats(); st.ScrubbedBytes == 0 || st.ScrubFailures+st.VerifyFailures+st.ReadErrors+st.Distrusts != 0 {
		t.Errorf("%+v", st)
	}
	closeStore(t, s)
}
