package cache

import (
	"slices"
	"time"
)

// The queue holds the pieces that wait for the disk, up to the limit that Backlog
// returns. Beyond the limit a downloader slows down. A piece that it puts nevertheless
// is queued as well: the downloader holds the memory of such pieces and counts it on
// its own budget. So no copy is lost as long as the disk keeps up on average.
//
// The wait for a disk that stands still or creeps has an end (maxStall, minWriteRate).
// After it the disk counts as behind: pieces beyond the limit stay in memory only, and
// nobody is slowed, until half of the queue is written. The writer writes pieces that
// are in memory only when it has time.

// A patience holds how much longer readers are slowed for the disk. The zero value
// belongs to a queue that is within its limit.
type patience struct {
	until  time.Time // the disk is behind from then on, unless it writes
	behind bool
}

// wrote prolongs the patience by the time that n bytes may take. The caller holds s.mu,
// here and in all methods below.
func (p *patience) wrote(now time.Time, n int64) {
	if !p.until.IsZero() {
		more := time.Duration(n) * time.Second / time.Duration(minWriteRate)
		p.until = earlier(p.until.Add(more), now.Add(maxStall))
	}
}

// earlier returns the earlier of two times.
func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// weigh decides whether the disk is behind. It returns the pieces that have to go to
// the memory tier.
func (d *disk) weigh(now time.Time) (cold []*piece) {
	if d == nil {
		return nil
	}
	p, waiting, limit := &d.patience, d.s.queueBytes, d.s.recentLimit()
	switch {
	case p.behind && waiting > limit/2:
	case waiting <= limit:
		*p = patience{}
	case p.until.IsZero():
		p.until = now.Add(maxStall)
	case now.After(p.until):
		*p = patience{behind: true}
		return d.shed()
	}
	return nil
}

// shed leaves the newest pieces of the queue in memory only, as far as the queue is
// beyond its limit.
func (d *disk) shed() (cold []*piece) {
	s := d.s
	over := s.queueBytes - s.recentLimit()
	keep := make([]op, 0, len(d.queue))
	for _, o := range slices.Backward(d.queue) {
		if o.kind != opWrite || over <= 0 {
			keep = append(keep, o)
			continue
		}
		over -= int64(o.p.size)
		s.queueBytes -= int64(o.p.size)
		s.count.Overflows++
		o.p.queued = false
		cold = append(cold, s.keepRecent(o.p)...)
	}
	slices.Reverse(keep)
	d.queue = keep
	return cold
}

// await notes that a piece is in memory only although there is a disk.
func (s *Store) await(p *piece) {
	if d := s.disk; d != nil && p.unwritten == nil && p.c.cost(p.index, p.size) <= d.budget {
		p.unwritten = s.unwritten.PushBack(p)
		wake(d.queueWake)
	}
}

// catchUp queues pieces that are in memory only, the oldest first, once half of the
// queue is free.
func (d *disk) catchUp(now time.Time) {
	s := d.s
	for e := s.unwritten.Front(); e != nil && d.mayCatchUp(now); e = s.unwritten.Front() {
		p := e.Value.(*piece)
		s.unawait(p)
		switch {
		case p.recent != nil:
			s.unkeep(p)
		case p.buf == nil:
			p.buf = p.hot.buf
			p.buf.Retain()
		} // else it is on its way to the memory tier, see heat
		p.queued = true
		s.queueBytes += int64(p.size)
		d.push(op{kind: opWrite, p: p})
	}
}

// mayCatchUp reports whether there is room to write a piece that is in memory only.
func (d *disk) mayCatchUp(now time.Time) bool {
	return d.takes(now) && (d.s.queueBytes == 0 || d.s.queueBytes < d.s.recentLimit()/2)
}

// takes reports whether the disk may be given what could not be written before.
func (d *disk) takes(now time.Time) bool {
	return !d.fault.active(now) && !now.Before(d.retry)
}

// catchUpLater returns the time until the next attempt to catch up, or an hour if no
// piece waits for one.
func (d *disk) catchUpLater(now time.Time) time.Duration {
	if d.s.unwritten.Len() == 0 {
		return time.Hour
	}
	at := d.retry
	if d.fault.active(now) && d.fault.until.After(at) {
		at = d.fault.until
	}
	return max(at.Sub(now), writeDelay)
}

// unawait takes a piece off the list of those in memory only.
func (s *Store) unawait(p *piece) {
	if p.unwritten != nil {
		s.unwritten.Remove(p.unwritten)
		p.unwritten = nil
	}
}
