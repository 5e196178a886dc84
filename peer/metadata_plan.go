package peer

import (
	"slices"
	"time"
)

// tick asks for what is missing and not asked for, and for what is late.
func (m *metadata) tick(now time.Time) (w metaWork) {
	if !m.wanted {
		return w
	}
	m.begin(now)
	m.economise(now)
	for _, cp := range m.copies {
		if !cp.testing {
			m.plan(now, cp, &w)
		}
	}
	return w
}

// begin starts the copies that there is somebody to ask for: one for each size,
// and one for each of some peers of a size where a mixed copy failed.
func (m *metadata) begin(now time.Time) {
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
			if cp.only != nil {
				alone++
			}
		}
		if mine || p.alone && alone >= metadataCopies {
			continue
		}
		cp := &metaCopy{size: p.size, parts: make([]metaPart, numParts(p.size)), moved: now}
		cp.left = len(cp.parts)
		if p.alone {
			cp.only = p
		}
		m.copies = append(m.copies, cp)
	}
}

// economise gives up copies while more is kept than may be: the one that the
// fewest peers offer, among those the one that has stood still longest.
func (m *metadata) economise(now time.Time) {
	for m.held > metadataBudget {
		var worst *metaCopy
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
		m.held -= worst.bytes()
		for i := range worst.parts {
			worst.parts[i].forget()
		}
		for _, p := range m.peers {
			if m.backs(p, worst) {
				p.rest = now.Add(time.Minute)
			}
		}
		m.copies = slices.DeleteFunc(m.copies, func(x *metaCopy) bool { return x == worst })
	}
}

func (m *metadata) backs(p *metaPeer, cp *metaCopy) bool {
	return cp.only == p || cp.only == nil && p.size == cp.size && !p.alone
}

func (m *metadata) backers(cp *metaCopy) (n int) {
	for _, p := range m.peers {
		if m.backs(p, cp) {
			n++
		}
	}
	return n
}

// plan asks for the parts of a copy: each part that nobody owes, and each that
// is late of somebody who does not owe it. A peer that would have nothing to do
// takes a share of what another owes, so that a new one helps at once.
func (m *metadata) plan(now time.Time, cp *metaCopy, w *metaWork) {
	for i := range cp.parts {
		part := &cp.parts[i]
		if part.data != nil || !part.open(now) {
			continue
		}
		if p := m.choose(now, cp, part); p != nil {
			p.ask(now, part, i, w)
		}
	}
	for _, p := range m.peers {
		if p.load == 0 && m.backs(p, cp) && !p.rest.After(now) {
			p.help(now, cp, w)
		}
	}
}

// choose picks the peer for a part: the one that owes least and does not owe
// this part, or the only one there is, again, when it has had its time.
func (m *metadata) choose(now time.Time, cp *metaCopy, part *metaPart) *metaPeer {
	var best, again *metaPeer
	for _, p := range m.peers {
		if !m.backs(p, cp) || p.rest.After(now) || p.load >= metadataAsks {
			continue
		}
		if part.askedOf(p) {
			again = p
			continue
		}
		if best == nil || p.load < best.load {
			best = p
		}
	}
	if best == nil && again != nil && !part.last().Add(metadataRetry).After(now) {
		part.drop(again)
		return again
	}
	return best
}

func (p *metaPeer) ask(now time.Time, part *metaPart, i int, w *metaWork) {
	part.asks = append(part.asks, metaAsk{peer: p, at: now})
	p.load++
	w.asks = append(w.asks, metaRequest{peer: p, part: i})
}

// help takes half of what one other peer owes, the last parts of it.
func (p *metaPeer) help(now time.Time, cp *metaCopy, w *metaWork) {
	owed := 0
	for i := range cp.parts {
		if part := &cp.parts[i]; part.data == nil && len(part.asks) == 1 {
			owed++
		}
	}
	for i, n := len(cp.parts)-1, (owed+1)/2; i >= 0 && n > 0 && p.load < metadataAsks; i-- {
		if part := &cp.parts[i]; part.data == nil && len(part.asks) == 1 {
			p.ask(now, part, i, w)
			n--
		}
	}
}

// late is when the ask is late.
func (a *metaAsk) late() time.Time { return a.at.Add(max(metadataLate, 4*a.peer.rtt)) }

// open reports whether somebody should be asked for a part: nobody owes it who
// is not late.
func (p *metaPart) open(now time.Time) bool {
	for i := range p.asks {
		if now.Before(p.asks[i].late()) {
			return false
		}
	}
	return true
}

func (p *metaPart) last() (at time.Time) {
	for _, a := range p.asks {
		if a.at.After(at) {
			at = a.at
		}
	}
	return at
}

// next returns when tick will have something to do; false if not by itself.
func (m *metadata) next(now time.Time) (at time.Time, ok bool) {
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
	}
	for _, cp := range m.copies {
		for i := range cp.parts {
			for j := range cp.parts[i].asks {
				sooner(cp.parts[i].asks[j].late())
				sooner(cp.parts[i].asks[j].at.Add(metadataRetry))
			}
		}
	}
	return at, ok
}
