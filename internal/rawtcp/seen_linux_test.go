package rawtcp

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// What was found is believed to be there for a second, and no longer: the same range of the same file alone.
func TestSeen(t *testing.T) {
	const second = instant(time.Second / time.Millisecond)
	nothing := func(int, int64, int64) bool { return false }
	s := new(seen)
	if s.lately(1, 3, 0, 10) {
		t.Error("seen before anything was found")
	}
	s.found(1, 3, 0, 10, nothing)
	for _, test := range []struct {
		now    instant
		file   int
		off, n int64
		want   bool
	}{{1, 3, 0, 10, true}, {second, 3, 0, 10, true}, {second + 1, 3, 0, 10, false}, {1, 4, 0, 10, false}, {1, 3, 1, 10, false}, {1, 3, 0, 11, false}} {
		if got := s.lately(test.now, test.file, test.off, test.n); got != test.want {
			t.Errorf("%v: %v", test, got)
		}
	}
	s.missing(10)
	if s.lately(11, 3, 0, 10) {
		t.Error("something is not there, and what was found is believed")
	}
	s.found(11, 5, 0, 10, nothing)
	if s.lately(10+second, 5, 0, 10) {
		t.Error("what was found while something was missing is believed later")
	}
	s.found(10+second, 5, 0, 10, nothing)
	if !s.lately(10+second, 5, 0, 10) {
		t.Error("nothing is believed any more")
	}
	for i := range int64(seenParts) { // most have a place
		s.found(10+second, 7, i<<16, 1<<16, nothing)
	}
	has := 0
	for i := range int64(seenParts) {
		if s.lately(10+second, 7, i<<16, 1<<16) {
			has++
		}
	}
	if has < seenParts/2 {
		t.Errorf("%d of %d parts are remembered", has, seenParts)
	}
	var none *seen
	none.found(1, 3, 0, 10, nothing)
	none.missing(1)
	if none.lately(1, 3, 0, 10) {
		t.Error("seen by nobody")
	}
}

// A region that is there as a whole is looked for once a second, whichever ranges of it are asked for; so is one that is not.
func TestSeenRegions(t *testing.T) {
	const end = 5*seenRegion/2 + 1 // of the file
	looks := 0
	cached := func(_ int, off, n int64) bool {
		looks++
		return off+n <= end
	}
	s := new(seen)
	for _, step := range []struct {
		off, n int64
		known  bool // before anybody looks
		looks  int  // for regions
	}{
		{10, 20, false, 1},
		{seenRegion - 5, 5, true, 0},
		{seenRegion - 5, 6, false, 1},                     // and one byte of the next
		{0, 2 * seenRegion, true, 0},                      // both
		{2 * seenRegion, 10, false, 1},                    // the third has an end
		{2 * seenRegion, 10, true, 0},                     // by itself
		{2 * seenRegion, 11, false, 0},                    // not a part of it
		{2*seenRegion - 1, 2, false, 0},                   // over the boundary
		{0, end, false, 0},                                // all
		{2*seenRegion - 1, 1, true, 0}, {0, end, true, 0}, // as before
	} {
		looks = 0
		if known := s.lately(7, 3, step.off, step.n); known != step.known {
			t.Errorf("%+v: known %v", step, known)
		} else if !known {
			s.found(7, 3, step.off, step.n, cached)
		}
		if looks != step.looks {
			t.Errorf("%+v: looked %d times", step, looks)
		}
	}
}

// The clock of the marks has 32 bits of milliseconds: they are right after 50 days too.
func TestSeenAfterManyDays(t *testing.T) {
	const day = instant(24 * time.Hour / time.Millisecond)
	nothing := func(int, int64, int64) bool { return false }
	for _, now := range []instant{1<<31 - 10, 1<<32 - 10, 1<<32 + 10, 60 * day} {
		s := new(seen)
		s.found(now, 3, 0, 10, nothing)
		for after, want := range map[instant]bool{-5: true, 0: true, 999: true, 1000: false, 20 * day: false, 40 * day: false} {
			if got := s.lately(now+after, 3, 0, 10); got != want {
				t.Errorf("%d ms after %d: %v", after, now, got)
			}
		}
	}
}

// A connection looks once for a part that many ask for, and anew once it did not find another.
func TestResidentSeen(t *testing.T) {
	const size = 1 << 20
	f := dataFile(t, random(size))
	if err := unix.Cachestat(uint(f.Fd()), &unix.CachestatRange{}, new(unix.Cachestat_t), 0); err != nil {
		return // the system does not tell
	}
	shared := new(seen)
	one, other := &pageSend{file: int(f.Fd()), seen: shared}, &pageSend{file: int(f.Fd()), seen: shared}
	before := instantOf()
	if !one.resident(size) {
		t.Fatal("what was just written is not resident")
	}
	if !shared.lately(before, other.file, 0, size) {
		t.Error("it is not remembered")
	}
	before = instantOf()
	if other.off = 2 * size; other.resident(1) {
		t.Error("what the file does not have is resident")
	}
	if shared.lately(before, one.file, 0, size) {
		t.Error("one part is missing, and another is believed to be there")
	}
	if !one.resident(size) {
		t.Error("it is not looked for any more")
	}
}
