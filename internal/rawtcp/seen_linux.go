package rawtcp

import (
	"sync/atomic"
	"time"
)

const (
	// seenTime is how long a part of a file that was found in the page cache is taken to be there. The kernel gives up last
	// what was used last.
	seenTime = time.Second
	// seenRegion is the part that is looked for as a whole, in bytes, a power of two. Readers of random ranges come back to
	// the same megabyte sooner than to the same range.
	seenRegion = 1 << 20
	// seenParts is how many parts are remembered, a power of two. Each takes 8 bytes.
	seenParts = 1 << 15
)

// A seen remembers what was found in the page cache of late, for looking costs a twentieth of a range of 64 KiB. It knows
// regions that are there as a whole; of others, and of the end of a file, the ranges that were asked for. It forgets
// a part where another takes its place. For seenTime after something was not there it believes nothing: memory may be short.
// Where it is wrong, bytes are waited for without the scheduler knowing. Nil remembers nothing. It is safe for concurrent
// use.
type seen struct {
	parts  [seenParts]atomic.Uint64 // half of a part's hash, and when it was found
	absent atomic.Int64             // when something was not there, as an instant has it; 0: never
}

// ofLate is what all connections share: a client comes back on another one.
var ofLate seen

// An instant is a time since the process began, in milliseconds, and above 0.
type instant int64

var began = time.Now()

func instantOf() instant { return instant(time.Since(began)/time.Millisecond) + 1 }

// lately reports whether a range of a file was found within seenTime before now.
func (s *seen) lately(now instant, file int, off, n int64) bool {
	if s == nil || s.missed(now) {
		return false
	}
	return s.every(off, n, func(at int64) bool { return s.knows(now, file, at, seenRegion) }) || s.knows(now, file, off, n)
}

// found notes that a range of a file is there. It looks for the regions that the range is of by cached, once in seenTime each.
func (s *seen) found(now instant, file int, off, n int64, cached func(file int, off, n int64) bool) {
	if s == nil || s.missed(now) {
		return
	}
	whole := s.every(off, n, func(at int64) bool {
		switch {
		case s.knows(now, file, at, seenRegion):
			return true
		case s.knows(now, file, at, notWhole):
			return false
		case cached(file, at, seenRegion):
			s.note(now, file, at, seenRegion)
			return true
		}
		s.note(now, file, at, notWhole)
		return false
	})
	if !whole {
		s.note(now, file, off, n)
	}
}

// notWhole stands for the length of a region that is not there as a whole.
const notWhole = 0

// every reports whether something is so of each region that a range has bytes of.
func (s *seen) every(off, n int64, is func(at int64) bool) bool {
	for at := off &^ (seenRegion - 1); at < off+n; at += seenRegion {
		if !is(at) {
			return false
		}
	}
	return true
}

// knows reports whether a part was noted within seenTime before now.
func (s *seen) knows(now instant, file int, off, n int64) bool {
	part, mark := s.part(file, off, n)
	was := part.Load()
	age := int32(uint32(now) - uint32(was)) // below 0: another goroutine noted it just now
	return was>>32 == mark && max(age, -age) < int32(seenTime/time.Millisecond)
}

// note notes a part.
func (s *seen) note(now instant, file int, off, n int64) {
	part, mark := s.part(file, off, n)
	part.Store(mark<<32 | uint64(uint32(now)))
}

// missing notes that a part of a file is not there.
func (s *seen) missing(now instant) {
	if s != nil {
		s.absent.Store(int64(now))
	}
}

// missed reports whether something was not there within seenTime before now.
func (s *seen) missed(now instant) bool {
	absent := instant(s.absent.Load())
	return absent > 0 && now-absent < instant(seenTime/time.Millisecond)
}

// part returns the place of a part of a file, and half of its hash. A file that has the descriptor of another one is taken
// for that until seenTime is over.
func (s *seen) part(file int, off, n int64) (*atomic.Uint64, uint64) {
	hash := (uint64(file)*0x9e3779b97f4a7c15^uint64(off))*0xff51afd7ed558ccd ^ uint64(n)
	hash ^= hash >> 33
	hash *= 0xc4ceb9fe1a85ec53
	hash ^= hash >> 29
	return &s.parts[hash%seenParts], hash >> 32
}
