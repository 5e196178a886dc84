package sched

import (
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// An arrival is what is known of how a peer sends. One question is asked of it: when does the
// n-th block from now come (eta)? A peer that is late, silent or busy with what was taken back
// from it is one whose answer is far away.
type arrival struct {
	RTT       time.Duration // 0 unknown
	arrived   time.Duration // last arrival
	moved     time.Duration // last arrival of what it owed first
	service   minimum       // request to block, least of the last seconds
	gap       time.Duration // decaying maximum of the time a block took
	pauses    pauses
	pause     time.Duration // how long it pauses at times; 0: it does not
	quiet     time.Duration // since when it has sent nothing though it owed something, if it is late; else 0
	idleGap   time.Duration // decaying maximum of how long it sent nothing while it could have
	Rate      float64       // bytes/s while it had something to do; 0 unknown
	came      int           // blocks
	checkedAt time.Duration // when a check came, before the first of them; else 0
	dry       int           // blocks in a row before which it had nothing to send
	each      time.Duration // what one of the few blocks took that came so far; 0 unknown
	meter     meter
	late      int           // times in a row
	lateAt    time.Duration // when it was last found late
	probed    time.Duration // when it was last tried with a block
}

// eta gives the time at which the n-th block from now (1 is the next) would come. A peer that
// has been silent for longer than a block takes may go on like that.
func (l *Link) eta(now time.Duration, n int) time.Duration {
	if !l.forecasted || l.forecastAt != now {
		l.wait, l.forecastAt, l.forecasted = l.waits(now), now, true
		l.board.forecasts++
	}
	return l.wait + time.Duration(n)*l.blockTime(now)
}

// waits is what the peer takes from now besides the time of the blocks that it owes. That is
// what is left of its round trip, what is in its socket, and its silence. It is negative if a
// part of its next block lies behind.
func (l *Link) waits(now time.Duration) time.Duration {
	trip, each := l.roundTrip(), l.blockTime(now)
	inSocket := time.Duration(l.inSocket) * each
	if l.checking != nil {
		inSocket += each * peer.CheckLen / metainfo.BlockLen
	}
	switch {
	case l.late > 0:
		return now - max(l.arrived, l.asked()) + trip + inSocket
	case len(l.queue) == 0:
		return max(trip, inSocket)
	case now < l.asked()+trip:
		return max(l.asked()+trip-now, inSocket) // what is left of the round trip
	}
	// A pipe that flows: a part of the next block lies behind it. Where the rate is
	// not known, a block that takes longer than the others did is one of many.
	gone := now - l.begun()
	if over := gone - each; over >= 0 {
		return inSocket + over
	}
	if !l.heard() {
		return inSocket // nothing came yet: how much of a block lies behind is not known
	}
	return inSocket - gone
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

// pipeTime is the round trip for which a queue is to last. Of a peer that pauses the time to a block
// contains a pause, and the slack of its queue is for that. One whose rate is a lower bound may send more
// in a burst, and keeps it.
func (l *Link) pipeTime() time.Duration {
	trip := l.roundTrip()
	if l.meter.least {
		return trip
	}
	return max(min(trip, l.RTT), trip-l.pause)
}

// begun gives the time at which the peer could begin to send the block that it owes next.
func (l *Link) begun() time.Duration { return max(l.arrived, l.asked()+l.roundTrip()) }

// blockTime is how long the peer takes for one block of a full queue. A peer
// of which little is known, and that has sent nothing for longer than expected, is
// slower than was thought: it may take for as long again.
func (l *Link) blockTime(now time.Duration) time.Duration {
	guess := l.known()
	if l.Rate == 0 && len(l.queue) > 0 {
		if over := now - l.begun(); over > guess {
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

// heard reports whether a block has shown how fast the peer is.
func (l *Link) heard() bool { return l.Rate > 0 || l.each > 0 }

// silent reports whether the peer has sent nothing for longer than two of its
// blocks take.
func (l *Link) silent(now time.Duration) bool {
	return len(l.queue) > 0 && now-l.begun() > 2*l.known()
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

// Due gives the time at which the peer is late; false if it owes nothing.
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

// took measures an arrival: how long the block took, and the rate. A block that
// was asked for again after a cancel may answer the first request: its time
// says nothing. Nor does that of one which nobody wants any more: nothing was asked
// for behind it.
func (l *Link) took(now time.Duration, r Request, size int, again bool) {
	l.deep = 0
	l.came++
	l.change()
	l.leftSocket(r)
	l.order.answered(r.seq)
	l.jam.answered()
	if r.adopted > 0 && now-r.adopted < closeBehind || r.Flight.parked > 0 {
		l.arrived, l.late, l.quiet = now, 0, 0
		l.meter.start(now)
		l.pauses.idle = now
		return
	}
	if l.checkedAt > r.at { // the check went before it: its time is none of the round trip
		r.at += (now - l.checkedAt) * peer.CheckLen / metainfo.BlockLen
	}
	l.checkedAt = 0
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
	l.broke(now, s, size)
	if l.pause > 0 {
		if rate, exact := l.pauses.rate(now); exact || l.Run == 0 && l.Rate > 0 && rate > l.Rate {
			l.Rate, l.meter.rate = rate, rate
		}
	}
	l.noteIdleGap(now, r)
	l.arrived = now
	l.pipe -= l.pipe / 4096
	if len(l.queue) == 0 {
		l.meter.stop()
	}
}

// broke takes in that the peer sends again, after it was silent for s.
func (l *Link) broke(now, s time.Duration, size int) {
	if l.quiet > 0 {
		s, l.quiet = now-l.quiet, 0
	}
	l.pauses.add(now, s)
	l.pauses.bytes += int64(size)
	l.pause = l.pauses.regular(now)
	l.late = 0
}

// sentAnyway takes in a block that is of no use, or of which the request r was taken back. A peer that
// pauses for longer than it is waited for sends nothing else: only that shows that it pauses.
func (l *Link) sentAnyway(now time.Duration, r Request, size int) {
	silence := time.Duration(0)
	if r.Flight != nil {
		silence = now - max(r.at, l.arrived)
	}
	l.broke(now, silence, size)
	l.arrived = max(l.arrived, now)
	l.change()
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

// served measures from request to block. Where the peer was busy with earlier requests, the
// time is how long it was made to wait, and counts only if it is less than what is known. Of
// one that pauses it counts from the last block on: what was asked for before waited for others.
func (l *Link) served(now time.Duration, r Request) {
	dry := now-l.arrived > 2*l.blockTime(now)
	if dry && l.pause > 0 && r.at < l.arrived {
		r.at = min(l.arrived, now-l.RTT)
	}
	if known, ok := l.service.get(); !ok || r.at >= l.arrived || dry || now-r.at < known {
		l.service.add(now, now-r.at)
	}
}

// noteIdleGap takes in how long the peer sent nothing before an arrival, its round trip
// left out. A pause counts less and less for idleGapLife: some come twice a second.
func (l *Link) noteIdleGap(now time.Duration, r Request) {
	since := min(now-l.arrived, idleGapLife)
	l.idleGap -= time.Duration(float64(l.idleGap) * since.Seconds() / idleGapLife.Seconds())
	nothing := now - max(r.at+l.roundTrip(), l.arrived)
	if l.Rate > 0 || l.each > 0 {
		nothing -= l.blockTime(now) // that one took it to send it
	}
	l.idleGap = max(l.idleGap, nothing)
}
