package cache

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/btgw/btgw/internal/bubble"
)

// tellsPageCache reports whether the kernel tells what is in the page cache.
func tellsPageCache(t *testing.T, s *Store) bool {
	f, err := s.disk.dir.(osFolder).root.Open(journalName)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return unix.Cachestat(uint(f.Fd()), &unix.CachestatRange{}, new(unix.Cachestat_t), 0) == nil
}

// What is written past the page cache is in it soon after. Whether it is read again is counted
// once for each piece, and only where that is soon.
func TestWhatIsWrittenIsWarmed(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 256 << 10
		f := single(t, size, 1, 6*size+100)
		dir := t.TempDir()
		s := openStore(t, Config{Dir: dir, MemoryBytes: 4, runBytes: 8 * size})
		tor := f.open(t, s, nil)
		f.store(t, tor, 0, 1, 2)
		if s.disk.buffered.Load() {
			t.Fatal("the test wants a file system with direct writes")
		}
		f.store(t, tor, 4)
		time.Sleep(2 * warmDelay)
		if st := s.Stats(); st.WarmedBytes != 4*size || st.WarmHitBytes != 0 {
			t.Errorf("%d bytes were warmed, and %d read again", st.WarmedBytes, st.WarmHitBytes)
		}
		if n := inPageCache(t, dir, f); n < 4*size && tellsPageCache(t, s) {
			t.Errorf("%d bytes are in the page cache", n)
		}
		for range 2 {
			f.mustRead(t, tor, 1)
			f.mustRead(t, tor, 4)
		}
		if st := s.Stats(); st.WarmHitBytes != 2*size {
			t.Errorf("%d bytes were read again", st.WarmHitBytes)
		}
		// The rest makes the run full, and what was read is not warmed once more.
		f.store(t, tor, 3, 5, 6)
		time.Sleep(2 * warmDelay)
		if st := s.Stats(); st.WarmedBytes != 6*size+100 {
			t.Errorf("%d bytes were warmed in all", st.WarmedBytes)
		}
		time.Sleep(againTime)
		f.mustRead(t, tor, 0)
		if st := s.Stats(); st.WarmHitBytes != 2*size {
			t.Errorf("%d bytes were read again, one of them late", st.WarmHitBytes)
		}
		closeStore(t, s)
	})
}

// A run that was evicted before its turn is left out, and so is one whose file is gone.
func TestWhatIsGoneIsNotWarmed(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 256 << 10
		f, g := single(t, size, 1, 2*size), single(t, size, 2, 2*size)
		s := openStore(t, Config{Dir: t.TempDir(), MemoryBytes: 4, runBytes: 4 * size})
		removed, cut := f.open(t, s, nil), g.open(t, s, nil)
		f.store(t, removed, 0)
		g.store(t, cut, 0)
		removed.Remove()
		cut.s.mu.Lock()
		r := cut.c.runOf(0)
		cut.s.mu.Unlock()
		if err := s.disk.files.dir.Remove(r.name()); err != nil {
			t.Fatal(err)
		}
		s.disk.files.forget(r)
		time.Sleep(2 * warmDelay)
		if st := s.Stats(); st.WarmedBytes != 0 {
			t.Errorf("%d bytes were warmed", st.WarmedBytes)
		}
		closeStore(t, s)
	})
}

// Where next to nothing is asked for again, a sample is warmed, until more is.
func TestWarmingHasToPay(t *testing.T) {
	share := func(w *warmer) (n int) {
		for range 10 * warmSample {
			if w.pays() {
				n++
			}
		}
		return n
	}
	var w warmer
	if n := share(&w); n != 10*warmSample {
		t.Errorf("nothing is known, and %d runs of %d are warmed", n, 10*warmSample)
	}
	w.count(warmTrial)
	if n := share(&w); n != 10 {
		t.Errorf("nothing was read again, and %d runs of %d are warmed", n, 10*warmSample)
	}
	w.again = warmTrial / warmShare
	if n := share(&w); n != 10*warmSample {
		t.Errorf("enough was read again, and %d runs of %d are warmed", n, 10*warmSample)
	}
	w.count(warmTrial)
	if w.warmed != warmTrial || w.again != warmTrial/warmShare/2 {
		t.Errorf("%d bytes of %d after a while", w.again, w.warmed)
	}
}

// A run into which pieces are written one after the other, as a player gets them, is warmed when it is
// full, and at no time before.
func TestWhatIsBeingWrittenIsNotWarmed(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size, pieces = 256 << 10, 8
		f := single(t, size, 1, pieces*size)
		s := openStore(t, Config{Dir: t.TempDir(), MemoryBytes: 4, runBytes: pieces * size})
		tor := f.open(t, s, nil)
		for i := range pieces {
			f.store(t, tor, i)
			time.Sleep(warmDelay / 2)
			want := int64(0)
			if i == pieces-1 {
				want = pieces * size
			}
			if st := s.Stats(); st.WarmedBytes != want {
				t.Errorf("%d bytes were warmed after %d pieces", st.WarmedBytes, i+1)
			}
		}
		closeStore(t, s)
	})
}

// No more than so many runs wait to be warmed: the newest. They wait for the writer.
func TestWarmingGivesWay(t *testing.T) {
	s := openStore(t, Config{Dir: t.TempDir(), MemoryBytes: 64 << 20, stayCold: true})
	tor := single(t, 16<<10, 1, 16<<10).open(t, s, nil)
	d, now := s.disk, s.now()
	runs := make([]*run, maxCold+2)
	s.mu.Lock()
	for i := range runs {
		runs[i] = &run{c: tor.c, index: int32(i), held: 1, places: make([]place, 2)}
		d.warmer.cooled(runs[i], now)
		d.warmer.cooled(runs[i], now)
	}
	if n := len(d.warmer.queue); n != maxCold || d.warmer.queue[0].r != runs[2] || runs[1].cold || !runs[2].cold {
		t.Errorf("%d runs wait", n)
	}
	s.queueBytes = s.recentLimit() + 1
	runs[7].held = 2
	s.mu.Unlock()
	if r, wait := d.nextCold(); r != nil || wait != warmYield {
		t.Errorf("run %v is warmed while the writer is behind, or looked at in %v", r, wait)
	}
	s.mu.Lock()
	s.queueBytes = 0
	s.mu.Unlock()
	if r, _ := d.nextCold(); r != runs[7] {
		t.Errorf("not the run that is full is warmed, but %v", r)
	}
	if r, wait := d.warmer.next(now); r != nil || wait != warmDelay {
		t.Errorf("run %v is warmed at once, the next in %v", r, wait)
	}
	s.mu.Lock()
	d.warmer.cooled(runs[2], now.Add(1))
	s.mu.Unlock()
	if r, _ := d.warmer.next(now.Add(warmDelay)); r != runs[3] {
		t.Errorf("the run that was not written for the longest is not warmed, but %v", r)
	}
}
