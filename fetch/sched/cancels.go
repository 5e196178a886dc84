package sched

import (
	"slices"
	"time"
)

// A cancel may come too late: what a peer has written to its socket cannot be taken
// back. Such a block is still good, and before it has come nothing else does.

// forget remembers a cancel, so that its block is known if it comes after all.
func (l *Link) forget(r Request) {
	if len(l.cancelled) == MaxDepth {
		l.uncancelAt(0)
	}
	if r.inSocket {
		l.inSocket++
		l.change()
	}
	if len(l.cancelled) == 0 || r.at+believed < l.staleAt {
		l.staleAt = r.at + believed
	}
	l.cancelled = append(l.cancelled, r)
}

// isInSocket reports whether a cancel of request i comes too late, as far as is known.
// Its block is in the way of the others until the peer rejects the request, or sends
// what was asked for later.
func (l *Link) isInSocket(i int) bool { return i+l.inSocket < max(int(l.pipe), socketBlocks) }

// leftSocket learns from a block that came what does not come any more: peers answer
// requests in order.
func (l *Link) leftSocket(r Request) {
	if l.inSocket == 0 {
		return
	}
	for i := range l.cancelled {
		if x := &l.cancelled[i]; x.inSocket && x.at < r.at {
			x.inSocket = false
			l.inSocket--
			l.change()
		}
	}
}

// dropCancels forgets cancels that are not answered any more.
func (l *Link) dropCancels(now time.Duration) {
	if !l.hasStale(now) {
		return
	}
	kept := l.cancelled[:0]
	l.staleAt = now + believed
	for _, r := range l.cancelled {
		if now-r.at < believed {
			kept = append(kept, r)
			l.staleAt = min(l.staleAt, r.at+believed)
		} else if r.inSocket {
			l.inSocket--
			l.change()
		}
	}
	clear(l.cancelled[len(kept):])
	l.cancelled = kept
}

// hasStale reports whether there may be a cancel that is not answered any more.
func (l *Link) hasStale(now time.Duration) bool { return len(l.cancelled) > 0 && now >= l.staleAt }

// recalled reports whether a block was asked of the peer and taken back, and may come.
func (l *Link) recalled(f *Flight, n int) bool {
	return slices.ContainsFunc(l.cancelled, func(r Request) bool { return r.Block == n && r.Flight == f })
}

// unforget drops a cancel whose block came, and returns it if there was one.
func (l *Link) unforget(f *Flight, n int) (Request, bool) {
	r, ok := l.uncancel(f.Piece, n)
	if ok {
		l.crossed(r)
	}
	return r, ok
}

// uncancel drops a cancel that was answered, and returns it if there was one.
func (l *Link) uncancel(piece, n int) (Request, bool) {
	for i, r := range l.cancelled {
		if r.Block == n && r.Flight.Piece == piece {
			l.uncancelAt(i)
			return r, true
		}
	}
	return Request{}, false
}

func (l *Link) uncancelAt(i int) {
	if l.cancelled[i].inSocket {
		l.inSocket--
		l.change()
	}
	l.cancelled = append(l.cancelled[:i], l.cancelled[i+1:]...)
}

// recallable reports whether a cancel sent now would reach the peer before it
// sends the block, which is the i-th in its queue and due in eta. What a peer
// has written to its socket cannot be taken back: it is a guess at first, and
// learned from cancels that came too late.
func (l *Link) recallable(now time.Duration, i int, eta time.Duration) bool {
	return l.late > 0 || l.unsent(now, l.queue[i]) ||
		i+l.inSocket >= int(l.pipe) && eta > l.roundTrip()+socketBlocks*l.blockTime(now)
}

// unsent reports whether a cancel sent now comes so close behind the request, which
// is still on its way, that the peer will hardly have sent the block between.
func (l *Link) unsent(now time.Duration, r Request) bool {
	return now-r.at < min(closeBehind, l.RTT/2)
}

// crossed learns from a cancelled block that came all the same.
func (l *Link) crossed(r Request) { l.pipe = max(l.pipe, float64(r.behind+1)) }

// owed counts the blocks that the peer still sends though nobody wants them.
func (l *Link) owed() int {
	n := 0
	for i := range l.queue {
		if l.queue[i].Flight.parked > 0 {
			n++
		}
	}
	return n
}
