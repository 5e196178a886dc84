package sched

import (
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// interest tells every peer anew whether we want something of it.
func (c *Core) interest() {
	for _, l := range c.Links {
		c.interestOf(l)
	}
}

// interestOf is sticky: a swarm that is kept warm keeps us unchoked.
func (c *Core) interestOf(l *Link) {
	if l.interested || len(c.Windows) == 0 || l.count == 0 || !c.wantsOf(l) {
		return
	}
	c.interested(l)
}

func (c *Core) interested(l *Link) {
	l.interested = true
	c.send(l, peer.Interested, metainfo.Block{})
}

// wantsOf reports whether the peer has a piece that we do not have.
func (c *Core) wantsOf(l *Link) bool {
	if l.count > 0 && len(l.Has) == len(c.Have) {
		for i := range l.Has {
			if l.Has[i]&^c.Have[i] != 0 {
				return true
			}
		}
	}
	return false
}

// Cool ends the interest in every peer: the swarm is warm no longer.
func (c *Core) Cool() {
	for _, l := range c.Links {
		c.disinterest(l)
	}
}

// disinterest ends the interest in one, which has nothing any more or is not
// needed.
func (c *Core) disinterest(l *Link) {
	if l.interested {
		l.interested = false
		c.send(l, peer.NotInterested, metainfo.Block{})
	}
}

// Debtors counts the peers that have a piece. It also reports whether they are asked and
// have to send: all of them let us ask, and one owes us blocks. Web seeds are left out.
func (c *Core) Debtors(piece int) (n int, asked bool) {
	open, owing := true, false
	for _, l := range c.Links {
		if l.Run > 0 || !l.Has.Has(piece) {
			continue
		}
		n++
		open = open && (!l.Choked || l.isAllowed(piece))
		owing = owing || len(l.queue) > 0
	}
	return n, open && owing
}
