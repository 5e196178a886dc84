package fetch

import (
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// interest tells every peer anew whether we want something of it.
func (c *core) interest() {
	for _, l := range c.links {
		c.interestOf(l)
	}
}

// interestOf is sticky: a swarm that is kept warm keeps us unchoked.
func (c *core) interestOf(l *link) {
	if l.interested || len(c.windows) == 0 || l.count == 0 || !c.wantsOf(l) {
		return
	}
	c.interested(l)
}

func (c *core) interested(l *link) {
	l.interested = true
	c.send(l, peer.Interested, metainfo.Block{})
}

// wantsOf reports whether the peer has a piece that we do not have.
func (c *core) wantsOf(l *link) bool {
	if l.count > 0 && len(l.has) == len(c.have) {
		for i := range l.has {
			if l.has[i]&^c.have[i] != 0 {
				return true
			}
		}
	}
	return false
}

// cool ends the interest in every peer: the swarm is warm no longer.
func (c *core) cool() {
	for _, l := range c.links {
		c.disinterest(l)
	}
}

// disinterest ends the interest in one, which has nothing any more or is not
// needed.
func (c *core) disinterest(l *link) {
	if l.interested {
		l.interested = false
		c.send(l, peer.NotInterested, metainfo.Block{})
	}
}
