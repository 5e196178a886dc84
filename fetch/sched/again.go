package sched

import "time"

// Where nobody else has what a peer was asked for, nothing can be asked elsewhere when
// it rejects, loses a request or falls silent. It is asked again then: soon, less each
// time, and a bounded number of times. The request is cancelled first: some clients
// close on one that they have already.

// order is what is known of the order in which a peer answers.
type order struct {
	asks   int  // requests so far
	latest int  // the latest of them that was answered, and one
	mixed  bool // one was answered after a later one
}

// next numbers a request.
func (o *order) next() int {
	o.asks++
	return o.asks - 1
}

// answered takes in the number of a request whose block came.
func (o *order) answered(seq int) {
	o.mixed = o.mixed || seq+1 < o.latest
	o.latest = max(o.latest, seq+1)
}

// lost reports whether the peer has passed over a request for good: so many that were
// made later have been answered.
func (o *order) lost(r Request, outstanding int) bool {
	after := socketBlocks
	if o.mixed {
		after = surely * max(outstanding, socketBlocks)
	}
	return o.latest-r.seq > after
}

// reclaim frees the block that l owes first if its request was lost. A web seed answers
// over several connections, in no order.
func (c *Core) reclaim(l *Link, now time.Duration) {
	if len(l.queue) == 0 || l.Run > 0 {
		return
	}
	r := l.queue[0]
	if r.Flight.Blocks[r.Block].Placing == l || now <= r.due+max(MinLateness, r.due-r.at) || !l.order.lost(r, len(l.queue)) {
		return
	}
	c.withdraw(l, 0, false, false)
	c.freed()
	c.Kick = true
}

// jam is what is known of how much a peer can be asked for at once: some clients stop
// answering where more is outstanding than they take.
type jam struct {
	most  int // requests at once; 0: no bound is known
	works int // the bound that was forgotten, having done well; 0: none was
	after int // blocks that came under the bound
	tries int // it was asked again, since something came
}

// silent takes in that the peer was asked for so much and sent nothing for long.
func (j *jam) silent(outstanding int) {
	j.tries++
	if outstanding <= socketBlocks {
		return
	}
	j.most, j.after = max(minDepth, outstanding/2), 0
	if j.works > 0 {
		j.most = min(j.most, j.works)
	}
}

// answered takes in a block. A bound is forgotten once, in case that the peer was busy
// with something else.
func (j *jam) answered() {
	j.tries = 0
	if j.most == 0 || j.works > 0 {
		return
	}
	if j.after++; j.after >= surely*j.most {
		j.most, j.works = 0, j.most
	}
}

// most is how many requests the peer takes at once, as far as is known.
func (l *Link) most() int {
	n := min(l.Reqq, MaxDepth)
	if l.jam.most > 0 {
		n = min(n, l.jam.most)
	}
	return n
}

// askAgain takes back all that a silent peer owes where nobody else has it, so that it
// is asked for it anew, a block at first.
func (c *Core) askAgain(now time.Duration, l *Link) {
	if len(l.queue) == 0 || l.Run > 0 || !l.lateAgain() || l.jam.tries >= maxAgain || now-l.quiet < againAfter<<l.jam.tries {
		return
	}
	for _, r := range l.queue {
		if r.Flight.Blocks[r.Block].Placing == l || r.Flight.parole != nil || c.alternative(now, l, r.Flight.Piece) {
			return
		}
	}
	l.jam.silent(len(l.queue))
	for len(l.queue) > 0 {
		c.withdraw(l, len(l.queue)-1, false, false)
	}
	l.quiet = 0 // it was no pause of the peer's
	c.freed()
}

// rest leaves a piece alone that l rejected.
func (c *Core) rest(now time.Duration, l *Link, piece int) {
	old := -1
	for i := range l.rests {
		if l.rests[i].piece == piece {
			old = i
			break
		}
		if now >= l.rests[i].until {
			old = i
		}
	}
	r := rest{piece: piece}
	if old >= 0 && l.rests[old].piece == piece {
		r.times = l.rests[old].times + 1
	}
	r.until = now + believed
	if !c.alternative(now, l, piece) {
		r.until = now + min(believed, onlyRest<<min(r.times, 8))
	}
	if old < 0 {
		l.rests = append(l.rests, r)
		return
	}
	l.rests[old] = r
}
