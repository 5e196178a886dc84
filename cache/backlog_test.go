package cache

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// slowStore opens a store on a disk that takes rate bytes/s and stands still as long as
// gate, which may be nil, is not closed.
func slowStore(t *testing.T, rate int64, memory int64, gate <-chan struct{}) *Store {
	t.Helper()
	return openStore(t, Config{Dir: t.TempDir(), MemoryBytes: memory, BeforeWrite: func(n int) {
		if gate != nil {
			<-gate
		}
		time.Sleep(time.Duration(n) * time.Second / time.Duration(rate))
	}})
}

// stored checks that all pieces that are held, and at least n, are on disk.
func stored(t *testing.T, tor *Torrent, n int) {
	t.Helper()
	flush(t, tor)
	if st := tor.s.Stats(); st.DiskPieces != st.Pieces || st.Pieces < n || st.RecentBytes != 0 {
		t.Fatalf("%d pieces on disk of %d, at least %d should be: %+v", st.DiskPieces, st.Pieces, n, st)
	}
}

// A queue beyond its limit is not given up as long as the disk writes, however much of
// it there is; nor is a reader that heeds Backlog freed of it.
func TestBacklogOfADiskThatWrites(t *testing.T) {
	for _, rate := range []int64{50_000_000, 2 * minWriteRate} {
		bubble.Test(t, func(t *testing.T) {
			const pieces = 1000
			f := single(t, 64<<10, 1, pieces*64<<10)
			s := slowStore(t, rate, 4<<20, nil)
			tor := f.open(t, s, nil)
			start := time.Now()
			for i := range pieces {
				for waiting, limit := s.Backlog(); waiting > 4*limit; waiting, limit = s.Backlog() {
					time.Sleep(time.Millisecond)
				}
				f.put(tor, i)
			}
			if took, least := time.Since(start), time.Duration(pieces*64<<10-8<<20)*time.Second/time.Duration(rate); took < least {
				t.Errorf("put after %v, the disk needs %v", took, least)
			}
			stored(t, tor, pieces)
			if st := s.Stats(); st.Overflows != 0 {
				t.Errorf("%d overflows", st.Overflows)
			}
			closeStore(t, s)
		})
	}
}

// A disk that stands still is waited for as long as maxStall says, one that creeps
// little longer. Then nothing waits for it, what is in memory is written when it can be,
// and the disk is as good as any after that.
func TestBacklogOfADiskThatIsBehind(t *testing.T) {
	for name, rate := range map[string]int64{"stands still": 0, "creeps": minWriteRate / 4} {
		bubble.Test(t, func(t *testing.T) {
			const pieces = 256
			f := single(t, 64<<10, 1, 4*pieces*64<<10)
			gate := make(chan struct{})
			if rate > 0 {
				close(gate)
			}
			s := slowStore(t, max(rate, 50_000_000*(1-min(rate, 1))), 64<<20, gate)
			tor := f.open(t, s, nil)
			for i := range pieces { // to the limit
				f.put(tor, i)
			}
			start, next := time.Now(), pieces
			for waiting, limit := s.Backlog(); waiting > 0; waiting, limit = s.Backlog() {
				for ; waiting < limit+8<<20 && next < 3*pieces; next++ { // it stays full
					f.put(tor, next)
					waiting += 64 << 10
				}
				time.Sleep(10 * time.Millisecond)
			}
			took := time.Since(start)
			if most := maxStall * 2; took < maxStall-20*time.Millisecond && rate == 0 || took > most {
				t.Errorf("%s: waited for %v", name, took)
			}
			for i := range pieces / 2 {
				f.put(tor, next+i)
			}
			if st := s.Stats(); rate == 0 && (st.Overflows < pieces/2 || st.PendingBytes > s.recentLimit()) {
				t.Errorf("%s: %+v", name, st)
			}
			if rate == 0 {
				close(gate)
			}
			stored(t, tor, pieces)
			held := tor.Have()
			for i := range 4 * pieces {
				if held.Has(i) {
					f.mustRead(t, tor, i)
				}
			}
			closeStore(t, s)
		})
	}
}

// Without a call or a piece from anybody, too.
func TestCatchUpByItself(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := single(t, 16<<10, 1, 8*16<<10)
		dir := t.TempDir()
		s := openStore(t, Config{Dir: dir})
		tor := f.open(t, s, nil)
		s.mu.Lock()
		s.disk.fault.fail(s.now(), errNoRoom)
		s.mu.Unlock()
		f.putAll(tor)
		time.Sleep(minRetryDelay - time.Second)
		synctest.Wait()
		if st := s.Stats(); st.DiskPieces != 0 || st.Pieces != 8 {
			t.Fatalf("while it fails: %+v", st)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if st := s.Stats(); st.DiskPieces != 8 || st.Degraded {
			t.Fatalf("after it: %+v", st)
		}
		closeStore(t, s)
		s = openStore(t, Config{Dir: dir})
		tor = f.open(t, s, nil)
		if tor.Have()[0] != 0xff {
			t.Fatalf("after a restart: %08b", tor.Have()[0])
		}
		closeStore(t, s)
	})
}

// A store that is closed right after the disk was too slow writes what it has first.
func TestCloseCatchesUp(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := single(t, 64<<10, 1, 64*64<<10)
		dir := t.TempDir()
		s := openStore(t, Config{Dir: dir, MemoryBytes: 16 << 20})
		tor := f.open(t, s, nil)
		s.mu.Lock()
		s.disk.patience.behind = true
		s.queueBytes += 16 << 20 // as if so much waited
		s.mu.Unlock()
		f.putAll(tor)
		s.mu.Lock()
		s.queueBytes -= 16 << 20
		s.mu.Unlock()
		if st := s.Stats(); st.Overflows != 64 {
			t.Fatalf("stats %+v", st)
		}
		closeStore(t, s)
		s = openStore(t, Config{Dir: dir})
		if n := f.open(t, s, nil).Have().Count(64); n != 64 {
			t.Fatalf("%d pieces after a restart", n)
		}
		closeStore(t, s)
	})
}

// A disk that is left alone after a fault, or since there was no room, is tried once more
// before the store is closed: what it did not take is lost then.
func TestCloseTriesOnceMore(t *testing.T) {
	for name, leave := range map[string]func(d *disk, now time.Time){
		"after a fault":   func(d *disk, now time.Time) { d.fault.fail(now, errors.New("io_submit: EAGAIN")) },
		"without room":    func(d *disk, now time.Time) { d.retry = now.Add(minRetryDelay) },
		"on their way on": func(d *disk, now time.Time) { d.retry = now.Add(minRetryDelay) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				f := single(t, 16<<10, 1, 8*16<<10)
				dir := t.TempDir()
				s := openStore(t, Config{Dir: dir})
				tor := f.open(t, s, nil)
				s.mu.Lock()
				s.disk.patience.behind, s.queueBytes = true, s.queueBytes+s.recentLimit() // nothing is queued
				leave(s.disk, s.now())
				s.mu.Unlock()
				f.putAll(tor)
				var moving []*piece
				s.mu.Lock()
				s.disk.patience.behind, s.queueBytes = false, s.queueBytes-s.recentLimit()
				for e := s.recent.Front(); e != nil && name == "on their way on"; e = s.recent.Front() {
					p := e.Value.(*piece)
					s.unkeep(p)
					moving = append(moving, p)
				}
				s.closing = len(moving) > 0
				s.mu.Unlock()
				s.heat(moving) // which comes just too late
				s.mu.Lock()
				s.closing = false
				s.mu.Unlock()
				closeStore(t, s)
				s = openStore(t, Config{Dir: dir})
				if n := f.open(t, s, nil).Have().Count(8); n != 8 {
					t.Errorf("%d of 8 pieces after a restart", n)
				}
				closeStore(t, s)
			})
		})
	}
}
