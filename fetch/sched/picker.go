package sched

import (
	"math"
	"slices"
	"time"

	"github.com/btgw/btgw/peer"
)

// Which block a peer with room is asked for. The rules, in order; a change to
// one should be held against the others:
//
//  1. The pieces that readers wait for, the longest wait first, are striped
//     over every peer that has them, but for those that pause where many wait
//     (serveStalled).
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
//  8. What a reader has waited for longer than it should is asked of another peer too
//     (repair).

// FillAll gives every link with room what there is to ask. After blocks came, and nothing else happened,
// those are passed by that were asked for nothing within the time of a block.
func (c *Core) FillAll(now time.Duration) {
	if !c.planned {
		c.plan(now)
	}
	c.Kick = c.Kick || !c.Nudge
	all := false
	for i := 0; (c.Kick || c.Nudge) && i < maxPasses; i++ {
		all = all || c.Kick
		c.Kick, c.Nudge = false, false
		c.fillEach(now, all)
	}
}

// fillEach fills the queues of those that may have something to ask, in the order of their
// joining.
func (c *Core) fillEach(now time.Duration, all bool) {
	restless := &c.board.restless
	for i := restless.next(0); i >= 0; i = restless.next(i + 1) {
		switch l := c.Links[i]; {
		case !all && l.vain > 0 && now < l.vain+l.known():
		case !c.contented(now, l):
			before := len(c.effects)
			if c.fill(now, l); len(c.effects) == before {
				l.vain = now
			}
		case len(l.cancelled) == 0: // or one may go stale
			restless.clear(i)
		}
	}
}

// contented reports whether the peer has enough to do, and nothing that would make way for
// what a reader waits for. It goes by what was known when fill last looked at the peer.
func (c *Core) contented(now time.Duration, l *Link) bool {
	return l.deep > 0 && len(l.queue) >= l.deep && l.deepAt == l.Rate && l.far == 0 && l.late == 0 && l.inSocket == 0 &&
		!l.hasStale(now) && (!c.inCrowd || len(l.queue) >= socketBlocks && !c.full(l)) // tradePiece, leisure
}

// Refill gives l what there is to ask after something came of it; the others
// have their part in what a reader waits for.
func (c *Core) Refill(now time.Duration, l *Link) {
	c.fill(now, l)
	if len(c.Stalled) > 0 && c.unasked() {
		c.Nudge = true
	}
}

// unasked reports whether a piece that a reader waits for has blocks that
// nobody was asked for.
func (c *Core) unasked() bool {
	for _, w := range c.unserved() {
		if f := c.Flights[c.at(w)]; f != nil && f.free > 0 {
			return true
		}
	}
	return false
}

// unserved are those that wait without the first of them whose pieces are here, or asked
// for as a whole: until something is freed nobody can be asked for those.
func (c *Core) unserved() []*Window {
	for c.served < len(c.Stalled) && !c.wary() {
		piece := c.at(c.Stalled[c.served])
		f := c.Flights[piece]
		if !c.Have.Has(piece) && (f == nil || f.free > 0 || f.parole != nil || f.Case.Failed()) {
			break
		}
		c.served++
	}
	return c.Stalled[c.served:]
}

// fill asks l for blocks until its queue is as deep as it should be: its part of
// what readers wait for first.
func (c *Core) fill(now time.Duration, l *Link) {
	if !l.Open() || len(c.wants) == 0 && len(c.Stalled) == 0 || c.resting(now, l) {
		return
	}
	share := 0
	if l.Rate == 0 {
		share = c.fairShare()
	}
	l.stir()
	depth := min(c.leisure(l, l.depth(share)), c.most(l))
	l.deep, l.deepAt = 0, l.Rate
	if l.Rate > 0 && l.late == 0 {
		l.deep = depth
	}
	l.dropCancels(now)
	c.tradePiece(now, l, depth)
	c.check(now, l)
	var idle idle
	if n := c.urgentDepth(l, depth) - l.firm(now) + l.owed(); n > 0 {
		c.serveStalled(now, l, n, &idle)
	}
	if !l.shallow(depth) {
		return
	}
	n := depth - len(l.queue)
	if n > 0 && len(c.Stalled) > 0 {
		n -= c.steal(now, l, n, true)
	}
	if n > 0 {
		n -= c.serveWants(now, l, n, false, &idle)
	}
	if n > 0 {
		n -= c.serveWants(now, l, n, true, &idle)
	}
	if n > 0 {
		c.steal(now, l, n, false)
	}
}

// urgentDepth gives the most that a peer's queue may hold of what readers wait for,
// whatever is in it. Of one that has shown little yet its part is asked for at once, as far as firstAsk.
func (c *Core) urgentDepth(l *Link, depth int) int {
	if l.Rate > 0 || l.lateAgain() {
		return depth
	}
	return min(max(depth, c.firstAsk()), c.most(l))
}

// firstAsk returns how many blocks a peer is asked for before its rate is known. The first peer that
// joins shares with no other one, and it may be slow. Where many readers wait, all would wait for it.
func (c *Core) firstAsk() int { return max(leastFirst, maxShare/max(1, len(c.Stalled))) }

// most is how many requests a peer may have outstanding. Its first burst says little of what is behind
// it. Where many wait, it is asked for twice as many blocks as it has sent, or for firstAsk. That
// doubles over its round trip. A web seed is asked for whole runs.
func (c *Core) most(l *Link) int {
	n, first := l.most(), c.firstAsk()
	if l.Run == 0 && first == leastFirst {
		n = min(n, max(first, 2*l.came))
	}
	return n
}

// shown is how many requests a peer may have outstanding for it to be asked for what is ahead of
// readers. Its first burst says little of what is behind it. So these are twice as many blocks as it
// has sent, or twice leastFirst. That doubles over its round trip, as TCP's slow start does. A web
// seed is asked for whole runs.
func (l *Link) shown() int {
	if l.Run > 0 {
		return math.MaxInt
	}
	return 2 * max(leastFirst, l.came)
}

// resting reports whether the peer is left alone: it was late time and again, and
// there are others. One block after a while shows whether it is back (probe).
func (c *Core) resting(now time.Duration, l *Link) bool {
	if !l.lateAgain() || now == l.probed {
		return false
	}
	for _, o := range c.Links {
		if o != l && o.late == 0 && o.Open() {
			return true
		}
	}
	return false
}

// fairShare is a peer's part of the most urgent piece, in blocks.
func (c *Core) fairShare() int {
	if len(c.wants) == 0 {
		return 1
	}
	piece := c.want(0).piece
	if len(c.Stalled) > 0 {
		piece = int(c.Stalled[0].Pos / c.Info.PieceLength)
	}
	unchoked := 0
	for _, l := range c.Links {
		if l.Open() && !l.lateAgain() && l.Has.Has(piece) {
			unchoked++
		}
	}
	blocks := c.Info.NumBlocks(piece)
	return min(c.firstAsk(), max(1, (blocks+unchoked-1)/max(1, unchoked)))
}

// serveStalled asks for blocks of the pieces that readers wait for. A peer whose next block comes after
// the others have sent what is free of the first pieces has its part in the next.
func (c *Core) serveStalled(now time.Duration, l *Link, n int, idle *idle) int {
	asked, before := 0, 0 // blocks that are free of pieces whose turn is first
	for _, w := range c.unserved() {
		if asked == n {
			break
		}
		piece := c.at(w)
		if c.Have.Has(piece) || !c.asks(now, l, piece) || c.seedExempted(now, l, w, piece) {
			continue
		}
		f := c.Flights[piece]
		if f == nil {
			if !c.room(piece, true) {
				break // it is the turn of those that wait longer
			}
			f = c.begin(now, piece)
			f.deadline = w.since
		}
		c.setUrgent(f, true)
		if f.Case.Failed() {
			idle.end() // others may be asked for it
		}
		if f.free == 0 || !c.mayAsk(now, l, f) {
			continue
		}
		if c.wholly(l) {
			if c.tooSlow(now, l, f, before) {
				before += f.free
				continue
			}
			// Even beyond its queue's depth: what others have to end waits for theirs.
			asked += min(n-asked, c.ask(now, l, f, c.most(l)-l.firm(now)))
			idle.end()
			continue
		}
		switch part := c.portion(now, l, f, before, n-asked); {
		case part > 0:
			asked += c.ask(now, l, f, part)
		case f.plain():
			idle.add(f, c.senders(f))
		}
		before += f.free
	}
	return asked
}

// wholly reports whether what readers wait for goes to l in whole pieces: a piece that
// is striped over peers that pause is there after the pauses of all. Where fewer wait
// than there are peers, some would have nothing to do.
func (c *Core) wholly(l *Link) bool { return l.pause > 0 && c.outnumbered() }

// outnumbered reports whether more readers wait than there are peers: what one is helped
// with is taken from another.
func (c *Core) outnumbered() bool { return len(c.Stalled) > len(c.Links) }

// serveWants asks for blocks in the order of their deadlines. On the first
// pass pieces that are another peer's are left to it, unless it will be late;
// on the second, with nothing else to do, they are helped with.
func (c *Core) serveWants(now time.Duration, l *Link, n int, help bool, idle *idle) int {
	asked := 0
	slow := c.slowness(now, l)
	for i := c.front; i < len(c.wants) && asked < n; i++ {
		w := c.want(i)
		f := c.Flights[w.piece]
		if c.Have.Has(w.piece) || f != nil && f.free == 0 {
			if i == c.front {
				c.front++
			}
			continue
		}
		slow.pass(c, w, f)
		if !c.asks(now, l, w.piece) || f != nil && f.urgent && idle.covers(f, c.senders(f)) {
			continue
		}
		most := min(n-asked, slow.most(now, l, w), l.shown()-len(l.queue))
		if most <= 0 && (f == nil || !f.urgent) {
			continue
		}
		if f == nil {
			if f = c.start(now, l, w); f == nil {
				break
			}
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
		if f.urgent {
			most = c.portion(now, l, f, 0, n-asked)
		}
		asked += c.ask(now, l, f, most)
	}
	return asked
}

// mayAsk reports whether the piece is not on parole, or on this peer's.
func (c *Core) mayAsk(now time.Duration, l *Link, f *Flight) bool {
	lost := f.parole == nil && (c.alone(now, f) || !f.Case.Apart) || f.Case.Apart && c.exhausted(now, f)
	if f.Case.Failed() && f.left > 0 && lost {
		c.reparole(now, f)
	}
	c.endTrial(now, l, f)
	return (f.parole == nil || f.parole == l) && c.mayTry(now, l, f)
}

// room reports whether the download of a piece may begin. What nobody wants makes way.
func (c *Core) room(piece int, urgent bool) bool {
	for !c.memory.Room(c.Info.PieceSize(piece), urgent) {
		i := slices.IndexFunc(c.Order, func(f *Flight) bool { return f.parked > 0 })
		if i < 0 {
			c.Starved, c.unarmed = true, true
			return false
		}
		c.Drop(c.Order[i])
	}
	return true
}

// start begins the download of a piece ahead of readers, as one peer's; nil where there is no room.
func (c *Core) start(now time.Duration, l *Link, w *want) *Flight {
	if !c.room(w.piece, false) {
		return nil
	}
	f := c.begin(now, w.piece)
	f.deadline, f.owner = w.deadline, l
	return f
}

// begin starts the download of a piece.
func (c *Core) begin(now time.Duration, piece int) *Flight {
	f := newFlight(now, c.Info, piece)
	f.Buf = c.memory.Buffer(f.Size)
	c.pad(f)
	f.urgent = c.waits(piece)
	c.memory.Hold(f.Size)
	c.Flights[piece] = f
	c.Order = append(c.Order, f)
	for _, w := range c.Stalled {
		if !w.asked && w.sent == 0 && c.at(w) == piece {
			w.Lone, w.asked = now-w.since, true
		}
	}
	return f
}

// ask asks l for up to n free blocks of f.
func (c *Core) ask(now time.Duration, l *Link, f *Flight, n int) int {
	asked := 0
	for asked < n {
		b := f.nextFree(l)
		if b < 0 {
			break
		}
		if f.urgent && asked == 0 {
			c.yield(now, l)
		}
		c.request(now, l, f, b)
		asked++
	}
	return asked
}

func (c *Core) request(now time.Duration, l *Link, f *Flight, n int) {
	f.ask(l, n)
	l.push(now, Request{Flight: f, Block: n, at: now, Copy: f.Copies})
	c.Stats.Requested++
	c.send(l, peer.Request, c.Info.Block(f.Piece, n))
}

// cancel takes request i back from l.
func (c *Core) cancel(l *Link, i int) { c.withdraw(l, i, l.isInSocket(i), false) }

// withdraw takes request i back from l. Its block is in the socket if it comes all the same, as far as is known,
// and risked if it may.
func (c *Core) withdraw(l *Link, i int, inSocket, risked bool) {
	owing := l.owing
	r := l.remove(i)
	l.owing = owing // it did not answer
	r.Flight.unask(l, r.Block)
	r.behind, r.inSocket, r.risked = i+l.inSocket, inSocket, risked
	l.forget(r)
	if len(l.queue) == 0 {
		l.meter.stop()
	}
	c.send(l, peer.Cancel, c.Info.Block(r.Flight.Piece, r.Block))
}

// recall takes back what was asked of f and a cancel can still catch.
func (c *Core) recall(now time.Duration, f *Flight) {
	for _, l := range c.Links {
		for i := len(l.queue) - 1; i >= 0; i-- {
			if l.queue[i].Flight == f && l.recallable(now, i, l.eta(now, i+1)) {
				c.cancel(l, i)
			}
		}
	}
}

// cancelAll takes back every block of f that was asked of anybody.
func (c *Core) cancelAll(f *Flight) {
	for _, l := range c.Links {
		for i := len(l.queue) - 1; i >= 0; i-- {
			if l.queue[i].Flight == f {
				c.cancel(l, i)
			}
		}
	}
}

// ownerLate reports whether the peer that a piece was given to will not finish
// it by its deadline.
func (c *Core) ownerLate(now time.Duration, f *Flight) bool {
	o := f.owner
	if o == nil || o.Gone || !c.asks(now, o, f.Piece) || o.late > 0 {
		return true
	}
	return now+o.eta(now, f.left) > f.deadline
}

// tooSlow reports whether the others would have so many blocks and the whole rest of an urgent
// piece before l has one block of it.
func (c *Core) tooSlow(now time.Duration, l *Link, f *Flight, before int) bool {
	if !f.urgent || f.parole != nil {
		return false
	}
	if l.late > 0 && c.alternative(now, l, f.Piece) {
		return true // until a block of another piece shows that it is back
	}
	if l.Rate == 0 {
		return false
	}
	// Only those that are at work count: their next block is when they are asked
	// for more. One that is idle is not asked again before something happens. What
	// they owe already comes first.
	parts, rest := c.level(now, before+f.left, func(o *Link) bool {
		return o != l && o.Rate > 0 && len(o.queue) > 0 && c.sends(now, o, f)
	})
	if len(parts) == 0 {
		return false
	}
	return float64(l.eta(now, l.firm(now)+1)) > 2*rest+float64(l.roundTrip())
}
