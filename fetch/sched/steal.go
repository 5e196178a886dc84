package sched

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

// steal takes over up to n blocks that were asked of slower peers: from the
// tail of the queue that would take longest, while l would have them sooner and
// the cancel can still catch them; of pieces that readers wait for alone, if so
// told.
func (c *Core) steal(now time.Duration, l *Link, n int, urgent bool) int {
	stolen := 0
	for stolen < n && l.late == 0 {
		mine := l.eta(now, len(l.queue)+1)
		v, i := c.victim(now, l, mine, urgent)
		if v == nil {
			break
		}
		r := v.queue[i]
		if !v.unsent(now, r) {
			if !c.mayRisk(freeSteals) {
				break
			}
			c.Stats.Risked++
			r.risked = true
			r.Flight.Blocks[r.Block].moves++
		}
		if v.silent(now) && v.heard() {
			v.late = max(v.late, 1) // nothing new for it until something comes
			v.change()
		}
		c.cancelRisked(v, i, r.risked)
		c.request(now, l, r.Flight, r.Block)
		c.Stats.Stolen++
		stolen++
	}
	return stolen
}

// mayRisk reports whether another block may be stolen that its peer could have
// sent by now: what was risked and is not known to be saved, by a REJECT that
// answered the cancel, stays a small part of what is received. Stealing is to
// pay, not to cost.
func (c *Core) mayRisk(free int64) bool {
	risk := (c.Stats.Risked - c.Stats.Saved) * metainfo.BlockLen
	return risk < free || float64(risk) < stealShare*float64(c.Stats.Received)
}

// stealShare is the part of received bytes that may be at risk, and freeSteals
// what always may, in bytes; freePreempts to make way for a reader that waits,
// which takes what all peers were asked for ahead of others.
const (
	stealShare   = 0.005
	freeSteals   = 256 << 10
	freePreempts = 1 << 20
)

// maxMoves is how often a block may be taken back from a peer: estimates that
// change with every event are not to send it round in circles.
const maxMoves = 3

// worthYielding is how long a block must be from coming for it to make way.
const worthYielding = 50 * time.Millisecond

// maxYields is how often a block makes way for what a reader waits for.
const maxYields = 6

// stealGain is what a stolen block must come sooner by, at least.
const stealGain = 2 * time.Millisecond

// victim finds the link, and the index in its queue, whose block l should take
// over, or nil.
func (c *Core) victim(now time.Duration, l *Link, mine time.Duration, urgent bool) (*Link, int) {
	var best *Link
	at, worst := -1, time.Duration(0)
	gain := max(stealGain, l.blockTime(now)/2)
	if !urgent {
		// Ahead of readers there is time: only what is well worth a cancel.
		gain = max(gain, l.roundTrip(), mine/4)
	}
	for _, v := range c.Links {
		if v == l || len(v.queue) == 0 || v.eta(now, len(v.queue)) <= max(worst, mine+gain) {
			continue
		}
		if i := c.stealable(now, l, v, mine+gain, urgent); i >= 0 {
			if theirs := v.eta(now, i+1); theirs > worst {
				best, at, worst = v, i, theirs
			}
		}
	}
	return best, at
}

// stealable returns the last block in v's queue that l may be asked for, if it
// would come later than after and the cancel can still catch it.
func (c *Core) stealable(now time.Duration, l, v *Link, after time.Duration, urgent bool) int {
	for i := len(v.queue) - 1; i >= 0; i-- {
		r := v.queue[i]
		theirs := v.eta(now, i+1)
		if theirs <= after || v.Rate > 0 && theirs-after < theirs/4 || !v.recallable(now, i, theirs) {
			return -1
		}
		b := &r.Flight.Blocks[r.Block]
		if b.State == blockAsked && b.askers[1] == nil && b.Placing == nil && b.moves < maxMoves && (!urgent || r.Flight.urgent) &&
			r.Flight.parole == nil && !r.Flight.avoids(l, r.Block) && l.Find(r.Flight, r.Block) < 0 && l.holds(now, r.Flight.Piece) &&
			!(c.inCrowd && c.sparedFor(now, l, r.Flight.Piece)) {
			return i
		}
	}
	return -1
}

// preempt makes way for a piece that a reader waits for and somebody has to be asked.
func (c *Core) preempt(now time.Duration, l *Link) {
	if c.urgentFor(now, l) {
		c.yield(now, l)
	}
}

// yield takes blocks ahead of readers back from l, if the cancel can still catch them.
func (c *Core) yield(now time.Duration, l *Link) {
	l.dropCancels(now)
	for i := len(l.queue) - 1; i >= 0; i-- {
		if c.rooted(now, l, i) {
			return
		}
		if !c.givesWay(now, l, i) {
			continue
		}
		risked := !l.unsent(now, l.queue[i])
		if risked {
			c.Stats.Risked++
		}
		l.queue[i].Flight.Blocks[l.queue[i].Block].yields++
		c.cancelRisked(l, i, risked)
		c.freed()
	}
}

// yielding is how many blocks yield would take back.
func (c *Core) yielding(now time.Duration, l *Link) int {
	n := 0
	for i := len(l.queue) - 1; i >= 0 && !c.rooted(now, l, i); i-- {
		if c.givesWay(now, l, i) {
			n++
		}
	}
	return n
}

// rooted reports whether request i of l's queue, and any before it, is past taking back.
func (c *Core) rooted(now time.Duration, l *Link, i int) bool {
	eta := l.eta(now, i+1)
	return eta < worthYielding || !l.recallable(now, i, eta) || len(l.cancelled) == keptCancels
}

// givesWay reports whether request i of l's queue makes way for what a reader waits for.
func (c *Core) givesWay(now time.Duration, l *Link, i int) bool {
	r := l.queue[i]
	b := &r.Flight.Blocks[r.Block]
	return !r.Flight.urgent && b.Placing != l && b.yields < maxYields && (l.unsent(now, r) || c.mayRisk(freePreempts))
}

// urgentFor reports whether a piece that a reader waits for has blocks that
// nobody was asked for, and l can be.
func (c *Core) urgentFor(now time.Duration, l *Link) bool {
	for _, w := range c.unserved() {
		piece := int(w.Pos / c.Info.PieceLength)
		f := c.Flights[piece]
		if (f == nil || f.free > 0) && !c.Have.Has(piece) && l.holds(now, piece) &&
			(f == nil || f.parole == nil || f.parole == l) {
			return true
		}
	}
	return false
}
