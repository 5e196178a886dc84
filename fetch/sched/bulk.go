package sched

import "time"

// A film is of use as it comes; a disk image, an archive or a program when all of
// it is there. Who reads such a file is patient in a crowd: but for its first bytes
// what it reads is wanted in the order of rarity from where it is to the end of its
// window, which is long, so that all who fetch it have something to give to each
// other, and have it sooner. It waits for one piece no longer than its patience, then
// that is urgent.

const (
	// bulkWindow bounds what is wanted ahead of a patient reader, in bytes, and so
	// what is fetched in vain if it goes. bulkShare is the part, as a divisor, of the
	// disk that all of them have together.
	bulkWindow = 256 << 20
	bulkShare  = 4
)

// bulkDeadline is the deadline of what a patient reader wants: before what nobody waits
// for, and behind all others.
const bulkDeadline = noDeadline - 1

// patient reports whether the reader can do with its bytes in any order.
func (c *Core) patient(w *Window) bool { return w.Bulk && c.inCrowd }

// patience is how long a patient reader waits for the piece that it is at.
func (c *Core) patience(w *Window) time.Duration {
	switch {
	case c.patient(w):
	case w.series != nil:
		return w.begun + patience - w.since
	default:
		return maxBehind
	}
	// Readers in a crowd are at the same place, and each waits for a time of its own. The first
	// has the piece from a seed, the others from that reader.
	return patience + time.Duration(c.tieBreak(c.at(w))%uint64(patience))
}

// bulkReach is how far ahead of a patient reader pieces are wanted. These are as many
// as are put in order, as far as the disk has room for what comes out of it. Without a
// disk it is the memory that has to have room.
func (c *Core) bulkReach() int64 {
	return min(bulkWindow, maxFar*c.Info.PieceLength, max(c.share(), c.Disk/bulkShare/int64(max(1, c.Sharers))))
}

// seedExempted reports whether a seed is not asked for what a reader waits for that lost its
// patience: one that fetches it too has the piece already.
func (c *Core) seedExempted(now time.Duration, l *Link, w *Window, piece int) bool {
	if !w.hurried || !c.full(l) {
		return false
	}
	for _, o := range c.Links {
		if !c.full(o) && o.late == 0 && c.asks(now, o, piece) {
			return true
		}
	}
	return false
}

// seedExemptedFor is seedExempted for all who wait for a piece, and false if nobody does.
func (c *Core) seedExemptedFor(now time.Duration, l *Link, piece int) bool {
	yes := false
	for _, w := range c.Stalled {
		if c.at(w) != piece {
			continue
		}
		if !c.seedExempted(now, l, w, piece) {
			return false
		}
		yes = true
	}
	return yes
}

// leisure is depth, or a deeper queue for the peer where all readers fetch whole files in a
// crowd. None of them will seek, and what is in a queue waits for nobody.
func (c *Core) leisure(l *Link, depth int) int {
	if !c.inCrowd || l.late > 0 {
		return depth
	}
	for _, w := range c.Windows {
		if !w.Bulk {
			return depth
		}
	}
	return max(depth, min(socketBlocks, c.most(l)))
}

// hurry makes the pieces urgent that patient readers have waited for long enough.
func (c *Core) hurry(now time.Duration) {
	for _, w := range c.Windows {
		if w.Waiting && w.patient && now >= w.since+c.patience(w) {
			c.goFirst(now, w)
		}
	}
}

// goFirst has a reader wait as others do that was patient.
func (c *Core) goFirst(now time.Duration, w *Window) {
	w.patient, w.hurried = false, c.patient(w)
	c.queueUp(w)
	c.urge(now, w)
	c.Kick = true
}
