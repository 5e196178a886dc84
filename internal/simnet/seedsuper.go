package simnet

import "time"

// A Seed with Behaviour.SuperSeed shows its pieces one by one: what follows is what it
// knows of a connection for that.

const (
	// superSeedPatience is how long a peer has to be without interest before it is told
	// of a piece that it did not earn, superSeedTick how often that is looked at.
	superSeedPatience = 10 * time.Second
	superSeedTick     = time.Second
)

// shown is what a peer was told of.
type shown struct {
	taken []bool    // the peer announced it
	told  []bool    // it was told of it
	last  [2]int    // the latest two of those; -1: none
	since time.Time // since when it is not interested
}

func (h *shown) begin(pieces int) {
	*h = shown{taken: make([]bool, pieces), told: make([]bool, pieces), last: [2]int{-1, -1}, since: time.Now()}
}

// has reports whether the peer may ask for a piece.
func (h *shown) has(piece int) bool { return piece == h.last[0] || piece == h.last[1] }

// show tells the peer of the piece that the fewest have, and none was just told of, if
// there is one; the last of those.
func (p *seedConn) show() {
	h := &p.shown
	best, fewest := -1, 0
	for i := range h.told {
		if n := p.seed.spread(i); !h.told[i] && !h.taken[i] && (best < 0 || n <= fewest) {
			best, fewest = i, n
		}
	}
	if best >= 0 {
		h.told[best] = true
		h.last = [2]int{best, h.last[0]}
		p.say(haveMessage(best))
	}
}

// givenOn shows the next piece to the others that were told of this one.
func (p *seedConn) givenOn(piece int) {
	for _, other := range p.seed.conns {
		if other != p && other.greeted && other.shown.last[0] == piece {
			other.show()
		}
	}
}

// spread is how many peers have a piece; one that was told of it counts for all.
func (s *Seed) spread(piece int) (n int) {
	for _, c := range s.conns {
		switch {
		case !c.greeted:
		case c.shown.has(piece):
			n += len(s.conns)
		case c.shown.taken[piece]:
			n++
		}
	}
	return n
}

// onTaken notes what the peer has, and shows the next piece for one that was shown.
func (p *seedConn) onTaken(kind byte, body []byte) {
	h := &p.shown
	if f, err := fields(body, 1); kind == msgHave && err == nil && f[0] < len(h.taken) {
		h.taken[f[0]] = true
		if p.seed.cfg.StrictSuperSeed {
			p.givenOn(f[0])
		} else if h.has(f[0]) {
			p.show()
		}
		return
	}
	for i := range h.taken {
		h.taken[i] = kind == msgHaveAll || kind == msgBitfield && i/8 < len(body) && body[i/8]&(0x80>>(i%8)) != 0
	}
}

// showLoop shows a piece to those who are not interested.
func (s *Seed) showLoop() {
	tick := time.NewTicker(superSeedTick)
	defer tick.Stop()
	for {
		select {
		case <-s.ended:
			return
		case <-tick.C:
		}
		s.mu.Lock()
		for _, p := range s.conns {
			waits := s.cfg.StrictSuperSeed && p.shown.last[0] >= 0
			if p.greeted && !p.interested && !waits && time.Since(p.shown.since) > superSeedPatience {
				p.show()
			}
		}
		s.mu.Unlock()
	}
}
