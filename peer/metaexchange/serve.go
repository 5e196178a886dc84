package metaexchange

import (
	"time"

	"github.com/btgw/btgw/peer/wire"
)

// Served is what a peer asked for of our metadata, within what it may have: twice the
// whole in a minute. It is not safe for concurrent use.
type Served struct {
	since time.Time
	parts int
	raw   []byte
	queue []int // asked for, not yet taken
}

// Grant takes a part off the peer's allowance, or reports that it cannot have it: there
// is no such part, or it asked for too many.
func (s *Served) Grant(now time.Time, part, of int) bool {
	if part >= of || len(s.queue) >= maxQueue {
		return false
	}
	if now.Sub(s.since) > ServedPeriod {
		s.since, s.parts = now, 0
	}
	s.parts++
	return s.parts <= copiesServed*of
}

// Queue has a part of raw, the metadata, wait for Next.
func (s *Served) Queue(raw []byte, part int) {
	s.raw = raw
	s.queue = append(s.queue, part)
}

// Waiting reports whether a part waits.
func (s *Served) Waiting() bool { return len(s.queue) > 0 }

// Next takes the part out that has waited longest, and returns it with the size of the
// whole. There must be one.
func (s *Served) Next() (part int, data []byte, total int64) {
	part, total = s.queue[0], int64(len(s.raw))
	s.queue = s.queue[1:]
	at := part * wire.MetadataPart
	return part, s.raw[at : at+PartLen(total, part)], total
}
