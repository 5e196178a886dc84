package simnet

import "slices"

// A Seed with Behaviour.Leech also downloads: what follows is that side of it.
// It asks each peer for what the peer has and nobody was asked for yet, in the
// order of the content, and throws away what comes.

// wants are the blocks that a leeching Seed still asks for.
type wants struct {
	next  []int // for each piece, the first byte that nobody was asked for
	again []blockAsk
}

func newWants(s *Seed) wants {
	w := wants{next: make([]int, len(s.has))}
	for i, has := range s.has {
		if has {
			w.next[i] = s.pieceSize(i)
		}
	}
	return w
}

// take gives a block that the peer has; false if there is none.
func (s *Seed) take(theirs []bool) (blockAsk, bool) {
	w := &s.wants
	for i, a := range w.again {
		if theirs[a.piece] {
			w.again = slices.Delete(w.again, i, i+1)
			return a, true
		}
	}
	for i, begin := range w.next {
		if size := s.pieceSize(i); theirs[i] && begin < size {
			n := min(seedBlock, size-begin)
			w.next[i] += n
			return blockAsk{piece: i, begin: begin, length: n}, true
		}
	}
	return blockAsk{}, false
}

// onPossession notes what the peer has.
func (p *seedConn) onPossession(kind byte, body []byte) {
	n := len(p.seed.has)
	if p.theirs == nil {
		p.theirs = make([]bool, n)
	}
	switch kind {
	case msgHaveAll:
		for i := range p.theirs {
			p.theirs[i] = true
		}
	case msgBitfield:
		for i := range p.theirs {
			p.theirs[i] = i/8 < len(body) && body[i/8]&(0x80>>(i%8)) != 0
		}
	case msgHave:
		if f, err := fields(body, 1); err == nil && f[0] < n {
			p.theirs[f[0]] = true
		}
	}
	p.leech()
}

// leech asks for blocks until enough are outstanding.
func (p *seedConn) leech() {
	for p.lets && len(p.asked) < p.seed.cfg.Leech {
		a, ok := p.seed.take(p.theirs)
		if !ok {
			return
		}
		p.asked = append(p.asked, a)
		p.say(message(msgRequest, a.piece, a.begin, a.length))
	}
}

// onChoked handles the peer's choke or unchoke.
func (p *seedConn) onChoked(choked bool) {
	p.lets = !choked
	if choked {
		p.giveBack()
		return
	}
	if p.theirs == nil {
		p.theirs = make([]bool, len(p.seed.has))
	}
	p.leech()
}

// giveBack lets others be asked for what this peer owes.
func (p *seedConn) giveBack() {
	p.seed.wants.again = append(p.seed.wants.again, p.asked...)
	p.asked = nil
}

// answered is a block or a reject: piece and begin are its first fields.
func (p *seedConn) answered(body []byte, came bool) {
	if len(body) < 8 {
		return
	}
	f, err := fields(body[:8], 2)
	if err != nil {
		return
	}
	i := slices.IndexFunc(p.asked, func(a blockAsk) bool { return a.piece == f[0] && a.begin == f[1] })
	if i < 0 {
		return
	}
	if !came {
		p.seed.wants.again = append(p.seed.wants.again, p.asked[i])
	}
	p.asked = slices.Delete(p.asked, i, i+1)
	if came {
		p.leech()
	}
}
