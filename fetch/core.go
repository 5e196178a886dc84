package fetch

import (
	"slices"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A core is a torrent's scheduler as a value: events in, effects out. It knows
// no goroutine, clock or socket and is not safe for concurrent use; now is the
// time since the torrent's start. It is deterministic: the same events at the
// same times have the same effects.
//
// What asks for bytes is in window.go, what is being fetched in flight.go, who
// is asked in link.go, who gets which block in picker.go, what happens to late
// blocks in hedge.go, and to pieces that fail their hash in parole.go.
type core struct {
	info *metainfo.Info
	have metainfo.Bitfield // verified and held

	links   []*link
	windows []*window
	givenUp []givenUp // readers that left of late, the last one last
	stalled []*window // those that wait, the first whose turn it is
	flights map[int]*flight
	order   []*flight // the flights in order of their start

	wants    []want
	front    int        // nothing before it has a block to give
	planned  bool       // wants is up to date
	lanes    []lane     // scratch of portion
	drowning []drowning // of rescue
	kick     bool       // every link may have something new to ask

	inCrowd bool          // others fetch what we fetch (crowd.go)
	ordered time.Duration // when far pieces were last put in the order of their rarity
	salt    uint64        // makes our order among equals another than our neighbours'

	typical float64 // bytes/s: the harmonic mean of the rates that are known
	zeros   *link   // who "sent" padding (padding.go)
	budget  int64   // bytes that windows may hold
	disk    int64   // bytes that the cache has for what windows do not hold
	sharers int     // readers that share it, in all torrents
	memory  memory
	starved bool          // a piece was not begun for want of room
	idled   bool          // a reader stopped moving: what was ready for it may go
	left    time.Duration // when the last reader left that did; 0 none
	heard   time.Duration // when a peer last said that it has something

	nextLink, nextWindow int
	effects              []effect
	dups                 duplicates
	review               []*flight // failed pieces that were put together anew, to be hashed
	disputes             []dispute
	convictions          int64 // peers that were found to lie
	stats                coreStats
}

type coreStats struct {
	received, wasted   int64 // payload bytes
	failed             int64 // of those wasted, bytes of copies that failed their hash
	hashFailures       int64
	verified           int64
	requested, hedged  int64 // blocks
	stolen, lateBlocks int64
	risked, saved      int64 // blocks stolen that may have been sent, and that were not
}

// An effect is what the Torrent is to carry out once the lock is released: a
// command to a link, or a ban of it.
type effect struct {
	l   *link
	cmd peer.Command
	ban string
}

// memory is where pieces in flight live: the session's budget, shared by its
// torrents.
type memory interface {
	// room reports whether a piece of n bytes may be begun; urgent is that a reader
	// waits for it.
	room(n int, urgent bool) bool
	// hold counts n bytes for a piece, free takes them off the count.
	hold(n int)
	free(n int)
	buffer(n int) *cache.Buffer
}

func newCore(info *metainfo.Info, have metainfo.Bitfield, budget int64, memory memory) *core {
	return &core{
		info: info, have: have, budget: budget, memory: memory,
		flights: make(map[int]*flight), sharers: 1, typical: guessRate, zeros: &link{ours: true, gone: true},
	}
}

// take returns the effects so far and starts a new list in into.
func (c *core) take(into []effect) []effect {
	out := c.effects
	c.effects = into[:0]
	return out
}

func (c *core) send(l *link, op peer.Op, b metainfo.Block) {
	if !l.gone {
		c.effects = append(c.effects, effect{l: l, cmd: peer.Command{Op: op, Block: b}})
	}
}

// join adds a connection.
func (c *core) join(rtt time.Duration, reqq int, conn source) *link {
	c.nextLink++
	l := &link{
		id: c.nextLink, conn: conn, choked: true, rtt: rtt,
		has: metainfo.NewBitfield(c.info.NumPieces()), reqq: max(1, reqq), typical: &c.typical,
	}
	c.links = append(c.links, l)
	return l
}

// learn takes the mean time of a block where the rate is known for what is not
// known yet: a few fast peers do not make the others so.
func (c *core) learn() {
	sum, n := 0.0, 0.0
	for _, l := range c.links {
		if l.rate > 0 {
			sum += 1 / l.rate
			n++
		}
	}
	if n > 0 {
		c.typical = n / sum
	}
}

// leave takes a connection out; what was asked of it is free again. A block that
// it is placing stays in its hands: its goroutine may be writing to it.
func (c *core) leave(now time.Duration, l *link) {
	l.gone = true
	for i, x := range c.links {
		if x == l {
			c.links = append(c.links[:i], c.links[i+1:]...)
			break
		}
	}
	c.disown(now, l)
	c.release(l, nil)
	c.news(now)
}

// disown frees the pieces that were one peer's alone.
func (c *core) disown(now time.Duration, l *link) {
	for _, f := range c.order {
		if f.owner == l {
			f.owner = nil
		}
		if f.parole == l {
			c.reparole(now, f)
		}
	}
}

// release frees what was asked of l, except what keep holds.
func (c *core) release(l *link, keep func(piece int) bool) {
	kept := l.queue[:0]
	for _, r := range l.queue {
		if keep != nil && keep(r.f.piece) {
			kept = append(kept, r)
			continue
		}
		r.f.unask(l, r.n)
		l.forget(r)
		c.kick = true
		c.front = 0
	}
	clear(l.queue[len(kept):])
	l.queue = kept
	if len(kept) == 0 {
		l.meter.stop()
	}
}

// event takes in what a connection reported, blocks left out (arrived).
func (c *core) event(now time.Duration, l *link, e peer.Event) {
	switch e.Kind {
	case peer.Choked:
		l.choked = true
		c.disown(now, l)
		c.release(l, l.isAllowed)
	case peer.Unchoked:
		l.choked = false
		l.late = 0
		l.rests = l.rests[:0]
	case peer.Has:
		c.heard = now
		c.gains(l, int(e.Block.Piece))
		if !l.interested && len(c.windows) > 0 && !c.have.Has(int(e.Block.Piece)) {
			c.interested(l)
		}
		c.news(now)
	case peer.HasField:
		c.heard = now
		l.has = e.Field
		l.count = l.has.Count(c.info.NumPieces())
		c.interestOf(l)
		c.news(now)
	case peer.HasAll:
		c.heard = now
		for p := range c.info.NumPieces() {
			l.has.Set(p)
		}
		l.count = c.info.NumPieces()
		c.interestOf(l)
	case peer.HasNone:
		l.has = metainfo.NewBitfield(c.info.NumPieces())
		l.count = 0
		c.disinterest(l)
		c.news(now)
	case peer.LostPiece:
		c.loses(l, int(e.Block.Piece))
		if l.count == 0 {
			c.disinterest(l)
		}
	case peer.AllowedFast:
		if len(l.allowed) < maxAllowed && !l.isAllowed(int(e.Block.Piece)) {
			l.allowed = append(l.allowed, int(e.Block.Piece))
		}
	case peer.Rejected:
		c.rejected(now, l, e.Block)
	case peer.Requested:
		c.adopt(now, l, e.Block, now-e.Ago)
	}
}

// adopt takes in a block that was asked of l at a time before the torrent was
// known, or takes it back if nobody wants it.
func (c *core) adopt(now time.Duration, l *link, b metainfo.Block, at time.Duration) {
	piece, n := int(b.Piece), int(b.Begin/metainfo.BlockLen)
	f := c.flights[piece]
	if c.have.Has(piece) || f == nil && !c.inWindow(piece) || f != nil && f.blocks[n].state != blockFree && !c.outrun(now, f, n) {
		c.send(l, peer.Cancel, b)
		return
	}
	if f == nil {
		f = c.begin(now, piece)
	}
	f.ask(l, n)
	l.push(at, request{f: f, n: n, at: at, copy: f.copies, adopted: now})
	c.stats.requested++
}

// outrun takes a block back from a peer that was asked for it just now, by the side of which
// another one was asked an exchange earlier, but joins after it: connections that wait for
// the metadata go on in any order.
func (c *core) outrun(now time.Duration, f *flight, n int) bool {
	b := &f.blocks[n]
	if b.state != blockAsked || b.askers[1] != nil {
		return false
	}
	o := b.askers[0]
	i := o.find(f, n)
	if i < 0 || o.queue[i].adopted > 0 || !o.unsent(now, o.queue[i]) {
		return false
	}
	c.cancel(o, i)
	c.kick = true
	return true
}

// maxAllowed bounds the allowed-fast set that a peer gives us (BEP 6 suggests
// 10).
const maxAllowed = 32

func (c *core) gains(l *link, piece int) {
	if !l.has.Has(piece) {
		l.has.Set(piece)
		l.count++
	}
}

func (c *core) loses(l *link, piece int) {
	if l.has.Has(piece) {
		l.has.Clear(piece)
		l.count--
	}
	c.release(l, func(p int) bool { return p != piece })
}

// rejected frees a block that the peer will not send, and leaves its piece
// alone for a while.
func (c *core) rejected(now time.Duration, l *link, b metainfo.Block) {
	n := int(b.Begin / metainfo.BlockLen)
	if r, ok := l.uncancel(int(b.Piece), n); ok {
		if r.risked {
			c.stats.saved++
		}
		return // the answer to a cancel (BEP 6)
	}
	i := slices.IndexFunc(l.queue, func(r request) bool { return r.f.piece == int(b.Piece) && r.n == n })
	if i < 0 {
		return // to a cancel that is forgotten: it says nothing of the piece
	}
	r := l.remove(i)
	r.f.unask(l, n)
	if r.f.owner == l {
		r.f.owner = nil
	}
	if r.f.parole == l {
		c.reparole(now, r.f)
	}
	c.kick = true
	c.front = 0
	if l.choked && !l.isAllowed(int(b.Piece)) {
		return // for that (BEP 6), and not for the piece
	}
	c.rest(now, l, int(b.Piece))
}

// lost says that a piece is no longer held.
func (c *core) lost(piece int) {
	if c.have.Has(piece) {
		c.have.Clear(piece)
		c.planned = false
		c.kick = true
	}
}

// drop takes a flight out and frees its memory.
func (c *core) drop(f *flight) {
	delete(c.flights, f.piece)
	for i, x := range c.order {
		if x == f {
			c.order = append(c.order[:i], c.order[i+1:]...)
			break
		}
	}
	c.memory.free(f.size)
	c.forget(f)
	f.release()
}
