package sched

import (
	"slices"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch/blame"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A Core is a torrent's scheduler as a value: events in, effects out. It knows
// no goroutine, clock or socket and is not safe for concurrent use; now is the
// time since the torrent's start. It is deterministic: the same events at the
// same times have the same effects.
//
// window.go has what asks for bytes, and flight.go what is being fetched. link.go has the
// peers that are asked, arrival.go the time at which blocks come, and picker.go the choice of
// a block for a peer. repair.go sees to late blocks, recover.go and parole.go to pieces that
// fail their hash.
type Core struct {
	Info *metainfo.Info
	Have metainfo.Bitfield // verified and held

	Links     []*Link
	siblings  []*Link // of these, the gateways of our fleet
	ending    int     // flights that are ended outside (ending.go)
	Windows   []*Window
	givenUp   []givenUp   // readers that left of late, the last one last
	Stalled   []*Window   // those that wait, the first whose turn it is
	sequences []*sequence // files that are read one after another, what was followed last, last
	Flights   map[int]*Flight
	Order     []*Flight // the flights in order of their start

	wants   []want
	wishing bool      // what the sibling that fetches for us is told may be another thing now
	front   int       // nothing before it has a block to give
	served  int       // nor has what the stalled before it wait for
	inOrder int       // so many wants are in order (wants.go)
	near    int       // so many, in a crowd, are near a reader
	far     int       // and before this one are those that are far, in the order of rarity
	byPlace []*Window // scratch of plan
	planned bool      // wants is up to date
	unarmed bool      // Next is to look at everything
	board   board
	parts   []part // scratch of level
	late    []late // scratch of repair
	Kick    bool   // every link may have something new to ask
	Nudge   bool   // blocks came while readers wait: so may those that were not asked for the time of a block

	supply     int           // grows whenever a peer may send other pieces than before
	inCrowd    bool          // others fetch what we fetch (crowd.go)
	farOrder   bool          // who is near and who is far is to be seen when somebody looks
	ordered    time.Duration // when that was last so
	ShuffleKey uint64        // makes our order among equals another than our neighbours'

	zeros   *Link // who "sent" padding (padding.go)
	Budget  int64 // bytes that windows may hold
	Disk    int64 // bytes that the cache has for what windows do not hold
	Sharers int   // readers that share it, in all torrents
	memory  Memory
	Starved bool          // a piece was not begun for want of room
	Idled   bool          // a reader stopped moving: what was ready for it may go
	left    time.Duration // when the last reader left that did; 0 none
	Heard   time.Duration // when a peer last said that it has something

	trading  bool          // the plan has what may be given for what a reader waits for (trade.go)
	traders  []*Link       // scratch of chokers
	feeding  bool          // the plan has what is offered in place of what a reader waits for (offers.go)
	fedSince time.Duration // since when
	fedFrom  int64         // bytes that were held then

	nextLink, nextWindow int
	effects              []Effect
	dups                 duplicates
	Review               []*Flight // failed pieces that were put together anew, to be hashed
	book                 blame.Book[*Link]
	doubt                bool // it was wary (trial.go)
	firstTrial           firstTrial
	Stats                Stats
}

type Stats struct {
	Received, Wasted   int64 // payload bytes
	failed             int64 // of those wasted, bytes of copies that failed their hash
	HashFailures       int64
	Verified           int64
	Requested, Hedged  int64 // blocks
	Stolen, LateBlocks int64
	Risked, Saved      int64 // blocks stolen that may have been sent, and that were not
}

// An Effect is what the Torrent is to carry out once the lock is released: a
// command to a link, or a ban of it.
type Effect struct {
	Link    *Link
	Command peer.Command
	Ban     string
}

// Memory gives pieces in flight their room: the session's budget, shared by its
// torrents.
type Memory interface {
	// Room reports whether a piece of n bytes may be begun. With urgent a reader waits
	// for it.
	Room(n int, urgent bool) bool
	// Hold counts n bytes for a piece. Free takes them off the count.
	Hold(n int)
	Free(n int)
	Buffer(n int) *cache.Buffer
}

func New(info *metainfo.Info, have metainfo.Bitfield, budget int64, memory Memory) *Core {
	c := &Core{
		Info: info, Have: have, Budget: budget, memory: memory,
		Flights: make(map[int]*Flight), Sharers: 1, unarmed: true, board: newBoard(), zeros: &Link{ours: true, Gone: true},
	}
	c.board.stats = &c.Stats
	return c
}

// Take returns the effects so far and starts a new list in into.
func (c *Core) Take(into []Effect) []Effect {
	out := c.effects
	c.effects = into[:0]
	return out
}

func (c *Core) send(l *Link, op peer.Op, b metainfo.Block) {
	if !l.Gone {
		c.effects = append(c.effects, Effect{Link: l, Command: peer.Command{Op: op, Block: b}})
	}
}

// Join adds a connection.
func (c *Core) Join(rtt time.Duration, reqq int, conn Source) *Link {
	c.nextLink++
	l := &Link{
		id: c.nextLink, Conn: conn, Choked: true, arrival: arrival{RTT: rtt},
		Has: metainfo.NewBitfield(c.Info.NumPieces()), Reqq: max(1, reqq), board: &c.board, flights: c.Flights,
	}
	l.nth = len(c.Links)
	c.Links = append(c.Links, l)
	c.board.join(l)
	c.unarmed = true
	return l
}

// Joined counts the links and the windows that there were so far.
func (c *Core) Joined() (links, windows int) { return c.nextLink, c.nextWindow }

// learn takes the mean time of a block where the rate is known for what is not
// known yet: a few fast peers do not make the others so.
func (c *Core) learn() {
	sum, n := 0.0, 0.0
	for _, l := range c.Links {
		if l.Rate > 0 {
			sum += 1 / l.Rate
			n++
		}
	}
	c.board.typical = n / sum
	for _, l := range c.Links {
		if !l.heard() {
			l.guessAgain()
		}
	}
}

// Leave takes a connection out; what was asked of it is free again. A block that
// it is placing stays in its hands: its goroutine may be writing to it.
func (c *Core) Leave(now time.Duration, l *Link) {
	l.Gone = true
	c.supply++
	c.board.leave(l)
	c.Links = append(c.Links[:l.nth], c.Links[l.nth+1:]...)
	for i, o := range c.Links[l.nth:] {
		o.nth = l.nth + i
	}
	c.board.restless.fill(len(c.Links))
	c.board.moved.fill(len(c.Links))
	c.unarmed = true
	c.disown(now, l)
	c.release(l, nil)
	c.losesSibling(l)
	c.supplied()
	c.news(now)
}

// disown frees the pieces that were one peer's alone and that it does not give any more.
func (c *Core) disown(now time.Duration, l *Link) {
	for _, f := range c.Order {
		if l.gives(f.Piece) {
			continue
		}
		if f.owner == l {
			f.owner = nil
		}
		if f.parole == l {
			c.reparole(now, f)
		}
	}
}

// release frees what was asked of l, except what keep holds.
func (c *Core) release(l *Link, keep func(piece int) bool) {
	kept := l.queue[:0]
	for _, r := range l.queue {
		if keep != nil && keep(r.Flight.Piece) {
			kept = append(kept, r)
			continue
		}
		if !r.Flight.urgent {
			l.far--
		}
		r.Flight.unask(l, r.Block)
		l.forget(r)
		c.Kick = true
		c.freed()
	}
	clear(l.queue[len(kept):])
	l.queue = kept
	l.change()
	if len(kept) == 0 {
		l.meter.stop()
	}
}

// Event takes in what a connection reported, blocks left out (arrived).
func (c *Core) Event(now time.Duration, l *Link, e peer.Event) {
	if e.Kind != peer.Has && e.Kind != peer.LostPiece && e.Kind != peer.Rejected {
		c.supply++
	}
	l.stir()
	if l.sibling && e.Kind != peer.Has {
		c.Kick = true // peers outside may be asked for what it has no longer
	}
	switch e.Kind {
	case peer.Has, peer.HasField, peer.HasAll, peer.HasNone:
		l.told = true
		if l.fetches && e.Kind != peer.Has {
			c.handsOver(now, l)
		}
	}
	switch e.Kind {
	case peer.Proved:
		c.isSibling(l)
	case peer.Fetches:
		l.fetches, l.wished, c.wishing = true, nil, true
	case peer.Wished:
		c.takeWishes(now, l, e.Wishes)
	case peer.Unheeded:
		c.endBegun(l)
	case peer.Choked:
		l.Choked, l.ending = true, false
		c.disown(now, l)
		c.release(l, l.isAllowed)
		c.supplied()
	case peer.Withheld:
		c.withhold(l)
		c.disown(now, l)
		c.release(l, func(piece int) bool { return l.isAllowed(piece) || l.ends(piece) })
		c.supplied()
	case peer.Unchoked:
		l.Choked, l.ending = false, false
		l.late = 0
		l.change()
		l.rests = l.rests[:0]
		c.supplied()
	case peer.Has:
		c.Heard = now
		c.gains(l, int(e.Block.Piece))
		l.offers(int(e.Block.Piece))
		c.supplied()
		if !l.interested && len(c.Windows) > 0 && !c.Have.Has(int(e.Block.Piece)) {
			c.interested(l)
		}
		c.news(now)
	case peer.HasField:
		c.Heard = now
		l.Has = e.Field
		l.count = l.Has.Count(c.Info.NumPieces())
		l.offersFew(c.Info.NumPieces())
		c.supplied()
		c.interestOf(l)
		c.news(now)
	case peer.HasAll:
		c.Heard = now
		for p := range c.Info.NumPieces() {
			l.Has.Set(p)
		}
		l.count = c.Info.NumPieces()
		c.supplied()
		c.interestOf(l)
		c.news(now)
	case peer.HasNone:
		l.Has = metainfo.NewBitfield(c.Info.NumPieces())
		l.count = 0
		c.disinterest(l)
		c.news(now)
	case peer.LostPiece:
		c.loses(l, int(e.Block.Piece))
		c.disown(now, l)
		c.supplied()
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
func (c *Core) adopt(now time.Duration, l *Link, b metainfo.Block, at time.Duration) {
	piece, n := int(b.Piece), int(b.Begin/metainfo.BlockLen)
	f := c.Flights[piece]
	if c.checks(b) {
		c.adoptCheck(now, l, piece)
		return
	}
	if c.Have.Has(piece) || f == nil && !c.inWindow(piece) || f != nil && f.Blocks[n].State != blockFree && !c.outrun(now, f, n) {
		c.send(l, peer.Cancel, b)
		return
	}
	if f == nil {
		f = c.begin(now, piece)
	}
	f.ask(l, n)
	l.push(at, Request{Flight: f, Block: n, at: at, Copy: f.Copies, adopted: now})
	c.Stats.Requested++
}

// outrun cancels a block that a peer was just asked for and has not begun to send, and reports
// whether it did. Another peer was asked for the block an exchange earlier, and joins only now:
// connections that wait for the metadata go on in any order.
func (c *Core) outrun(now time.Duration, f *Flight, n int) bool {
	b := &f.Blocks[n]
	if b.State != blockAsked || b.askers[1] != nil {
		return false
	}
	o := b.askers[0]
	i := o.Find(f, n)
	if i < 0 || o.queue[i].adopted > 0 || !o.unsent(now, o.queue[i]) {
		return false
	}
	c.cancel(o, i)
	c.Kick = true
	return true
}

func (c *Core) gains(l *Link, piece int) {
	if !l.Has.Has(piece) {
		l.Has.Set(piece)
		l.count++
		c.resupply(piece)
	}
}

// resupply notes that other peers than before can send a piece.
func (c *Core) resupply(piece int) {
	if f := c.Flights[piece]; f != nil {
		f.sendersAt = -1
	}
}

func (c *Core) loses(l *Link, piece int) {
	if l.Has.Has(piece) {
		l.Has.Clear(piece)
		l.count--
		c.resupply(piece)
	}
	c.release(l, func(p int) bool { return p != piece })
}

// rejected frees a block that the peer will not send, and leaves its piece
// alone for a while.
func (c *Core) rejected(now time.Duration, l *Link, b metainfo.Block) {
	if c.checks(b) {
		l.checking = nil
		return // it says nothing of the piece
	}
	n := int(b.Begin / metainfo.BlockLen)
	if r, ok := l.uncancel(int(b.Piece), n); ok {
		if r.risked {
			c.Stats.Saved++
		}
		return // the answer to a cancel (BEP 6)
	}
	i := slices.IndexFunc(l.queue, func(r Request) bool { return r.Flight.Piece == int(b.Piece) && r.Block == n })
	if i < 0 {
		return // to a cancel that is forgotten: it says nothing of the piece
	}
	r := l.remove(i)
	r.Flight.unask(l, n)
	if r.Flight.owner == l {
		r.Flight.owner = nil
	}
	if r.Flight.parole == l {
		c.reparole(now, r.Flight)
	}
	c.Kick = true
	c.freed()
	if l.Choked && !l.isAllowed(int(b.Piece)) {
		return // for that (BEP 6), and not for the piece
	}
	c.rest(now, l, int(b.Piece))
}

// Lost says that a piece is no longer held.
func (c *Core) Lost(piece int) {
	if c.Have.Has(piece) {
		c.Have.Clear(piece)
		c.freed()
		c.planned = false
		c.Kick = true
	}
}

// freed takes note that a block may have become free: what was passed over is looked at again.
func (c *Core) freed() { c.front, c.served = 0, 0 }

// Drop takes a flight out and frees its memory.
func (c *Core) Drop(f *Flight) {
	c.leaveOutside(f, false)
	delete(c.Flights, f.Piece)
	for i, x := range c.Order {
		if x == f {
			c.Order = append(c.Order[:i], c.Order[i+1:]...)
			break
		}
	}
	c.freed()
	c.memory.Free(f.Size)
	f.Case.Close()
	f.release()
}
