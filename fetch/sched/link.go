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

	Has        metainfo.Bitfield
	count      int // pieces in has
	Choked     bool
	interested bool // what we last told it
	allowed    []int
	offered    []int // pieces that it told of last (offers.go)
	Gone       bool
	Reqq       int

	queue     []Request     // asked and not yet answered, oldest first
	far       int           // of those, ahead of all readers
	cancelled []Request     // most recent cancels: their blocks may still come
	staleAt   time.Duration // no cancel is to be forgotten before
	deep      int           // what fill found last to be the depth of the queue, at the rate deepAt
	deepAt    float64
	rests     []rest // pieces it rejected of late

	RTT        time.Duration // 0 unknown
	arrived    time.Duration // last arrival
	moved      time.Duration // last arrival of what it owed first
	service    minimum       // request to block, least of the last seconds
	gap        time.Duration // decaying maximum of the time a block took
	pauses     pauses
	pause      time.Duration // how long it pauses at times; 0: it does not
	quiet      time.Duration // since when it has sent nothing though it owed something, if it is late; else 0
	lull       time.Duration // decaying maximum of how long it sent nothing while it could have
	Rate       float64       // bytes/s while it had something to do; 0 unknown
	dry        int           // blocks in a row before which it had nothing to send
	each       time.Duration // what one of the few blocks took that came so far; 0 unknown
	meter      meter
	board      *board        // the core's; nil: it is on none
	place      int           // of its lane there; negative: it has none any more
	outdated   bool          // that is to be computed anew
	wait       time.Duration // of forecastAt (waits)
	forecastAt time.Duration
	forecasted bool          // since it last changed
	pipe       float64       // blocks at the head of the queue that no cancel stops
	sunk       int           // cancelled blocks that come all the same, before any of the queue
	late       int           // times in a row
	lateAt     time.Duration // when it was last found late
	probed     time.Duration // when it was last tried with a block
	checks     bool          // it was asked for a block to check another's (check.go)
	order      order         // in which it answers (again.go)
	jam        jam           // how much it can be asked for at once (again.go)
	part       int           // scratch of neighbours
	kept       int           // scratch of repair: what is left of the queue when it makes way

	blame.Record      // a convicted one is banned
	Wrong        int  // the piece for which it was
	ours         bool // no connection: it stands for padding (padding.go)
}

// A Source is what can be asked for blocks: a *peer.Conn or a *webseed.Seed. Its methods
// never block.
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
	behind int
	risked bool // it may have been sent before the cancel
	sunk   bool // it was in the peer's socket by then, as far as is known (link.sunk)
	Check  bool // another peer sent it: to be compared (check.go)
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
	if !l.Has.Has(piece) {
		return false
	}
	if l.Choked && !l.isAllowed(piece) {
		return false
	}
	for _, r := range l.rests {
		if r.piece == piece && now < r.until {
			return false
		}
	}
	return true
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
func (l *Link) Open() bool { return !l.Gone && (!l.Choked || len(l.allowed) > 0) }

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

// asked is when the block that the peer owes next was asked for.
func (l *Link) asked() time.Duration {
	if len(l.queue) == 0 {
		return l.arrived
	}
	return l.queue[0].at
}

// push appends a request to the queue.
func (l *Link) push(now time.Duration, r Request) {
	if len(l.queue) == 0 {
		l.meter.start(now)
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
	l.change()
	if !r.Flight.urgent {
		l.far--
	}
	return r
}

// roundTrip is the best knowledge of the peer's round trip.
func (l *Link) roundTrip() time.Duration {
	if s, ok := l.service.get(); ok {
		return s
	}
	if l.RTT > 0 {
		return l.RTT
	}
	return guessRTT
}

// blockTime is how long the peer takes for one block of a full queue. A peer
// of which little is known, and that has sent nothing for longer than expected, is
// slower than was thought: it may take for as long again.
func (l *Link) blockTime(now time.Duration) time.Duration {
	guess := l.known()
	if l.Rate == 0 && len(l.queue) > 0 {
		if over := now - max(l.asked()+l.roundTrip(), l.arrived); over > guess {
			return 2 * over
		}
	}
	return guess
}

// known is how long a block took the peer so far, or takes others where it has sent none.
func (l *Link) known() time.Duration {
	switch {
	case l.Rate > 0:
		return time.Duration(float64(metainfo.BlockLen) / l.Rate * float64(time.Second))
	case l.each > 0:
		return l.each
	}
	return time.Duration(float64(metainfo.BlockLen) / l.board.typical * float64(time.Second))
}

// eta is when the n-th block from now (1 is the next) would come. A peer that
// has been silent for longer than a block takes may go on like that.
func (l *Link) eta(now time.Duration, n int) time.Duration {
	if !l.forecasted || l.forecastAt != now {
		l.wait, l.forecastAt, l.forecasted = l.waits(now), now, true
		l.board.forecasts++
	}
	return l.wait + time.Duration(n)*l.blockTime(now)
}

// waits is what the peer takes from now besides the time of the blocks that it owes: what
// is left of its round trip, what is in its socket, and its silence; negative if a part of
// its next block lies behind.
func (l *Link) waits(now time.Duration) time.Duration {
	trip, each := l.roundTrip(), l.blockTime(now)
	sunk := time.Duration(l.sunk) * each
	switch {
	case l.late > 0:
		return now - max(l.arrived, l.asked()) + trip + sunk
	case len(l.queue) == 0:
		return max(trip, sunk)
	case now < l.asked()+trip:
		return max(l.asked()+trip-now, sunk) // what is left of the round trip
	}
	// A pipe that flows: a part of the next block lies behind it. Where the rate is
	// not known, a block that takes longer than the others did is one of many.
	gone := now - max(l.arrived, l.asked()+trip)
	if over := gone - each; over >= 0 {
		return sunk + over
	}
	if !l.heard() {
		return sunk // nothing came yet: how much of a block lies behind is not known
	}
	return sunk - gone
}

// heard reports whether a block has shown how fast the peer is.
func (l *Link) heard() bool { return l.Rate > 0 || l.each > 0 }

// silent reports whether the peer has sent nothing for longer than two of its
// blocks take.
func (l *Link) silent(now time.Duration) bool {
	return len(l.queue) > 0 && now-max(l.arrived, l.asked()+l.roundTrip()) > 2*l.known()
}

// expected is how long the peer may take for the block it owes next.
func (l *Link) expected() time.Duration {
	if l.gap > 0 {
		return l.gap
	}
	if l.RTT > 0 {
		return 2 * l.RTT
	}
	return guessRTT
}

// Due is when the peer is late, if it owes anything.
func (l *Link) Due() (time.Duration, bool) {
	if len(l.queue) == 0 {
		return 0, false
	}
	last := l.arrived
	if l.Run > 0 {
		last = l.moved // one of its answers may fall silent while another goes on
	}
	since := max(last, l.asked(), l.lateAt)
	e := l.expected()
	return since + max(e+max(MinLateness, e), l.pause+MinLateness), true
}

// depth is how many blocks the peer's queue should hold. Until its rate is
// known it is the peer's share of the urgent piece and one more, so that no
// urgent block is the last of a burst (a sender without TCP_NODELAY holds that
// one back for a round trip), or less if its first block took long, and more while it has
// nothing left to send before it is asked again. From then on it
// is what the peer's pipe holds and one more, and a little for its pauses: what is
// in a peer's queue is soon in its socket, where no cancel takes it back from, and a
// seek has to wait behind it.
func (l *Link) depth(share int) int {
	n := share + 1
	switch {
	case l.Rate == 0 && l.each > 0:
		n = max(minDepth, min(n, 1+int((l.roundTrip()+l.slack())/l.each)))
	case l.Rate > 0:
		n = 1 + l.blocksIn(max(queueTime, l.roundTrip()+l.slack()))
		n = max(n, minDepth, min(2*l.Run, l.blocksIn(runTime)))
	}
	if l.meter.least && l.pause == 0 && l.jam == (jam{}) {
		n += min(n, l.dry/dryEach) // it could send more than it is asked for
	}
	if l.late >= lateTwice {
		n = 1
	}
	return min(n, l.most())
}

// shallow reports whether the queue wants more, to depth: at half, when its pipe
// would not be full any more, or where it is short.
func (l *Link) shallow(depth int) bool {
	low := depth / 2
	if l.Rate > 0 {
		low = max(low, min(depth-1, l.blocksIn(l.roundTrip()+l.slack()/2)))
	}
	return len(l.queue) <= low || len(l.queue) < min(shortQueue, depth)
}

// slack is how much longer than a round trip the peer's queue is to last.
func (l *Link) slack() time.Duration { return max(minSlack, min(l.lull*3/2, maxPause)) }

// blocksIn is how many blocks the peer sends in d at its rate.
func (l *Link) blocksIn(d time.Duration) int { return int(l.Rate * d.Seconds() / metainfo.BlockLen) }

// took measures an arrival: how long the block took, and the rate. A block that
// was asked for again after a cancel may answer the first request: its time
// says nothing. Nor does that of one which nobody wants any more: nothing was asked
// for behind it.
func (l *Link) took(now time.Duration, r Request, size int, again bool) {
	l.deep = 0
	l.change()
	l.surface(r)
	l.order.answered(r.seq)
	l.jam.answered()
	if r.adopted > 0 && now-r.adopted < adopting || r.Flight.parked > 0 {
		l.arrived, l.late, l.quiet = now, 0, 0
		l.meter.start(now)
		l.pauses.idle = now
		return
	}
	if !again {
		l.served(now, r)
	}
	if r.at+l.roundTrip() > l.arrived {
		// It had nothing to send for a while: that is not its rate.
		l.dry++
		l.meter.skip(now, size)
		if l.pause == 0 { // or two bursts may be in the time of one
			l.Rate = max(l.Rate, l.meter.rate)
		}
		l.pauses.idle = now
	} else {
		l.dry = 0
		if rate, ok := l.meter.add(now, size, l.pause); ok {
			l.Rate = rate
		}
	}
	l.glimpse(now, r)
	s := now - max(r.at, l.arrived)
	l.gap = max(s, l.gap-l.gap/64)
	if l.quiet > 0 {
		s, l.quiet = now-l.quiet, 0
	}
	l.pauses.add(now, s)
	l.pauses.bytes += int64(size)
	l.pause = l.pauses.regular(now)
	if l.pause > 0 {
		if rate, ok := l.pauses.rate(now); ok {
			l.Rate, l.meter.rate = rate, rate
		}
	}
	l.lulled(now, r)
	l.arrived = now
	l.pipe -= l.pipe / 4096
	l.late = 0
	if len(l.queue) == 0 {
		l.meter.stop()
	}
}

// glimpse takes in what one block took of a peer whose rate is not known yet.
func (l *Link) glimpse(now time.Duration, r Request) {
	if l.Rate > 0 || l.RTT == 0 {
		return
	}
	if took := now - max(r.at+l.RTT, l.arrived); took > 0 {
		l.each = max(took, l.each/2)
	}
}

// served measures from request to block. Where the peer was busy with what it had been
// asked for before, that is how long it was made to wait: it says something only if it
// is less than what is known.
func (l *Link) served(now time.Duration, r Request) {
	dry := now-l.arrived > 2*l.blockTime(now)
	if known, ok := l.service.get(); !ok || r.at >= l.arrived || dry || now-r.at < known {
		l.service.add(now, now-r.at)
	}
}

// lulled takes in how long the peer sent nothing before an arrival, its round trip
// left out. A pause counts less and less for lullLife: some come twice a second.
func (l *Link) lulled(now time.Duration, r Request) {
	since := min(now-l.arrived, lullLife)
	l.lull -= time.Duration(float64(l.lull) * since.Seconds() / lullLife.Seconds())
	nothing := now - max(r.at+l.roundTrip(), l.arrived)
	if l.Rate > 0 || l.each > 0 {
		nothing -= l.blockTime(now) // that one took it to send it
	}
	l.lull = max(l.lull, nothing)
}

// HasAny reports whether the peer has one of the pieces from first to before end.
func (l *Link) HasAny(first, end int) bool {
	for i := first; i < end; i++ {
		if l.Has.Has(i) {
			return true
		}
	}
	return false
}
