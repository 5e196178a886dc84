package metaexchange

import (
	"slices"
	"time"
)

// Tick asks for what is missing and not asked for, and for what is late.
func (m *Exchange[P]) Tick(now time.Time) (w Work[P]) {
	if !m.wanted {
		return w
	}
	m.begin(now)
	m.economise(now)
	m.silences(now)
	for _, cp := range m.copies {
		if !cp.testing {
			m.plan(now, cp, &w)
		}
	}
	return w
}

// begin starts the copies that there is somebody to ask for: one for each size,
// and one for each of some peers of a size where a mixed copy failed. A copy that
// stands still keeps no other from being started.
func (m *Exchange[P]) begin(now time.Time) {
	for _, p := range m.peers {
		if p.rest.After(now) {
			continue
		}
		alone := 0
		mine := false
		for _, cp := range m.copies {
			if cp.size != p.size {
				continue
			}
			mine = mine || cp.only == p || cp.only == nil && !p.alone
			if cp.only != nil && cp.still().After(now) {
				alone++
			}
		}
		if mine || p.alone && alone >= maxCopies {
			continue
		}
		cp := &Copy[P]{size: p.size, parts: make([]part[P], NumParts(p.size)), moved: now}
		cp.left = len(cp.parts)
		if p.alone {
			cp.only = p
		}
		m.copies = append(m.copies, cp)
	}
}

// still returns the time from which the copy counts as standing still.
func (cp *Copy[P]) still() time.Time { return cp.moved.Add(standstill) }

// economise gives up copies while more is kept than may be: the one that the
// fewest peers offer, among those the one that has stood still longest.
func (m *Exchange[P]) economise(now time.Time) {
	for m.held > maxHeld || !m.fits() {
		var worst *Copy[P]
		for _, cp := range m.copies {
			if cp.testing || cp.bytes() == 0 {
				continue
			}
			if worst == nil || m.backers(cp) < m.backers(worst) ||
				m.backers(cp) == m.backers(worst) && cp.moved.Before(worst.moved) {
				worst = cp
			}
		}
		if worst == nil {
			return
		}
		rest := time.Minute
		if m.held <= maxHeld {
			rest = roomRest // other torrents have what there is
		}
		m.held -= worst.bytes()
		for i := range worst.parts {
			worst.parts[i].forget()
		}
		for _, p := range m.peers {
			if m.backs(p, worst) {
				p.rest = now.Add(rest)
			}
		}
		m.copies = slices.DeleteFunc(m.copies, func(x *Copy[P]) bool { return x == worst })
	}
}

// fits counts what is kept, and reports whether it may be.
func (m *Exchange[P]) fits() bool { return m.room == nil || m.room(m.held) }

func (m *Exchange[P]) backs(p *source[P], cp *Copy[P]) bool {
	return cp.only == p || cp.only == nil && p.size == cp.size && !p.alone
}

func (m *Exchange[P]) backers(cp *Copy[P]) (n int) {
	for _, p := range m.peers {
		if m.backs(p, cp) {
			n++
		}
	}
	return n
}

// plan asks for the parts of a copy: each part that nobody owes, and each that
// is late of somebody who does not owe it. What was put off comes last: it may
// come by itself. A peer that would have nothing to do takes a share of what
// another owes, so that a new one helps at once.
func (m *Exchange[P]) plan(now time.Time, cp *Copy[P], w *Work[P]) {
	for _, again := range []bool{false, true} {
		for i := range cp.parts {
			part := &cp.parts[i]
			if part.data != nil || again != (len(part.asks) > 0) || !part.open(now) {
				continue
			}
			if p := m.choose(now, cp, part); p != nil {
				p.ask(now, part, i, w)
			}
		}
	}
	for _, p := range m.peers {
		if p.load == 0 && m.backs(p, cp) && !p.rest.After(now) {
			p.help(now, cp, w)
		}
	}
}

// choose picks the peer for a part. It takes the one that owes least and does not owe
// this part, or else one that has put it off, or has had its time.
func (m *Exchange[P]) choose(now time.Time, cp *Copy[P], part *part[P]) *source[P] {
	var best, again *source[P]
	for _, p := range m.peers {
		if !m.backs(p, cp) || p.rest.After(now) {
			continue
		}
		if a := part.askOf(p); a != nil {
			if p.window.room(now, p.load-a.weight()) && !a.again(part).After(now) {
				again = p
			}
			continue
		}
		if p.window.room(now, p.load) && (best == nil || p.load < best.load) {
			best = p
		}
	}
	if best == nil && again != nil {
		part.drop(again)
		return again
	}
	return best
}

func (p *source[P]) ask(now time.Time, part *part[P], i int, w *Work[P]) {
	if p.load == 0 {
		p.pace.moved = now
	}
	p.asked++
	part.tries++
	part.asks = append(part.asks, ask[P]{peer: p, at: now, n: p.asked})
	p.load++
	p.window.take(now)
	w.Asks = append(w.Asks, Ask[P]{Peer: p.conn, Part: i})
}

// help takes half of what one other peer owes, the last parts of it.
func (p *source[P]) help(now time.Time, cp *Copy[P], w *Work[P]) {
	owed := 0
	for i := range cp.parts {
		if part := &cp.parts[i]; part.data == nil && len(part.asks) == 1 {
			owed++
		}
	}
	for i, n := len(cp.parts)-1, (owed+1)/2; i >= 0 && n > 0 && p.window.room(now, p.load); i-- {
		if part := &cp.parts[i]; part.data == nil && len(part.asks) == 1 {
			p.ask(now, part, i, w)
			n--
		}
	}
}

// late returns the time from which the request is late.
func (a *ask[P]) late() time.Time { return a.at.Add(max(lateAfter, 4*a.peer.rtt)) }

// open reports whether somebody should be asked for a part: nobody owes it who
// is not late.
func (p *part[P]) open(now time.Time) bool {
	for i := range p.asks {
		if a := &p.asks[i]; !a.off && now.Before(a.late()) {
			return false
		}
	}
	return true
}

// again returns the time from which the peer may be asked for the part again. That is
// at once if it put the part off, else when the request is late, twice as late each
// time.
func (a *ask[P]) again(part *part[P]) time.Time {
	if a.off {
		return a.at
	}
	return a.at.Add(min(a.late().Sub(a.at)<<min(part.tries-1, 8), maxRetry))
}

// weight is what the ask is of its peer's load.
func (a *ask[P]) weight() int {
	if a.off {
		return 0
	}
	return 1
}

// Next returns when tick will have something to do; false if not by itself.
func (m *Exchange[P]) Next(now time.Time) (at time.Time, ok bool) {
	sooner := func(t time.Time) {
		if t.After(now) && (!ok || t.Before(at)) {
			at, ok = t, true
		}
	}
	if !m.wanted {
		return at, false
	}
	for _, p := range m.peers {
		sooner(p.rest)
		if p.load < p.window.size {
			sooner(p.window.ready())
		}
		if t, owes := p.silentAt(); owes {
			sooner(t)
		}
	}
	for _, cp := range m.copies {
		sooner(cp.still())
		for i := range cp.parts {
			for j := range cp.parts[i].asks {
				sooner(cp.parts[i].asks[j].late())
				sooner(cp.parts[i].asks[j].again(&cp.parts[i]))
			}
		}
	}
	return at, ok
}
