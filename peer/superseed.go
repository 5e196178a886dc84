package peer

import (
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
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
	veiled int   // peers that do not know of all that we have
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
	x.veiled++
	v.shown = metainfo.NewBitfield(len(x.count))
	c.veil()
	x.show(now, c, v)
	if !s.superWanted {
		x.veilYoung(now)
	}
	s.wake()
	return true
}

// crowd counts the peers that lack pieces, and want some.
func (x *superSeed) crowd() (n int) {
	for c, v := range x.peers {
		if v.lacks > 0 && !c.uploadOnly() {
			n++
		}
	}
	return n
}

// veilYoung takes back what peers were told of that came a moment before the crowd was one,
// where they understand that (BEP 54).
func (x *superSeed) veilYoung(now time.Time) {
	n := len(x.count)
	for c, v := range x.peers {
		if v.shown != nil || v.passed || v.lacks == 0 || n > maxTakenBack || now.Sub(c.joined) >= superYoung || !c.takesBack() {
			continue
		}
		x.veiled++
		v.shown = c.veilAll(n)
		for p := range n {
			if v.shown.Has(p) {
				x.shown[p]++
				v.piece, v.since = p, c.joined // it has asked since
			}
		}
		if v.piece < 0 {
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
	x.veiled--
	v.shown, v.piece = nil, -1
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
		x.veiled--
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
	if x.left == 0 && (s.superWanted || x.veiled > 0) {
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

// spread tells those of their next piece that have given on their last one.
func (x *superSeed) spread(now time.Time) {
	if x.veiled == 0 {
		return
	}
	for c, v := range x.peers {
		if v.shown != nil && v.piece >= 0 && v.has.Has(v.piece) && (x.count[v.piece] > 1 || len(x.peers) == 1) {
			x.show(now, c, v)
		}
	}
}

// superTick tells peers of their next piece where the last one gets no further: nobody
// takes it from them, or they do not take it though they may. Where a crowd is what we
// super-seed for, peers that want parts alone are told of everything, and all are when the
// crowd has gone. mu is held.
func (s *Swarm) superTick(now time.Time) {
	x := s.super
	if x == nil || x.veiled == 0 {
		return
	}
	if !s.superWanted && x.crowd() < superCrowd/2 {
		s.endSuperSeed()
		return
	}
	if !s.superWanted {
		x.veilYoung(now) // descriptions come after the peer
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

// declines reports whether a peer was unchoked since it was told of its piece, and
// asks for nothing: what it reads is elsewhere.
func (v *viewer) declines(now time.Time, c *Conn) bool {
	return (c.slot || c.slotSince.After(v.since)) && now.Sub(time.Unix(0, c.wanted.Load())) >= superPatience && !c.asks()
}

// wantsParts reports whether a peer could have the piece that it was told of, and wants others:
// it is not interested, or is unchoked and has not asked for it.
func (v *viewer) wantsParts(now time.Time, c *Conn) bool {
	told := now.Sub(v.since)
	switch {
	case v.piece < 0 || v.has.Has(v.piece) || time.Unix(0, c.wanted.Load()).After(v.since):
		return false
	case !c.wants.Load():
		return told >= superInterest
	}
	return c.slot && told >= superUnused && now.Sub(c.slotSince) >= superUnused
}

// asks reports whether requests of the peer wait for their turn.
func (c *Conn) asks() bool {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	return c.uploads.len() > 0
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

// takesBack reports whether the peer understands that we no longer have a piece (BEP 54), and
// that a request is refused.
func (c *Conn) takesBack() bool {
	e := c.ext.Load()
	return c.fast && e != nil && e.DontHave != 0
}

// veilAll hides all pieces from a peer that has heard of them, but for those that it has asked
// for, which it returns.
func (c *Conn) veilAll(n int) (asked metainfo.Bitfield) {
	asked = metainfo.NewBitfield(n)
	c.veil()
	c.wmu.Lock()
	for _, b := range c.uploads.queue[c.uploads.head:] {
		asked.Set(int(b.Piece))
		c.veiled[b.Piece] = true
	}
	c.wmu.Unlock()
	for p := range n {
		if !asked.Has(p) {
			c.tellDontHave(p)
		}
	}
	return asked
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
