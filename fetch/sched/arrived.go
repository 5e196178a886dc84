package sched

import (
	"time"

	"github.com/btgw/btgw/cache"
)

// Arrived takes in a block whose bytes are in place: in the piece's buffer, or
// in alt where a slower copy holds the place. It reports whether the block was
// of use; alt is the core's if it was.
func (c *Core) Arrived(now time.Duration, l *Link, f *Flight, n int, alt *cache.Buffer) bool {
	size := f.BlockSize(n)
	c.Stats.Received += int64(size)
	if i := l.Find(f, n); i >= 0 {
		if i == 0 {
			l.moved = now
		}
		r := l.remove(i)
		f.unask(l, n)
		unknown := l.Rate == 0
		_, again := l.unforget(f, n)
		l.took(now, r, size, again)
		c.reclaim(l, now)
		if unknown && l.Rate > 0 {
			c.learn()
		}
	} else {
		r, _ := l.unforget(f, n)
		l.sentAnyway(now, r, size)
	}
	b := &f.Blocks[n]
	if f.Dead || b.State == BlockDone {
		c.Stats.Wasted += int64(size)
		return false
	}
	if c.shuns(now, l, f.Piece) {
		c.Stats.Wasted += int64(size)
		c.freed() // others are asked for the block
		c.Kick = true
		return false
	}
	for _, other := range b.askers {
		if other == nil || other == l {
			continue
		}
		if i := other.Find(f, n); i >= 0 {
			c.cancel(other, i)
			c.Nudge = true // it lost the race, and has room
		}
	}
	if alt != nil {
		if b.Placing == nil {
			copy(f.Place(n), alt.Bytes()[:size])
			alt.Release()
		} else {
			if f.Alts == nil {
				f.Alts = make(map[int]*cache.Buffer)
			}
			f.Alts[n] = alt
		}
	}
	f.arrive(l, n)
	c.compare(f, n)
	if n == 0 && len(f.checks) > 0 {
		c.judge(now, f)
	}
	if f.parked > 0 {
		f.parked = now
	}
	return true
}

// Refuse counts a block that nobody wants any more, or never asked for; its
// bytes are skipped on the wire.
func (c *Core) Refuse(now time.Duration, l *Link, r Request, asked bool, size int) {
	c.Void(size)
	if !asked {
		return
	}
	l.glimpse(now, r)
	l.deep = 0
	l.sentAnyway(now, r, size)
	if i := l.Find(r.Flight, r.Block); i >= 0 {
		l.remove(i)
		r.Flight.unask(l, r.Block)
		c.freed()
		c.Kick = true
	} else {
		l.unforget(r.Flight, r.Block)
	}
}

// Void counts bytes that came in vain.
func (c *Core) Void(size int) {
	c.Stats.Received += int64(size)
	c.Stats.Wasted += int64(size)
}
