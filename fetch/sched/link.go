package sched

import (
	"time"

	"github.com/btgw/btgw/fetch/blame"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A Link is what the core knows of one connection: what the peer has, what was
// asked of it and when, and how fast it answers. It is plain data under the
// Torrent's lock.
type Link struct {
	id   int    // order of joining: ties are broken by it
	Conn Source // not touched by the core; nil in its tests
	Run  int    // blocks that are best asked for together; 0: it makes no difference

	Lenient bool // it serves parts of blocks, or rejects them
	Untried bool // before it has sent a block nothing is taken back from others for it

	sibling    bool            // it is a gateway of our fleet (siblings.go)
	fetches    bool            // and fetches what it is asked for (wishes.go)
	wished     []peer.Wish     // that it was told last
	wishes     []*Window       // what its readers need
	promised   []peer.Wish     // what it may have begun for us before another one began to fetch
	promisedBy time.Duration   // when that is to be here
	ending     bool            // it is asked for what is begun alone (ending.go)
	flights    map[int]*Flight // the core's
	Has        metainfo.Bitfield
	count      int  // pieces in has
	told       bool // it has said what it has
	Choked     bool
	interested bool // what we last told it
	allowed    []int
	offered    []int // pieces that it told of last (offers.go)
	Gone       bool
	Reqq       int

	queue     []Request     // asked and not yet answered, oldest first
	owing     time.Duration // when the first was asked for, or one before it that was taken back in vain
	far       int           // of those, ahead of all readers
	cancelled []Request     // most recent cancels: their blocks may still come
	staleAt   time.Duration // no cancel is to be forgotten before
	deep      int           // what fill found last to be the depth of the queue, at the rate deepAt
	deepAt    float64
	vain      time.Duration // when it was last asked for nothing, since something happened to it; 0: it was asked
	rests     []rest        // pieces it rejected of late

	arrival
	board      *board        // the core's; nil: it is on none
	lane       lane          // when it is free, as the board has it
	listed     bool          // it is on the board
	nth        int           // its place in Core.Links
	outdated   bool          // that is to be computed anew
	wait       time.Duration // of forecastAt (waits)
	forecastAt time.Duration
	forecasted bool    // since it last changed
	pipe       float64 // blocks at the head of the queue that no cancel stops
	inSocket   int     // cancelled blocks that come all the same, before any of the queue
	checked    bool    // it was asked for the beginning of what another sends (check.go)
	checking   *Flight // of this piece, and it has not come
	doubted    bool    // it sent another one than most
	order      order   // in which it answers (again.go)
	jam        jam     // how much it can be asked for at once (again.go)

	blame.Record      // a convicted one is banned
	Wrong        int  // the piece for which it was
	ours         bool // no connection: it stands for padding (padding.go)
}

// A Source is what can be asked for blocks: a *peer.Conn, a *webseed.Seed or an
// *objectseed.Seed. Its methods never block.
type Source interface {
	Send(commands ...peer.Command)
	RequestQueue() int
	Ban(reason string)
	String() string // for logs
}

// A Request is a block that was asked of a link.
type Request struct {
	Flight *Flight
	Block  int
	at     time.Duration
	// when it was to come, as far as was known then
	due time.Duration
	seq int // its number among all that the link was asked for
	// which copy of the piece it was asked for: a block of one that was given up
	// is void
	Copy int
	// of a cancelled one, how many were asked before it and not yet answered
	behind   int
	risked   bool // it may have been sent before the cancel
	inSocket bool // it was in the peer's socket by then, as far as is known (link.inSocket)
	// when it was adopted: what had come by then says nothing of the link's rate
	adopted time.Duration
}

// A rest is a piece that a link rejected, not to be asked of it until then.
type rest struct {
	piece int
	until time.Duration
	times int // how often before
}

// holds reports whether the peer can be asked for a piece now.
func (l *Link) holds(now time.Duration, piece int) bool {
	if !l.gives(piece) {
		return false
	}
	for _, r := range l.rests {
		if r.piece == piece && now < r.until {
			return false
		}
	}
	return true
}

// gives reports whether the peer has a piece and sends it to us: it may have rejected that of late.
func (l *Link) gives(piece int) bool {
	return !l.Gone && l.Has.Has(piece) && (!l.Choked || l.isAllowed(piece) || l.ends(piece))
}

func (l *Link) isAllowed(piece int) bool {
	for _, p := range l.allowed {
		if p == piece {
			return true
		}
	}
	return false
}

// Open reports whether the peer takes requests at all.
func (l *Link) Open() bool { return !l.Gone && (!l.Choked || len(l.allowed) > 0 || l.ending) }

// Find returns the index of a block in the queue, or -1.
func (l *Link) Find(f *Flight, n int) int {
	for i := range l.queue {
		if l.queue[i].Flight == f && l.queue[i].Block == n {
			return i
		}
	}
	return -1
}

// Lookup finds the request, outstanding or cancelled of late, that a block
// answers.
func (l *Link) Lookup(piece, n int) (Request, bool) {
	for i := range l.queue {
		if l.queue[i].Block == n && l.queue[i].Flight.Piece == piece {
			return l.queue[i], true
		}
	}
	for i := range l.cancelled {
		if l.cancelled[i].Block == n && l.cancelled[i].Flight.Piece == piece {
			return l.cancelled[i], true
		}
	}
	return Request{}, false
}

// asked gives the time since when the peer has owed the block that it sends next. What was taken back before that block
// does not make its silence shorter.
func (l *Link) asked() time.Duration {
	if len(l.queue) == 0 {
		return l.arrived
	}
	return l.owing
}

// push appends a request to the queue.
func (l *Link) push(now time.Duration, r Request) {
	if len(l.queue) == 0 {
		l.meter.start(now)
		l.owing = r.at
	}
	r.due = now + l.eta(now, len(l.queue)+1)
	r.seq = l.order.next()
	l.queue = append(l.queue, r)
	l.change()
	if !r.Flight.urgent {
		l.far++
	}
}

// remove takes request i out of the queue, keeping order.
func (l *Link) remove(i int) Request {
	r := l.queue[i]
	copy(l.queue[i:], l.queue[i+1:])
	l.queue[len(l.queue)-1] = Request{}
	l.queue = l.queue[:len(l.queue)-1]
	if len(l.queue) > 0 {
		l.owing = l.queue[0].at
	}
	l.change()
	if !r.Flight.urgent {
		l.far--
	}
	return r
}

// depth is how many blocks the peer's queue should hold.
//
// Until its rate is known that is the peer's share of the urgent piece and one more. No urgent
// block is then the last of a burst, which a sender without TCP_NODELAY holds back for a round
// trip. It is less if the peer's first block took long, and more while the peer has
// nothing left to send before it is asked again.
//
// From then on it is what the peer's pipe holds and one more, and a little for its pauses.
// What is in a peer's queue is soon in its socket. No cancel takes it back from there, and a
// seek has to wait behind it.
func (l *Link) depth(share int) int {
	n := share + 1
	switch {
	case l.Rate == 0 && l.each > 0:
		n = max(minDepth, min(n, 1+int((l.pipeTime()+l.slack())/l.each)))
	case l.Rate > 0:
		n = 1 + l.blocksIn(max(queueTime, l.pipeTime()+l.slack()))
		n = max(n, minDepth, min(2*l.Run, l.blocksIn(runTime)))
	}
	if l.meter.least && l.pause == 0 && l.jam == (jam{}) {
		n += min(n, l.dry) // it could send more than it is asked for
	}
	if l.lateAgain() {
		n = 1
	}
	return min(n, l.most())
}

// shallow reports whether the queue wants more, to depth: at half, when its pipe
// would not be full any more, or where it is short.
func (l *Link) shallow(depth int) bool {
	low := depth / 2
	if l.Rate > 0 {
		low = max(low, min(depth-1, l.blocksIn(l.pipeTime()+l.slack()/2)))
	}
	return len(l.queue) <= low || len(l.queue) < min(socketBlocks, depth)
}

// slack is how much longer than a round trip the peer's queue is to last. A sibling that fetches pauses when
// its own peers do, and has our wishes.
func (l *Link) slack() time.Duration {
	if l.fetches {
		return minSlack
	}
	return max(minSlack, min(l.idleGap*3/2, maxPause))
}

// blocksIn is how many blocks the peer sends in d at its rate.
func (l *Link) blocksIn(d time.Duration) int { return int(l.Rate * d.Seconds() / metainfo.BlockLen) }

// lateAgain reports whether the peer was late more than once in a row: it leaves the urgent set.
func (l *Link) lateAgain() bool { return l.late > 1 }

// HasAny reports whether the peer has one of the pieces from first to before end.
func (l *Link) HasAny(first, end int) bool {
	for i := first; i < end; i++ {
		if l.Has.Has(i) {
			return true
		}
	}
	return false
}
