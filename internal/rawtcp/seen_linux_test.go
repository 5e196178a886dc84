package rawtcp

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// What was found is believed to be there for a second, and no longer: the same part of the same file alone.
func TestSeen(t *testing.T) {
	const second = instant(time.Second / time.Millisecond)
	s := new(seen)
	if s.lately(1, 3, 0, 10) {
		t.Error("seen before anything was found")
	}
	s.found(1, 3, 0, 10)
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
	s.found(11, 5, 0, 10)
	if s.lately(10+second, 5, 0, 10) {
		t.Error("what was found while something was missing is believed later")
	}
	s.found(10+second, 5, 0, 10)
	if !s.lately(10+second, 5, 0, 10) {
		t.Error("nothing is believed any more")
	}
	for i := range int64(seenParts) { // most have a place
		s.found(10+second, 7, i<<16, 1<<16)
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
	none.found(1, 3, 0, 10)
	none.missing(1)
	if none.lately(1, 3, 0, 10) {
		t.Error("seen by nobody")
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
