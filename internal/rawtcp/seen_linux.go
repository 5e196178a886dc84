package rawtcp

import (
	"sync/atomic"
	"time"
)

const (
	// seenTime is how long a part of a file that was found in the page cache is taken to be there. The kernel gives up last
	// what was used last.
	seenTime = time.Second
	// seenParts is how many such parts are remembered, a power of two. Each takes 8 bytes.
	seenParts = 1 << 15
)

// A seen remembers what was found in the page cache of late, for looking costs a twentieth of a range of 64 KiB. It forgets
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

// lately reports whether a part of a file was found within seenTime before now.
func (s *seen) lately(now instant, file int, off, n int64) bool {
	if s == nil || s.missed(now) {
		return false
	}
	part, mark := s.part(file, off, n)
	was := part.Load()
	return was>>32 == mark && now-instant(uint32(was)) < instant(seenTime/time.Millisecond)
}

// found notes that a part of a file is there.
func (s *seen) found(now instant, file int, off, n int64) {
	if s != nil && !s.missed(now) {
		part, mark := s.part(file, off, n)
		part.Store(mark<<32 | uint64(uint32(now)))
	}
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
