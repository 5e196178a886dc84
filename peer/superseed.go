package peer

import (
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// A superSeed spreads pieces that only we have with as little upload as can be (BEP
// 16). It tells a new peer of one piece, which we alone have or few others. It tells
// the peer of the next when another peer has announced that piece, so that it was given
// on. When others have all pieces it ends: we have everything, as any seed.
//
// It is the swarm's, under its mu.
type superSeed struct {
	peers map[*Conn]*viewer
	count []int // peers that have each piece
	shown []int // peers that were told of it by us
	left  int   // pieces that nobody else has
}

// A viewer is a peer as a superSeed sees it.
type viewer struct {
	has   metainfo.Bitfield
	shown metainfo.Bitfield // what it was told of; nil: it was told that we have everything
	piece int               // the last of that; -1: none
	since time.Time         // when it was told of that, or announced it
}

// SetSuperSeed has the swarm super-seed or not. It begins when we have everything,
// with peers that connect from then on; those that are there know what we have. It
// ends by itself with the first copy.
func (s *Swarm) SetSuperSeed(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.superWanted = on
	if !on {
		s.endSuperSeed()
		return
	}
	s.beginSuperSeed()
}

// beginSuperSeed begins it if it is to, and can. mu is held.
func (s *Swarm) beginSuperSeed() {
	if !s.superWanted || s.super != nil || s.info == nil || s.haveCount < s.info.NumPieces() {
		return
	}
	n := s.info.NumPieces()
	s.super = &superSeed{peers: make(map[*Conn]*viewer), count: make([]int, n), shown: make([]int, n), left: n}
	s.supers.Store(true)
	for _, c := range s.conns {
		s.super.peers[c] = &viewer{has: metainfo.NewBitfield(n), piece: -1}
	}
}

// endSuperSeed tells all of everything. mu is held.
func (s *Swarm) endSuperSeed() {
	if s.super == nil {
		return
	}
	for c, v := range s.super.peers {
		if v.shown != nil {
			c.showAll(v)
		}
	}
	s.super = nil
	s.supers.Store(false)
}

// superJoin takes in a connection that begins, and tells it of its first piece. It
// reports whether it is not to know of others. mu is held.
func (s *Swarm) superJoin(now time.Time, c *Conn) bool {
	s.beginSuperSeed()
	x := s.super
	if x == nil {
		return false
	}
	n := s.info.NumPieces()
	v := &viewer{has: metainfo.NewBitfield(n), shown: metainfo.NewBitfield(n), piece: -1}
	x.peers[c] = v
	c.veil()
	x.show(now, c, v)
	return true
}

// superLeave takes a connection out. mu is held.
func (s *Swarm) superLeave(c *Conn) {
	x := s.super
	if x == nil || x.peers[c] == nil {
		return
	}
	v := x.peers[c]
	delete(x.peers, c)
	for p := range x.count {
		if v.has.Has(p) {
			x.drop(p)
		}
		if v.shown.Has(p) {
			x.shown[p]--
		}
	}
}

func (x *superSeed) drop(p int) {
	if x.count[p]--; x.count[p] == 0 {
		x.left++
	}
}

func (x *superSeed) gain(p int) {
	if x.count[p]++; x.count[p] == 1 {
		x.left--
	}
}

// superSees takes in what a peer said that it has.
func (s *Swarm) superSees(c *Conn, e *Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.super
	if x == nil || x.peers[c] == nil {
		return
	}
	now, v := time.Now(), x.peers[c]
	switch e.Kind {
	case Has:
		x.claims(now, v, int(e.Block.Piece), true)
		x.spread(now, int(e.Block.Piece))
	case LostPiece:
		x.claims(now, v, int(e.Block.Piece), false)
	case HasField, HasAll, HasNone:
		for p := range x.count {
			x.claims(now, v, p, e.Kind == HasAll || e.Kind == HasField && e.Field.Has(p))
		}
		for p := range x.count {
			x.spread(now, p)
		}
	}
	if x.left == 0 {
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
		x.gain(p)
		if v.piece == p {
			v.since = now
		}
	default:
		v.has.Clear(p)
		x.drop(p)
	}
}

// spread tells those of their next piece that have given on piece p.
func (x *superSeed) spread(now time.Time, p int) {
	for c, v := range x.peers {
		if v.shown != nil && v.piece == p && v.has.Has(p) && (x.count[p] > 1 || len(x.peers) == 1) {
			x.show(now, c, v)
		}
	}
}

// superTick tells peers of their next piece where the last one gets no further: nobody
// takes it from them, or they do not take it though they may. mu is held.
func (s *Swarm) superTick(now time.Time) {
	if s.super == nil {
		return
	}
	for c, v := range s.super.peers {
		if v.shown == nil || v.piece >= 0 && now.Sub(v.since) < superPatience {
			continue
		}
		if v.piece < 0 || v.has.Has(v.piece) || v.declines(now, c) {
			s.super.show(now, c, v)
		}
	}
}

// declines reports whether a peer was unchoked since it was told of its piece, and
// asks for nothing: what it reads is elsewhere.
func (v *viewer) declines(now time.Time, c *Conn) bool {
	return (c.slot || c.slotSince.After(v.since)) && now.Sub(time.Unix(0, c.wanted.Load())) >= superPatience
}

// show tells a peer of one more piece: the one that the fewest peers have, of those the
// one that the fewest know of. Of equal pieces it takes the first, since many peers
// read in order.
func (x *superSeed) show(now time.Time, c *Conn, v *viewer) {
	best := -1
	for p := range x.count {
		if !v.shown.Has(p) && !v.has.Has(p) && (best < 0 || x.before(p, best)) {
			best = p
		}
	}
	v.piece, v.since = best, now
	if best < 0 {
		return
	}
	v.shown.Set(best)
	x.shown[best]++
	c.show(best)
}

func (x *superSeed) before(a, b int) bool {
	if x.count[a] != x.count[b] {
		return x.count[a] < x.count[b]
	}
	return x.shown[a] < x.shown[b]
}

// veil hides all pieces from the peer, which has not heard of any yet.
func (c *Conn) veil() {
	c.wmu.Lock()
	c.veiled = make(map[uint32]bool)
	c.wmu.Unlock()
}

// show lets the peer have one of the pieces that are hidden from it.
func (c *Conn) show(piece int) {
	c.wmu.Lock()
	c.veiled[uint32(piece)] = true
	c.out = wire.AppendIndex(c.out, wire.Have, uint32(piece))
	c.queued()
}

// showAll ends the hiding. The peer is told as far as maxTold allows.
func (c *Conn) showAll(v *viewer) {
	c.unveil(v)
	c.tellUploadOnly(c.swarm.info, c.swarm.onlyUploads)
}

func (c *Conn) unveil(v *viewer) {
	told := 0
	c.wmu.Lock()
	c.veiled = nil
	for p := range c.swarm.info.NumPieces() {
		if told < maxTold && c.swarm.have.Has(p) && !v.shown.Has(p) && !v.has.Has(p) {
			told++
			c.out = wire.AppendIndex(c.out, wire.Have, uint32(p))
		}
	}
	c.queued()
}
