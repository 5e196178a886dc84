package sched

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// What would come too late from who was asked for it is moved to another peer, where the
// cancel still catches it (steal), or else is copied: another peer is asked as well (repair).
// What nobody waits for makes way (yield). Each has a price: what is moved may have been
// sent, and of a block that two were asked for one comes in vain.

// A late block is one that a reader waits for, and that was asked for.
type late struct {
	v      *Link // the silent or the slower of those that were asked
	r      Request
	eta    time.Duration // when the sooner of them has it
	each   time.Duration // what a block takes that one
	silent bool          // v sends nothing
	waited time.Duration
	price  time.Duration // how much sooner than that a copy has to come
}

// repair looks at the blocks that readers wait for, while a wait is young and when a prediction
// fails. Beliefs of how fast peers are may have proved wrong since they were asked. A peer
// that could help may have a queue full of what is ahead of readers, and then nobody else
// looks. The peer that would have such a block soonest is asked for it too. It makes way for
// the block if that is worth its price.
func (c *Core) repair(now time.Duration) {
	all := c.lateBlocks(now)
	if len(all) == 0 {
		return
	}
	_, soonest := c.helper(now, nil) // whatever it has
	worth := func(d late) bool { return d.worth(soonest, 0, true) }
	if slices.ContainsFunc(all, worth) { // mostly none is
		slices.SortFunc(all, func(a, b late) int { return cmp.Compare(b.eta, a.eta) })
		for i := range all[:min(len(all), maxRepaired)] {
			if worth(all[i]) {
				c.copy(now, &all[i])
			}
		}
	}
	clear(all)
	c.late = all[:0]
}

// copy asks a second peer for a block, in place of the slower one if there are two.
func (c *Core) copy(now time.Duration, d *late) {
	f := d.r.Flight
	l, mine := c.helper(now, d)
	if l == nil || !d.worth(mine, l.blockTime(now), len(l.queue) == 0) || !c.afford(now, d) {
		return
	}
	if f.Blocks[d.r.Block].askers[1] != nil {
		c.cancel(d.v, d.v.Find(f, d.r.Block))
	}
	c.yield(now, l)
	c.request(now, l, f, d.r.Block)
	c.Stats.Hedged++
}

// worth reports whether a second peer is to be asked too. It would have the block in mine, and
// takes each for one. The copy has to be there sooner, where the first peer's prediction may be off by a block. Where the
// first peer sends nothing and the second is idle, the reader's own wait counts as the time that
// the first peer still takes. In any case it has to be worth the price.
func (d *late) worth(mine, each time.Duration, idle bool) bool {
	if d.silent && idle && max(d.eta, d.waited) >= mine+copyGain+d.price {
		return true
	}
	return d.eta+d.each >= mine+each+copyGain+d.price
}

// lateBlocks lists the blocks that are waited for. Where many wait, these are all that were asked for. Of a piece that
// failed its hash these are those of late peers alone: what it consists of is doubtful, and may be had in vain. The price of
// a copy is what it takes from the other readers that wait. What is left of MinLateness comes to it: until then a first
// peer whose answer is not far away may have it all the same.
func (c *Core) lateBlocks(now time.Duration) []late {
	all := c.late[:0]
	each := c.blockTime()
	for _, f := range c.Order {
		if !f.urgent || f.free > 0 || f.parole != nil {
			continue
		}
		waited, others := c.waited(now, f.Piece)
		first := len(all)
		for n := range f.Blocks {
			if d, ok := outstanding(now, f, n); ok && (d.v.late > 0 || !f.Case.Failed()) {
				d.waited = waited
				all = append(all, d)
			}
		}
		piece := all[first:]
		for i := range piece {
			piece[i].price = time.Duration(others*len(piece))*each + max(0, MinLateness-waited)
		}
	}
	return all
}

// blockTime returns how long all peers together take for a block. A copy delays each other waiting
// reader by that time. A piece is complete only when all the copies that it needs have come.
func (c *Core) blockTime() time.Duration {
	rate := 0.0
	for _, l := range c.Links {
		if l.late == 0 && l.Open() {
			rate += l.Rate
		}
	}
	if rate == 0 {
		return 0
	}
	return time.Duration(metainfo.BlockLen / rate * float64(time.Second))
}

// outstanding is a block that was asked for, and may be asked of another.
func outstanding(now time.Duration, f *Flight, n int) (d late, ok bool) {
	b := &f.Blocks[n]
	if b.State != blockAsked {
		return d, false
	}
	for _, v := range b.askers {
		if v == nil {
			continue
		}
		i := v.Find(f, n)
		if i < 0 {
			return d, false
		}
		eta, silent := v.eta(now, i+1), v.silent(now)
		if !ok || silent && !d.silent || silent == d.silent && eta > d.eta {
			d.v, d.r, d.silent = v, v.queue[i], silent
		}
		if !ok || eta < d.eta {
			d.eta, d.each = eta, v.blockTime(now)
		}
		ok = true
	}
	return d, ok && (b.askers[1] == nil || b.Placing != d.v)
}

// helper is the peer that would have a block soonest of those that were not asked for
// it, and when that is; with nil, a block of anything.
func (c *Core) helper(now time.Duration, d *late) (best *Link, at time.Duration) {
	at = math.MaxInt64 / 4
	c.board.update(now)
	for i := range c.board.order {
		l, a := c.board.lane(now, i)
		if a.done-now >= at {
			break
		}
		if l.late > 0 || l.Rate == 0 && !l.sibling || d != nil && (!l.Open() || l.firm(now) >= c.most(l) || !c.mayBring(now, l, d.r)) {
			continue
		}
		if eta := a.done - now + a.each; eta < at {
			best, at = l, eta
		}
	}
	return best, at
}

// mayBring reports whether l can be asked for a block in place of another peer, or beside it.
func (c *Core) mayBring(now time.Duration, l *Link, r Request) bool {
	return c.asks(now, l, r.Flight.Piece) && !r.Flight.avoids(l, r.Block) && l.Find(r.Flight, r.Block) < 0
}

// afford takes a block that is asked twice from the budget, if that has one. Beyond it a few
// are had, twice as many with each longWait of the reader's wait. Of a peer that sends nothing
// it is sooner: what it was asked for can still be taken back when the other copy is there.
func (c *Core) afford(now time.Duration, d *late) bool {
	if c.dups.allow(now, c.Stats) {
		return true
	}
	first := longWait
	if d.silent {
		first = MinLateness
	}
	times := max(0, d.waited+longWait-first) / longWait
	if d.r.Flight.beyond >= socketBlocks*(1<<min(8, times)-1) {
		return false
	}
	d.r.Flight.beyond++
	return true
}

// waited is for how long the first of those that wait for a piece has waited, and how many
// wait for others.
func (c *Core) waited(now time.Duration, piece int) (d time.Duration, others int) {
	for _, w := range c.Stalled {
		switch {
		case c.at(w) != piece:
			others++
		case d == 0:
			d = now - w.since
		}
	}
	return d, others
}

// fails gives the time at which what was predicted of a peer fails, which owes a block that a reader waits
// for: it falls silent. Then it is when it has been silent for half as long again.
func (l *Link) fails(now time.Duration) time.Duration {
	at := together(l.begun() + max(2*l.known(), leastGain))
	if now < at {
		return at
	}
	return together(now + max(leastGain, (now-l.begun())/2))
}

const (
	// longWait is how long a reader waits before blocks are had beyond the budget. With each, these are twice as
	// many: 4, 12, 28 of a piece, and so on.
	longWait = 250 * time.Millisecond
	// leastGain is the least time that is worth taking a block back or asking for it twice. A block
	// that is closer comes anyway, and would come twice. A peer that sends nothing for less is not
	// silent yet.
	leastGain = 50 * time.Millisecond
	// copyGain is how much sooner a block has to come by another peer to be asked of it as well.
	copyGain = 20 * time.Millisecond
)

// duplicates holds the budget for blocks that were asked twice: a share of the
// bytes received over the last window. What liars wasted does not count.
type duplicates struct {
	since            time.Duration
	received, wasted int64 // at since
}

// allow reports whether another block may be asked twice.
func (d *duplicates) allow(now time.Duration, s Stats) bool {
	if now-d.since > lately {
		d.since, d.received, d.wasted = now, s.Received, s.Wasted-s.failed
	}
	wasted := s.Wasted - s.failed - d.wasted
	return wasted < freeWaste || float64(wasted) < duplicateShare*float64(s.Received-d.received)
}

// steal takes over up to n blocks that were asked of slower peers. They come from
// the tail of the queue that would take longest, while l would have them sooner and
// the cancel can still catch them. If urgent, they are of pieces that readers wait
// for alone.
func (c *Core) steal(now time.Duration, l *Link, n int, urgent bool) int {
	stolen := 0
	for stolen < n && l.late == 0 {
		mine := l.eta(now, len(l.queue)+1)
		v, i := c.victim(now, l, mine, urgent)
		if v == nil {
			break
		}
		r := v.queue[i]
		if l.Untried && l.came == 0 {
			c.try(now, l, r)
			break
		}
		if !v.unsent(now, r) {
			if !c.Stats.mayRisk(freeSteals) {
				break
			}
		}
		if v.silent(now) && v.heard() {
			v.late = max(v.late, 1) // nothing new for it until something comes
			v.change()
		}
		c.takeBack(now, v, i)
		c.request(now, l, r.Flight, r.Block)
		c.Stats.Stolen++
		c.Nudge = true // the other has room
		stolen++
	}
	return stolen
}

// takeBack takes request i back from l, and counts it if l may have sent its block by now.
func (c *Core) takeBack(now time.Duration, l *Link, i int) {
	risked := !l.unsent(now, l.queue[i])
	if risked {
		c.Stats.Risked++
	}
	c.withdraw(l, i, l.isInSocket(i), risked)
}

// try asks a link for one block that another one is asked for: if it fails, no time was lost by it.
func (c *Core) try(now time.Duration, l *Link, r Request) {
	if len(l.queue) == 0 && c.dups.allow(now, c.Stats) {
		c.request(now, l, r.Flight, r.Block)
		c.Stats.Hedged++
	}
}

// mayRisk reports whether another block may be stolen that its peer could have
// sent by now. A REJECT that answers the cancel says that a block was saved. What
// was risked and is not known to be saved stays a small part of what is received:
// stealing is to pay, not to cost.
func (s *Stats) mayRisk(free int64) bool {
	risk := (s.Risked - s.Saved) * metainfo.BlockLen
	return risk < free || float64(risk) < stealShare*float64(s.Received)
}

// stealShare is the part of received bytes that may be at risk, and freeSteals
// what always may, in bytes.
const (
	stealShare = 0.005
	freeSteals = 256 << 10
)

// victim finds the link, and the index in its queue, whose block l should take
// over, or nil.
func (c *Core) victim(now time.Duration, l *Link, mine time.Duration, urgent bool) (*Link, int) {
	var best *Link
	at, worst := -1, time.Duration(0)
	gain := l.blockTime(now) / 2
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
		if b.State == blockAsked && b.askers[1] == nil && b.Placing == nil && (!urgent || r.Flight.urgent) &&
			r.Flight.parole == nil && c.mayBring(now, l, r) && !(c.inCrowd && c.seedExemptedFor(now, l, r.Flight.Piece)) {
			return i
		}
	}
	return -1
}

// yield takes blocks ahead of readers back from l, if the cancel can still catch them.
func (c *Core) yield(now time.Duration, l *Link) {
	for i := len(l.queue) - 1; i >= 0 && l.far > 0 && !l.rooted(now, i); i-- {
		if !l.givesWay(now, i) {
			continue
		}
		c.takeBack(now, l, i)
		c.freed()
		c.Kick = true
	}
}

// firm is how many blocks the peer sends before one that a reader waits for: the others make way.
func (l *Link) firm(now time.Duration) int {
	n := len(l.queue)
	for i, far := n-1, l.far; i >= 0 && far > 0 && !l.rooted(now, i); i-- {
		if !l.queue[i].Flight.urgent {
			far--
		}
		if l.givesWay(now, i) {
			n--
		}
	}
	return n
}

// rooted reports whether request i of l's queue, and any before it, is past taking back.
func (l *Link) rooted(now time.Duration, i int) bool {
	eta := l.eta(now, i+1)
	return eta < leastGain || !l.recallable(now, i, eta) || len(l.cancelled) == MaxDepth
}

// givesWay reports whether request i of l's queue makes way for what a reader waits for.
func (l *Link) givesWay(now time.Duration, i int) bool {
	r := &l.queue[i]
	return !r.Flight.urgent && r.Flight.Blocks[r.Block].Placing != l && (l.unsent(now, *r) || l.board.stats.mayRisk(freeWaste))
}
