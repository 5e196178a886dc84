package peer

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

// What a superSeed knows of its peers: the pieces that each has, and so those that we alone have.

// look takes in a peer of which nothing is known but whether it is a seed.
func (x *superSeed) look(c *Conn) *viewer {
	n := len(x.count)
	v := &viewer{has: metainfo.NewBitfield(n), lacks: n, piece: -1}
	x.peers[c] = v
	if c.seed.Load() {
		v.has.SetAll(n)
		v.lacks, v.known = 0, true
		for p := range n {
			x.gain(p)
		}
	}
	return v
}

// superSees takes in what a peer said that it has. dmu of the peer is held.
func (s *Swarm) superSees(c *Conn, e *Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.super
	if x == nil || x.peers[c] == nil {
		return
	}
	now, v := time.Now(), x.peers[c]
	switch {
	case !v.known || e.Kind != Has && e.Kind != LostPiece: // the first word, or of all pieces at once
		v.known = true
		for p := range x.count {
			x.claims(now, v, p, c.said.pieces.Has(p))
		}
	default:
		x.claims(now, v, int(e.Block.Piece), e.Kind == Has)
	}
	x.spread(now)
	if x.left == 0 && (s.superWanted || x.hidden > 0) {
		s.superWanted = false
		s.endSuperSeed()
	}
}

// claims notes that a peer has a piece, or has not.
func (x *superSeed) claims(now time.Time, v *viewer, p int, has bool) {
	switch {
	case v.has.Has(p) == has:
	case has:
		v.has.Set(p)
		v.lacks--
		x.gain(p)
		if v.piece == p {
			v.since = now
		}
	default:
		v.has.Clear(p)
		v.lacks++
		x.drop(p)
	}
}

func (x *superSeed) gain(p int) {
	if x.count[p]++; x.count[p] == 1 {
		x.left--
	}
}

func (x *superSeed) drop(p int) {
	if x.count[p]--; x.count[p] == 0 {
		x.left++
	}
}
