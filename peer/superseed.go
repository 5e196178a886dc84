package peer

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A superSeed spreads pieces that only we have with as little upload as can be (BEP
// 16). It tells a new peer of one piece, which we alone have or few others. It tells
// the peer of the next when another peer has announced that piece, so that it was given
// on. When others have all pieces, all hear that we have everything, as any seed.
//
// It is the swarm's, under its mu.
type superSeed struct {
	peers  map[*Conn]*viewer
	count  []int // peers that have each piece
	shown  []int // peers that were told of it by us
	left   int   // pieces that nobody else has
	hidden int   // peers that do not know of all that we have
}

// A viewer is a peer as a superSeed sees it.
type viewer struct {
	has    metainfo.Bitfield
	lacks  int               // pieces that it has not
	known  bool              // it said what it has
	shown  metainfo.Bitfield // what it was told of; nil: it was told that we have everything
	passed bool              // it was told of everything, since it wants parts alone
	piece  int               // the last of what it was told of; -1: none
	since  time.Time         // when it was told of that, or announced it
}

// SetSuperSeed has the swarm super-seed or not. It begins when we have everything,
// with peers that connect from then on; those that are there know what we have. It
// ends by itself with the first copy. Off, crowds are not super-seeded either.
func (s *Swarm) SetSuperSeed(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.superWanted = on
	if !on {
		s.superCrowds = false
		s.endSuperSeed()
		return
	}
	s.beginSuperSeed()
}

// SuperSeedCrowds has the swarm super-seed whenever a crowd comes for what nobody else
// has: for as long as crowd peers lack pieces, and we alone have some of them. A peer that
// does not take what it is told of wants parts alone, and soon knows of everything.
func (s *Swarm) SuperSeedCrowds() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.superCrowds = true
	s.beginSuperSeed()
}

// beginSuperSeed begins it if it is to, and can. mu is held.
func (s *Swarm) beginSuperSeed() {
	if !s.superWanted && !s.superCrowds || s.super != nil || s.info == nil || s.haveCount < s.info.NumPieces() {
		return
	}
	n := s.info.NumPieces()
	s.super = &superSeed{peers: make(map[*Conn]*viewer), count: make([]int, n), shown: make([]int, n), left: n}
	s.supers.Store(true)
	for _, c := range s.conns {
		if c.kin == nil { // siblings are shown everything
			s.super.look(c)
		}
	}
}

// endSuperSeed tells all of everything. Crowds are watched for on, while we have all pieces.
// mu is held.
func (s *Swarm) endSuperSeed() {
	x := s.super
	if x == nil {
		return
	}
	for c, v := range x.peers {
		x.reveal(c, v)
	}
	if !s.superCrowds || s.haveCount < s.info.NumPieces() {
		s.super = nil
		s.supers.Store(false)
	}
}

// superJoin takes in a connection that begins, and tells it of its first piece. It
// reports whether it is not to know of others. mu is held.
func (s *Swarm) superJoin(now time.Time, c *Conn) bool {
	s.beginSuperSeed()
	x := s.super
	if x == nil {
		return false
	}
	v := x.look(c)
	if !s.superWanted && (x.left == 0 || x.crowd() < superCrowd) {
		return false
	}
	x.hidden++
	v.shown = metainfo.NewBitfield(len(x.count))
	c.hide()
	x.show(now, c, v)
	if !s.superWanted {
		x.hideYoung(now)
	}
	s.wake()
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
	if v.shown != nil {
		x.hidden--
	}
	for p := range x.count {
		if v.has.Has(p) {
			x.drop(p)
		}
		if v.shown.Has(p) {
			x.shown[p]--
		}
	}
}

// superTick tells peers of their next piece where the last one gets no further: nobody
// takes it from them, or they do not take it though they may. Where a crowd is what we
// super-seed for, peers that want parts alone are told of everything, and all are when the
// crowd has gone. mu is held.
func (s *Swarm) superTick(now time.Time) {
	x := s.super
	if x == nil || x.hidden == 0 {
		return
	}
	if !s.superWanted && x.crowd() < superCrowd/2 {
		s.endSuperSeed()
		return
	}
	if !s.superWanted {
		x.hideYoung(now) // descriptions come after the peer
	}
	for c, v := range x.peers {
		switch {
		case v.shown == nil:
		case !s.superWanted && v.wantsParts(now, c):
			v.passed = true
			x.reveal(c, v)
		case v.piece < 0 || now.Sub(v.since) >= superPatience && (v.has.Has(v.piece) || v.declines(now, c)):
			x.show(now, c, v)
		}
	}
}

// reveal tells a peer of everything.
func (x *superSeed) reveal(c *Conn, v *viewer) {
	if v.shown == nil {
		return
	}
	c.showAll(v)
	for p := range x.shown {
		if v.shown.Has(p) {
			x.shown[p]--
		}
	}
	x.hidden--
	v.shown, v.piece = nil, -1
}
