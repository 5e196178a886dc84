package peer

import (
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
)

// What makes a connection one with a sibling.

// A kinConn is what a connection knows that may be with a sibling.
type kinConn struct {
	node   sibling.Node // the sibling's, if it is one
	ours   sibling.Nonce
	proved atomic.Bool
	pulls  atomic.Bool  // the peer fetches what we ask it for
	heeds  atomic.Bool  // and knows of wishes
	warm   atomic.Bool  // somebody outside sends to it
	owing  atomic.Int64 // since when it owes blocks, Unix nanoseconds

	secret atomic.Pointer[sibling.Secret] // by which it proved itself last

	// dmu guards what follows.
	theirs sibling.Nonce   // zero: not known yet
	shown  *sibling.Secret // that we proved last
	pulled bool            // Demand takes it for a seed
	wishes bool            // Demand knows of what it wishes

	// wmu guards what follows.
	told     bool              // it knows that we fetch what it asks for
	toldWarm bool              // and that we are warm
	has      metainfo.Bitfield // what it really has
	owes     map[uint32]*owed  // what it was asked for, by piece
}

// sibling reports whether the peer has proved to be one.
func (c *Conn) sibling() bool { return c.kin != nil && c.kin.proved.Load() }

// leads reports whether the peer is the sibling that leads.
func (c *Conn) leads() bool { return c.sibling() && c.swarm.kin.ours(c.kin.node) }

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
		k.heeds.Store(m.Heeds)
		k.pulls.Store(m.Pulls)
		if m.Wishing {
			if err := c.receiveWishes(m.Wishes); err != nil {
				return err
			}
		}
		c.heard(time.Now())
		if k.warm.Swap(m.Warm) != m.Warm {
			c.swarm.warmed() // takePulls follows
		} else {
			c.takePulls()
		}
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
	if c.info != nil { // or join says it
		c.events = append(c.events, Event{Kind: Proved})
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
