package fetch

import (
	"slices"
	"time"

	"github.com/btgw/btgw/peer"
)

// Which block a peer with room is asked for. The rules, in order; a change to
// one should be held against the others:
//
//  1. The pieces that readers wait for, the longest wait first, are striped
//     over every peer that has them, but for those that pause where many wait
//     (serveStalled). What nobody had room for as its part goes to who has room,
//     before anything else (serveRest).
//  2. Then the earliest deadline. A far piece goes whole to one peer: fewer
//     partial pieces, and better blame (serveWants).
//  3. A piece that its owner will not finish by its deadline is helped with.
//  4. When every block is asked of somebody, those at the tail of a slower
//     peer's queue are taken over, as long as the cancel can still catch them
//     (steal).
//  5. A piece whose copy failed its hash is asked of its parole peer alone.
//  6. A peer that would deliver a block of an urgent piece after all others
//     could have finished it is not asked for it (tooSlow).
//  7. A peer's queue is refilled at half, in one write.
//  8. What a reader has waited for longer than it should is asked of another peer too:
//     late blocks (hedge), what would take much longer than by the one that has room
//     (rescue), and every helpEvery whoever would have it soonest (help).

// fillAll gives every link with room what there is to ask.
func (c *core) fillAll(now time.Duration) {
	if !c.planned {
		c.plan(now)
	}
	c.kick = false
	if len(c.stalled) > 0 {
		// All at first, so that each one's part is measured by what is left to do.
		for _, l := range c.links {
			c.preempt(now, l)
		}
	}
	c.fillEach(now, false)
	if c.kick {
		// A piece went on parole, to one that was passed by already maybe, or there is
		// more that readers wait for than the parts of those with room.
		c.kick = false
		c.fillEach(now, true)
	}
}

func (c *core) fillEach(now time.Duration, rest bool) {
	for _, l := range c.links {
		c.fill(now, l, rest)
	}
}

// refill gives l what there is to ask after something came of it; the others
// have their part in what a reader waits for.
func (c *core) refill(now time.Duration, l *link) {
	c.fill(now, l, false)
	if len(c.stalled) > 0 && c.unasked() {
		c.kick = true
	}
}

// unasked reports whether a piece that a reader waits for has blocks that
// nobody was asked for.
func (c *core) unasked() bool {
	for _, w := range c.stalled {
		if f := c.flights[int(w.pos/c.info.PieceLength)]; f != nil && f.free > 0 {
			return true
		}
	}
	return false
}

// fill asks l for blocks until its queue is as deep as it should be: its part of
// what readers wait for first, and, with rest, what is left of that when all had
// theirs.
func (c *core) fill(now time.Duration, l *link, rest bool) {
	if !l.open() || len(c.wants) == 0 && len(c.stalled) == 0 || c.resting(now, l) {
		return
	}
	share := c.fairShare()
	depth := c.leisure(l, l.depth(share))
	if l.sunk > 0 {
		l.dropCancels(now)
	}
	if len(c.stalled) > 0 {
		c.preempt(now, l)
	}
	c.bring(now, l, depth)
	if n := c.urgentDepth(l, depth) - len(l.queue) + l.owed(); n > 0 {
		c.serveStalled(now, l, n)
	}
	if !l.shallow(depth) {
		return
	}
	n := depth - len(l.queue)
	n -= c.serveStalled(now, l, n)
	if n > 0 && len(c.stalled) > 0 && c.urgentFor(now, l) {
		if !rest {
			c.kick = true
			return
		}
		n -= c.serveRest(now, l, n)
	}
	if n > 0 && len(c.stalled) > 0 {
		n -= c.check(now, l)
	}
	if n > 0 && len(c.stalled) > 0 {
		n -= c.steal(now, l, n, true)
		n -= c.rescue(now, l, n)
	}
	if n > 0 {
		n -= c.serveWants(now, l, n, false)
	}
	if n > 0 {
		n -= c.serveWants(now, l, n, true)
	}
	if n > 0 {
		c.steal(now, l, n, false)
	}
}

// urgentDepth is how deep a peer's queue may be for what readers wait for, whatever
// is in it. Of one that has shown little yet its whole part is asked for at once.
func (c *core) urgentDepth(l *link, depth int) int {
	switch {
	case l.late >= lateTwice:
		return 0
	case l.rate > 0:
		return depth
	}
	return min(max(depth, maxShare), l.most())
}

// resting reports whether the peer is left alone: it was late time and again, and
// there are others. One block after a while shows whether it is back (probe).
func (c *core) resting(now time.Duration, l *link) bool {
	if l.late < lateTwice || now == l.probed {
		return false
	}
	for _, o := range c.links {
		if o != l && o.late == 0 && o.open() {
			return true
		}
	}
	return false
}

// fairShare is a peer's part of the most urgent piece, in blocks.
func (c *core) fairShare() int {
	if len(c.wants) == 0 {
		return 1
	}
	piece := c.wants[0].piece
	if len(c.stalled) > 0 {
		piece = int(c.stalled[0].pos / c.info.PieceLength)
	}
	unchoked := 0
	for _, l := range c.links {
		if l.open() && l.late < lateTwice && l.has.Has(piece) {
			unchoked++
		}
	}
	blocks := c.info.NumBlocks(piece)
	return min(maxShare, max(1, (blocks+unchoked-1)/max(1, unchoked)))
}

// serveStalled asks for blocks of the pieces that readers wait for.
func (c *core) serveStalled(now time.Duration, l *link, n int) int {
	asked := 0
	for _, w := range c.stalled {
		if asked == n {
			break
		}
		piece := int(w.pos / c.info.PieceLength)
		if c.have.Has(piece) || !l.holds(now, piece) || c.spared(now, l, w, piece) {
			continue
		}
		f := c.flights[piece]
		if f == nil {
			if !c.room(piece, true) {
				break // it is the turn of those that wait longer
			}
			f = c.begin(now, piece)
			f.deadline = w.since
		}
		f.urgent = true
		c.relieve(now, f)
		if !c.mayAsk(now, l, f) || c.tooSlow(now, l, f) {
			continue
		}
		if c.wholly(l) {
			// Even beyond its queue's depth: what others have to end waits for theirs.
			asked += min(n-asked, c.ask(now, l, f, l.most()-len(l.queue)))
			continue
		}
		asked += c.ask(now, l, f, min(n-asked, c.portion(now, l, f)))
	}
	return asked
}

// wholly reports whether what readers wait for goes to l in whole pieces: a piece that
// is striped over peers that pause is there after the pauses of all. Where fewer wait
// than there are peers, some would have nothing to do.
func (c *core) wholly(l *link) bool { return l.pause > 0 && c.outnumbered() }

// outnumbered reports whether more readers wait than there are peers: what one is helped
// with is taken from another.
func (c *core) outnumbered() bool { return len(c.stalled) > len(c.links) }

// serveRest asks for what readers wait for and nobody had room for as its part: that
// comes before what is ahead of any reader.
func (c *core) serveRest(now time.Duration, l *link, n int) int {
	asked := 0
	slow := c.slowness(now, l)
	for _, w := range c.stalled {
		if asked == n {
			break
		}
		piece := int(w.pos / c.info.PieceLength)
		f := c.flights[piece]
		if f == nil || f.free == 0 || !l.holds(now, piece) || c.spared(now, l, w, piece) {
			continue
		}
		want := want{piece: piece, deadline: w.since}
		slow.pass(c, &want, f)
		if c.mayAsk(now, l, f) && !c.tooSlow(now, l, f) {
			asked += c.ask(now, l, f, min(n-asked, slow.most(now, l, &want)))
		}
	}
	return asked
}

// serveWants asks for blocks in the order of their deadlines. On the first
// pass pieces that are another peer's are left to it, unless it will be late;
// on the second, with nothing else to do, they are helped with.
func (c *core) serveWants(now time.Duration, l *link, n int, help bool) int {
	asked := 0
	slow := c.slowness(now, l)
	for i := c.front; i < len(c.wants) && asked < n; i++ {
		w := &c.wants[i]
		f := c.flights[w.piece]
		if c.have.Has(w.piece) || f != nil && f.free == 0 {
			if i == c.front {
				c.front++
			}
			continue
		}
		slow.pass(c, w, f)
		if !l.holds(now, w.piece) {
			continue
		}
		most := min(n-asked, slow.most(now, l, w))
		if most <= 0 && (f == nil || !f.urgent) {
			continue
		}
		if f == nil {
			if !c.room(w.piece, false) {
				break
			}
			f = c.begin(now, w.piece)
			f.deadline = w.deadline
			f.owner = l
		}
		if !c.mayAsk(now, l, f) {
			continue
		}
		if f.owner == nil && !f.urgent {
			f.owner = l
		}
		if f.owner != l && !f.urgent && !help && !c.ownerLate(now, f) {
			continue
		}
		if c.tooSlow(now, l, f) {
			continue
		}
		if f.urgent {
			most = min(n-asked, c.portion(now, l, f))
		}
		asked += c.ask(now, l, f, most)
	}
	return asked
}

// mayAsk reports whether the piece is not on parole, or on this peer's.
func (c *core) mayAsk(now time.Duration, l *link, f *flight) bool {
	lost := f.parole == nil && (c.wary() || !f.opinions) || f.opinions && c.opinionLost(now, f)
	if len(f.failed) > 0 && f.left > 0 && lost {
		c.reparole(now, f)
	}
	return (f.parole == nil || f.parole == l) && c.mayTry(now, l, f)
}

// room reports whether the download of a piece may begin. What nobody wants makes way.
func (c *core) room(piece int, urgent bool) bool {
	for !c.memory.room(c.info.PieceSize(piece), urgent) {
		i := slices.IndexFunc(c.order, func(f *flight) bool { return f.parked > 0 })
		if i < 0 {
			c.starved = true
			return false
		}
		c.drop(c.order[i])
	}
	return true
}

// begin starts the download of a piece.
func (c *core) begin(now time.Duration, piece int) *flight {
	f := newFlight(now, c.info, piece)
	f.buf = c.memory.buffer(f.size)
	c.pad(f)
	f.urgent = c.waits(piece)
	c.memory.hold(f.size)
	c.flights[piece] = f
	c.order = append(c.order, f)
	for _, w := range c.stalled {
		if !w.asked && w.sent == 0 && int(w.pos/c.info.PieceLength) == piece {
			w.lone, w.asked = now-w.since, true
		}
	}
	return f
}

// ask asks l for up to n free blocks of f.
func (c *core) ask(now time.Duration, l *link, f *flight, n int) int {
	asked := 0
	for asked < n {
		b := f.nextFree(l)
		if b < 0 {
			break
		}
		c.request(now, l, f, b)
		asked++
	}
	return asked
}

func (c *core) request(now time.Duration, l *link, f *flight, n int) {
	f.ask(l, n)
	l.push(now, request{f: f, n: n, at: now, copy: f.copies})
	c.stats.requested++
	c.send(l, peer.Request, c.info.Block(f.piece, n))
}

// cancel takes a block back from l.
func (c *core) cancel(l *link, i int) { c.cancelRisked(l, i, false) }

func (c *core) cancelRisked(l *link, i int, risked bool) {
	sinks := l.sinks(i)
	r := l.remove(i)
	r.f.unask(l, r.n)
	r.behind, r.risked, r.sunk = i+l.sunk, risked, sinks
	l.forget(r)
	if len(l.queue) == 0 {
		l.meter.stop()
	}
	c.send(l, peer.Cancel, c.info.Block(r.f.piece, r.n))
}

// recall takes back what was asked of f and a cancel can still catch.
func (c *core) recall(now time.Duration, f *flight) {
	for _, l := range c.links {
		for i := len(l.queue) - 1; i >= 0; i-- {
			if l.queue[i].f == f && l.recallable(now, i, l.eta(now, i+1)) {
				c.cancel(l, i)
			}
		}
	}
}

// cancelAll takes back every block of f that was asked of anybody.
func (c *core) cancelAll(f *flight) {
	for _, l := range c.links {
		for i := len(l.queue) - 1; i >= 0; i-- {
			if l.queue[i].f == f {
				c.cancel(l, i)
			}
		}
	}
}

// ownerLate reports whether the peer that a piece was given to will not finish
// it by its deadline.
func (c *core) ownerLate(now time.Duration, f *flight) bool {
	o := f.owner
	if o == nil || o.gone || !o.holds(now, f.piece) || o.late > 0 {
		return true
	}
	return now+o.eta(now, f.left) > f.deadline
}

// tooSlow reports whether the others would have the whole rest of an urgent
// piece before l has one block of it.
func (c *core) tooSlow(now time.Duration, l *link, f *flight) bool {
	if !f.urgent || f.parole != nil {
		return false
	}
	if l.late > 0 && c.alternative(now, l, f.piece) {
		return true // until a block of another piece shows that it is back
	}
	if l.rate == 0 {
		return false
	}
	// Only those that are at work count: their next block is when they are asked
	// for more. One that is idle is not asked again before something happens. What
	// they owe already comes first.
	lanes := slices.DeleteFunc(c.lanesOf(now, l, f), func(a lane) bool {
		return a.l == l || a.l.rate == 0 || len(a.l.queue) == 0
	})
	if len(lanes) == 0 {
		return false
	}
	rest := level(lanes, f.left)
	return l.eta(now, len(l.queue)+1).Seconds() > 2*rest+l.roundTrip().Seconds()
}
