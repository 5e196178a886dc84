package peer

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
)

// Siblings are peers that proved to be gateways of our fleet. One of them leads in each
// torrent: it alone fetches from outside, what it is asked for by its siblings too. That is
// the torrent's owner, or the next in order where the owner is late. The others are
// sheltered: they take from siblings alone, as long as what they want comes or is on its
// way.

// A kin is what a Swarm knows of its siblings.
type kin struct {
	heard atomic.Int64                 // when anything last came of who leads, Unix nanoseconds
	lead  atomic.Pointer[sibling.Node] // who leads; set under mu

	// The swarm's mu guards what follows.
	hints  sibling.Hints // for who leads
	choice sibling.Lead
	since  time.Time // when the torrent was last wanted anew, or another one began to lead
	asked  time.Time // when who leads was last asked for the torrent
	dials  map[sibling.Node]*kinDial
	turned bool // we are sheltered, or no longer: OnShelter is to be told
	untold bool // that, or who leads, is to be told to the connections
}

// ours reports whether we lead.
func (k *kin) ours(self sibling.Node) bool { return *k.lead.Load() == self }

// A kinDial is what is known of dialling a sibling.
type kinDial struct {
	busy  bool
	tries int
	next  time.Time
}

// A kinConn is what a connection knows that may be with a sibling.
type kinConn struct {
	node   sibling.Node // the sibling's, if it is one
	ours   sibling.Nonce
	proved atomic.Bool
	pulls  atomic.Bool  // the peer fetches what we ask it for
	owing  atomic.Int64 // since when it owes blocks, Unix nanoseconds

	secret atomic.Pointer[sibling.Secret] // by which it proved itself last

	// dmu guards what follows.
	theirs sibling.Nonce   // zero: not known yet
	shown  *sibling.Secret // that we proved last
	pulled bool            // Demand takes it for a seed

	// wmu guards what follows.
	told bool              // it knows that we fetch what it asks for
	has  metainfo.Bitfield // what it really has
	owes map[uint32]*owed  // what it was asked for, by piece
}

// An owed piece is one of which a sibling was asked for blocks.
type owed struct {
	blocks int
	since  time.Time // when it had both the piece and the request; zero: it does not have it
}

// asks notes that a sibling was asked for a block, or that it was answered or taken back.
// wmu is held.
func (k *kinConn) asks(piece uint32, n int) {
	o := k.owes[piece]
	switch {
	case o == nil && n < 0:
		return // it was taken back, and came all the same
	case o == nil:
		if k.owes == nil {
			k.owes = make(map[uint32]*owed)
		}
		o = new(owed)
		if k.has.Has(int(piece)) {
			o.since = time.Now()
		}
		k.owes[piece] = o
	}
	if o.blocks += n; o.blocks <= 0 {
		delete(k.owes, piece)
	}
}

// gains notes what a sibling really has, after it said so. dmu is held.
func (c *Conn) gains(e *Event) {
	now := time.Now()
	c.wmu.Lock()
	defer c.wmu.Unlock()
	switch p := int(e.Block.Piece); {
	case e.Kind == Has && p/8 < len(c.kin.has):
		c.kin.has.Set(p)
	case e.Kind == LostPiece && p/8 < len(c.kin.has):
		c.kin.has.Clear(p)
	default:
		c.kin.has = append(c.kin.has[:0], c.said.pieces...)
	}
	for piece, o := range c.kin.owes {
		if e.Kind == Has && piece != e.Block.Piece {
			continue
		}
		if has := c.kin.has.Has(int(piece)); has && o.since.IsZero() {
			o.since = now
		} else if !has {
			o.since = time.Time{}
		}
	}
}

// slow is since when a sibling has owed a piece that it has; zero: it owes none.
func (c *Conn) slow() (since time.Time) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	for _, o := range c.kin.owes {
		if !o.since.IsZero() && (since.IsZero() || o.since.Before(since)) {
			since = o.since
		}
	}
	return since
}

// sibling reports whether the peer has proved to be one.
func (c *Conn) sibling() bool { return c.kin != nil && c.kin.proved.Load() }

// leads reports whether the peer is the sibling that leads.
func (c *Conn) leads() bool { return c.sibling() && c.swarm.kin.ours(c.kin.node) }

// Sheltered reports whether nothing is to be fetched from outside, since a sibling does.
func (s *Swarm) Sheltered() bool { return s.sheltered.Load() }

// Mention makes hints known that go to the sibling which leads.
func (s *Swarm) Mention(h sibling.Hints) {
	if s.kin == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kin.hints.Add(h) {
		s.kin.asked = time.Time{}
		s.wake()
	}
}

// newKin is that of a torrent; nil where there are no siblings.
func (s *Swarm) newKin() *kin {
	if s.host.fleet == nil {
		return nil
	}
	k := &kin{dials: make(map[sibling.Node]*kinDial)}
	k.lead.Store(&s.host.fleet.cfg.Node)
	for _, tier := range s.cfg.Trackers {
		k.hints.Add(sibling.Hints{Trackers: tier})
	}
	return k
}

// key is the infohash by which the torrent's owner is found, and the torrent with it. A
// hybrid has one key once its metadata is known, whichever infohash it was asked for by. mu
// is held.
func (s *Swarm) key() metainfo.InfoHash {
	if s.info != nil {
		return s.info.ID()
	}
	return s.cfg.Hashes[0]
}

// seeksShelter notes that the torrent is wanted from now on. mu is held.
func (s *Swarm) seeksShelter(now time.Time) {
	if s.kin == nil {
		return
	}
	s.kin.since = now
	s.shelter(now)
}

// familyTime dials siblings, asks who leads for the torrent, and finds whether we are
// sheltered. It returns when to look again; false if only an event changes anything. mu is
// held.
func (s *Swarm) familyTime(now time.Time) (next time.Time, ok bool) {
	if s.kin == nil || s.closed {
		return next, false
	}
	soon := func(at time.Time) {
		if !ok || at.Before(next) {
			next, ok = at, true
		}
	}
	for _, c := range s.conns {
		if c.kin != nil && !c.kin.proved.Load() {
			if due := c.joined.Add(handshakeTimeout); now.Before(due) {
				soon(due)
			} else {
				c.Close(errProof)
			}
		}
	}
	if at, more := s.dialSiblings(now); more {
		soon(at)
	}
	if at := s.shelter(now); !at.IsZero() {
		soon(at)
	}
	return next, ok
}

// shared reports whether siblings have a part in the torrent: not in a private one (BEP 27).
// mu is held.
func (s *Swarm) shared() bool { return s.kin != nil && (s.info == nil || !s.info.Private) }

// dialSiblings dials those with the most right to the torrent. mu is held.
func (s *Swarm) dialSiblings(now time.Time) (next time.Time, ok bool) {
	k, v := s.kin, s.host.fleet.view()
	if !s.shared() || !s.wanted || len(v.members) == 0 {
		return next, false
	}
	there := make(map[[20]byte]*Conn)
	for _, c := range s.conns {
		if c.kin != nil {
			there[c.hello.PeerID] = c
		}
	}
	order := sibling.Order(s.key().Wire(), v.nodes)
	for i, n := range order[:min(len(order), siblingDials)] {
		m := v.byNode[n]
		if n == v.self || m == nil {
			continue
		}
		leads := k.ours(n)
		if leads {
			s.ask(now, m, there[m.peerID], i > 0)
		}
		if there[m.peerID] != nil {
			continue
		}
		d := k.dials[n]
		if d == nil {
			d = new(kinDial)
			k.dials[n] = d
		}
		switch {
		case d.busy || !m.addr.IsValid() || m.addr.Port() == 0:
			continue
		case !now.Before(d.next):
			d.busy = true
			s.wg.Go(func() { s.dialSibling(m, d, leads) })
			continue
		}
		if !ok || d.next.Before(next) {
			next, ok = d.next, true
		}
	}
	return next, ok
}

// ask asks who leads to find the torrent, and to stand in where it is not the owner, from
// time to time until it does. c is the connection with it, if there is one. mu is held.
func (s *Swarm) ask(now time.Time, m *fleetMember, c *Conn, standIn bool) {
	k := s.kin
	does := c != nil && s.info != nil && (!standIn || c.kin.pulls.Load())
	if does || now.Sub(k.asked) < seekEvery {
		return
	}
	k.asked = now
	seek := sibling.Seek{InfoHash: s.key(), Hints: k.hints, StandIn: standIn}
	m.link.send(seek.Append(nil))
}

// StandIn has us fetch the torrent for the fleet, for a while: the owner is late for a
// sibling.
func (s *Swarm) StandIn() {
	if s.kin == nil {
		return
	}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kin.choice.StandIn(now)
	s.shelter(now)
	s.wake()
}

// dialSibling dials one and serves the connection to its end.
func (s *Swarm) dialSibling(m *fleetMember, d *kinDial, leads bool) {
	began := time.Now()
	err := s.reachSibling(m)
	now := time.Now()
	if s.ctx.Err() == nil {
		s.log.Debug("a sibling does not have the torrent, or is gone", "peer", m.addr, "err", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.busy = false; now.Sub(began) > handshakeTimeout {
		d.tries = 0
	}
	wait := siblingRetry
	if leads {
		wait = ownerRetry
	}
	d.next = now.Add(wait << min(d.tries, 3))
	d.tries++
	s.wake()
}

func (s *Swarm) reachSibling(m *fleetMember) error {
	h := s.host
	if err := h.mayDial(m.addr); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(s.ctx, handshakeTimeout)
	begun := time.Now()
	nc, err := h.fleet.cfg.Network.DialContext(ctx, "tcp", m.addr.String())
	cancel()
	if err != nil {
		return fmt.Errorf("peer: connect to a sibling: %w", err)
	}
	rtt := time.Since(begun)
	if !s.sockets.add(nc) {
		return ErrClosed
	}
	defer s.sockets.remove(nc)
	defer nc.Close()
	if err := h.enterAddr(m.addr); err != nil {
		return err
	}
	defer h.leaveAddr(m.addr)
	s.mu.Lock()
	key := s.key().Wire()
	s.mu.Unlock()
	secure, hello, err := s.greet(nc, key, h.cfg.Encryption == EncryptionRequire, handshakeTimeout)
	if err != nil {
		return err
	}
	if hello.PeerID != m.peerID {
		return errProof
	}
	c := newConn(s, secure, m.addr, hello, rtt)
	c.outgoing = true
	c.seat = &seat{exempt: true}
	return s.run(c, nil)
}

// mayBeSibling notes that a connection may be with a sibling: proofs are exchanged. mu is
// held.
func (s *Swarm) mayBeSibling(c *Conn) {
	if !s.shared() {
		return
	}
	if m := s.host.fleet.view().member(c.hello.PeerID, c.addr.Addr()); m != nil {
		c.kin = &kinConn{node: m.node, ours: sibling.NewNonce()}
	}
}

// exchange is what both ends prove, and our role. dmu is held.
func (c *Conn) exchange() (*sibling.Exchange, sibling.Role) {
	k := c.kin
	we := sibling.Greeting{PeerID: c.swarm.host.cfg.PeerID, Said: k.ours[:]}
	they := sibling.Greeting{PeerID: c.hello.PeerID, Said: k.theirs[:]}
	if c.outgoing {
		return &sibling.Exchange{InfoHash: c.hello.InfoHash, Dialler: we, Acceptor: they}, sibling.Dialler
	}
	return &sibling.Exchange{InfoHash: c.hello.InfoHash, Dialler: they, Acceptor: we}, sibling.Acceptor
}

// proveSibling sends our proof once the peer's nonce is known. dmu is held.
func (c *Conn) proveSibling(h *wire.ExtendedHandshake) {
	k := c.kin
	if k == nil || h.Sibling == 0 || h.Nonce == (sibling.Nonce{}) || k.theirs != (sibling.Nonce{}) {
		return
	}
	k.theirs = h.Nonce
	c.showSecret()
}

// showSecret sends our proof by the secret that the link with the sibling goes by now, if it
// was not sent yet. dmu is held.
func (c *Conn) showSecret() {
	k := c.kin
	m := c.swarm.host.fleet.view().member(c.hello.PeerID, c.addr.Addr())
	if k == nil || k.theirs == (sibling.Nonce{}) || m == nil || k.shown != nil && k.shown.Equal(m.secret) {
		return
	}
	k.shown = m.secret
	x, role := c.exchange()
	proof := m.secret.Prove(x, role)
	c.tellSibling(wire.SiblingMessage{Proof: proof[:]})
}

func (c *Conn) tellSibling(m wire.SiblingMessage) {
	e := c.ext.Load()
	if e == nil || e.Sibling == 0 {
		return
	}
	c.wmu.Lock()
	c.out = wire.AppendSibling(c.out, e.Sibling, m)
	c.queued()
}

// receiveSibling handles a btgw_sibling message. dmu is held.
func (c *Conn) receiveSibling(body []byte) error {
	m, err := wire.ParseSibling(body)
	k := c.kin
	if err != nil || k == nil || k.theirs == (sibling.Nonce{}) || m.Proof == nil && !k.proved.Load() {
		return c.unread(body, err)
	}
	if m.Proof == nil {
		k.pulls.Store(m.Pulls)
		c.heard(time.Now())
		c.takePulls()
		return nil
	}
	f := c.swarm.host.fleet
	x, role := c.exchange()
	secret := f.secrets.Load().Check(x, role.Other(), m.Proof)
	if secret == nil {
		f.wrong.Add(1)
		c.swarm.host.strike(c.addr, c.hello.PeerID)
		return errProof
	}
	k.secret.Store(secret)
	proved := k.proved.Swap(true)
	switch {
	case !f.secrets.Load().Has(secret):
		return errProof // it was taken back meanwhile, and cutOff may have missed it
	case proved:
		return c.toil(toilNonsense, len(body))
	}
	c.withhold(false)
	c.swarm.adopts(c)
	c.tellPulls()
	return nil
}

// adopts frees a proved sibling from choking and from the limits of connections.
func (s *Swarm) adopts(c *Conn) {
	s.host.exempt(c.seat)
	now := time.Now()
	c.heard(now)
	s.mu.Lock()
	s.displace(c)
	c.slot, c.optimistic = false, false
	c.setChoke(false)
	s.freed(now)
	s.mu.Unlock()
	s.wake()
}

// weFetch reports whether we fetch what siblings ask for.
func (s *Swarm) weFetch() bool {
	f := s.host.fleet
	return s.cfg.Pull != nil && s.kin.ours(f.cfg.Node) && !f.draining.Load()
}

// tellPulls tells a proved sibling whether we fetch what it asks for, where it does not
// know.
func (c *Conn) tellPulls() {
	e := c.ext.Load()
	c.wmu.Lock()
	if pulls := c.swarm.weFetch(); pulls != c.kin.told && e != nil && e.Sibling != 0 {
		c.kin.told = pulls
		c.out = wire.AppendSibling(c.out, e.Sibling, wire.SiblingMessage{Pulls: pulls})
	}
	c.queued()
}

// takePulls has Demand take the peer for a seed while it leads, and fetches what we ask for.
// dmu is held.
func (c *Conn) takePulls() {
	k := c.kin
	pulled := k.pulls.Load() && c.leads()
	if pulled == k.pulled {
		return
	}
	k.pulled = pulled
	if c.info == nil {
		return // join says it
	}
	if pulled {
		c.events = append(c.events, Event{Kind: HasAll})
	} else {
		c.events = append(c.events, Event{Kind: HasField, Field: c.said.pieces.Clone()})
	}
}

// covered reports whether what the peer says of its pieces makes no difference: it fetches
// all that we ask for. dmu is held.
func (c *Conn) covered(kind EventKind) bool {
	if c.kin == nil || !c.kin.pulled {
		return false
	}
	switch kind {
	case Has, HasField, HasAll, HasNone, LostPiece:
		return true
	}
	return false
}

// cutOff ends the connections with siblings that have shown another secret than those.
func (s *Swarm) cutOff(secrets *sibling.Secrets) {
	s.mu.Lock()
	conns := append([]*Conn(nil), s.conns...)
	s.mu.Unlock()
	for _, c := range conns {
		if c.sibling() && !secrets.Has(c.kin.secret.Load()) {
			c.Close(errProof)
		}
	}
}

// fleetChanged has the swarm see that siblings came or went.
func (s *Swarm) fleetChanged() {
	if s.kin == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kin.asked = time.Time{}
	s.kin.untold = true
	s.shelter(time.Now())
	s.wake()
}

// shelter finds who leads, and whether that one fetches the torrent for us. It returns when
// that has to be looked at again; zero: at no certain time. mu is held.
func (s *Swarm) shelter(now time.Time) (again time.Time) {
	k := s.kin
	v := s.host.fleet.view()
	self := v.self
	var order []sibling.Node
	if s.shared() {
		order = sibling.Order(s.key().Wire(), v.nodes)
	}
	on := false
	for {
		lead := k.choice.Of(now, order, self)
		if !k.ours(lead) {
			k.lead.Store(&lead)
			k.since, k.asked, k.untold = now, time.Time{}, true
			if d := k.dials[lead]; d != nil {
				d.tries, d.next = 0, now
			}
			s.wake()
		}
		if on = lead != self && s.wanted; !on {
			break
		}
		if late := s.lateAfter(now, lead != order[0]); now.Before(late) {
			again = late
			break
		}
		k.choice.Late(now, lead)
		s.log.Info("what a sibling was to fetch is late", "sibling", v.byNode[lead].addr)
	}
	if at := k.choice.Again(now); !at.IsZero() && (again.IsZero() || at.Before(again)) {
		again = at
	}
	if s.sheltered.Swap(on) != on {
		k.untold, k.turned = true, true
		s.wake()
	}
	return again
}

// lateAfter returns the time from which on what the sibling that leads was asked for is
// late. mu is held.
func (s *Swarm) lateAfter(now time.Time, standsIn bool) time.Time {
	last := s.kin.since
	if heard := time.Unix(0, s.kin.heard.Load()); heard.After(last) {
		last = heard
	}
	if s.info == nil && !standsIn {
		return last.Add(seekPatience)
	}
	var slow time.Time
	for _, c := range s.conns {
		if !c.leads() || !c.kin.pulls.Load() {
			continue
		}
		if c.owed.Load() <= 0 {
			return now.Add(siblingPatience) // nothing is waited for
		}
		if since := c.slow(); !since.IsZero() {
			slow = since.Add(slowSibling)
		}
		if owing := time.Unix(0, c.kin.owing.Load()); owing.After(last) {
			last = owing
		}
	}
	if late := last.Add(siblingPatience); slow.IsZero() || late.Before(slow) {
		return late
	}
	return slow
}

// applyShelter tells every connection who leads, and OnShelter whether we are sheltered. It
// is the loop's alone.
func (s *Swarm) applyShelter() {
	if s.kin == nil {
		return
	}
	s.mu.Lock()
	on, turned, wanted := s.sheltered.Load(), s.kin.turned, s.wanted
	if !s.kin.untold {
		s.mu.Unlock()
		return
	}
	s.kin.untold, s.kin.turned = false, false
	conns := append([]*Conn(nil), s.conns...)
	s.mu.Unlock()
	for _, c := range conns {
		if c.sibling() {
			c.tellPulls()
		}
		c.dmu.Lock()
		c.withhold(on && !c.sibling())
		if c.sibling() {
			c.showSecret()
			c.takePulls()
		}
		c.update()
		c.dmu.Unlock()
	}
	if !turned {
		return
	}
	if s.cfg.OnShelter != nil {
		s.cfg.OnShelter()
	}
	if !on && wanted {
		s.Seek()
	}
}

// withhold keeps from Demand that the peer lets us download, or no longer: we are
// sheltered, and it is no sibling. dmu is held.
func (c *Conn) withhold(on bool) {
	if c.withheld == on {
		return
	}
	c.withheld = on
	if c.download == nil || !c.lets.Load() {
		return
	}
	if on {
		c.said.unchoked = true
		c.events = append(c.events, Event{Kind: Choked})
	} else {
		c.said.unchoked = false
		c.events = append(c.events, Event{Kind: Unchoked})
	}
}

// settled notes that the peer answered a request.
func (c *Conn) settled(piece uint32) {
	if c.kin != nil {
		c.wmu.Lock()
		c.kin.asks(piece, -1)
		c.wmu.Unlock()
	}
}

// heard notes that something came of a sibling.
func (c *Conn) heard(now time.Time) {
	if c.leads() {
		c.swarm.kin.heard.Store(now.UnixNano())
	}
}

// heardOf notes that payload came of a sibling, n bytes.
func (c *Conn) heardOf(n int64) {
	if !c.sibling() {
		return
	}
	c.heard(time.Now())
	c.swarm.host.fleet.in.Add(n)
	c.swarm.inside.Add(n)
}

// A parked piece is one that a sibling asked for and that is being fetched for it.
type parkedPiece struct {
	blocks []metainfo.Block
	came   bool
	stop   func() // ends the demand for it; the writer's alone
}

// park puts a block that a sibling asked for aside until its piece is here, and reports
// whether it did. It is the writer's alone.
func (w *writer) park(b metainfo.Block) bool {
	c := w.c
	if !c.sibling() {
		return false
	}
	c.wmu.Lock()
	p := c.parked[b.Piece]
	if !c.kin.told || p != nil && p.came {
		c.wmu.Unlock()
		return false
	}
	if p != nil {
		p.blocks = append(p.blocks, b)
		c.parkedBlocks++
		c.wmu.Unlock()
		return true
	}
	if c.parked == nil {
		c.parked = make(map[uint32]*parkedPiece)
	}
	p = &parkedPiece{blocks: []metainfo.Block{b}}
	c.parked[b.Piece] = p
	c.parkedBlocks++
	c.wmu.Unlock()
	p.stop = c.swarm.cfg.Pull(int(b.Piece), func() { c.pieceCame(p) })
	return true
}

// pieceCame has what was asked for of a piece answered.
func (c *Conn) pieceCame(p *parkedPiece) {
	c.wmu.Lock()
	if !p.came {
		p.came = true
		for _, b := range p.blocks {
			c.uploads.push(b)
		}
		c.parkedBlocks -= len(p.blocks)
		p.blocks = nil
	}
	c.wmu.Unlock()
	c.wakeWriter()
}

// unpark takes a block back that a sibling had asked for. wmu is held.
func (c *Conn) unpark(b metainfo.Block) bool {
	p := c.parked[b.Piece]
	if p == nil {
		return false
	}
	for i, x := range p.blocks {
		if x == b {
			p.blocks = append(p.blocks[:i], p.blocks[i+1:]...)
			c.parkedBlocks--
			c.wakeWriter()
			return true
		}
	}
	return false
}

// settleParked ends the demand for pieces of which nothing is asked for any more; all is
// set at the connection's end. It is the writer's alone.
func (w *writer) settleParked(all bool) {
	c := w.c
	if c.kin == nil {
		return
	}
	var stops []func()
	c.wmu.Lock()
	for piece, p := range c.parked {
		if p.stop == nil || !all && (len(p.blocks) > 0 || c.uploads.holds(piece)) {
			continue
		}
		stops = append(stops, p.stop)
		delete(c.parked, piece)
	}
	c.wmu.Unlock()
	for _, stop := range stops {
		stop()
	}
}

// holds reports whether a block of a piece is asked for.
func (u *uploads) holds(piece uint32) bool {
	for _, b := range u.queue[u.head:] {
		if b.Piece == piece {
			return true
		}
	}
	return false
}

// sayProgress tells a sibling, from time to time, that what it waits for is on its way. It
// returns when to look again; 0: never. wmu is held.
func (w *writer) sayProgress(now time.Time) time.Duration {
	c := w.c
	if c.kin == nil || c.parkedBlocks == 0 {
		return 0
	}
	if since := now.Sub(w.progressed); since < progressEvery {
		return progressEvery - since
	}
	w.progressed = now
	if n := c.swarm.downloaded.Load(); n != w.progress {
		w.progress = n
		if e := c.ext.Load(); e != nil && e.Sibling != 0 {
			w.buf = wire.AppendSibling(w.buf, e.Sibling, wire.SiblingMessage{Pulls: c.kin.told, Progress: true})
		}
	}
	return progressEvery
}
