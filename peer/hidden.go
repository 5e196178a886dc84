package peer

import (
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// What a connection hides from its peer: the pieces that a superSeed has not shown it. Requests for
// others are rejected.

// hide hides all pieces from the peer, which has not heard of any yet.
func (c *Conn) hide() {
	c.wmu.Lock()
	c.shown = make(map[uint32]bool)
	c.wmu.Unlock()
}

// takesBack reports whether the peer understands that we no longer have a piece (BEP 54), and
// that a request is refused.
func (c *Conn) takesBack() bool {
	e := c.ext.Load()
	return c.fast && e != nil && e.DontHave != 0
}

// hideAll hides all pieces from a peer that has heard of them, but for those that it has asked
// for, which it returns.
func (c *Conn) hideAll(n int) (asked metainfo.Bitfield) {
	asked = metainfo.NewBitfield(n)
	c.hide()
	c.wmu.Lock()
	for _, b := range c.uploads.queue[c.uploads.head:] {
		asked.Set(int(b.Piece))
		c.shown[b.Piece] = true
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
	c.shown[uint32(piece)] = true
	c.out = wire.AppendIndex(c.out, wire.Have, uint32(piece))
	c.queued()
}

// showAll ends the hiding. The peer is told as far as maxTold allows.
func (c *Conn) showAll(v *viewer) {
	c.tellHidden(v)
	c.tellUploadOnly(c.swarm.info, c.swarm.onlyUploads)
}

func (c *Conn) tellHidden(v *viewer) {
	told := 0
	c.wmu.Lock()
	c.shown = nil
	for p := range c.swarm.info.NumPieces() {
		if told < maxTold && c.swarm.have.Has(p) && !v.shown.Has(p) && !v.has.Has(p) {
			told++
			c.out = wire.AppendIndex(c.out, wire.Have, uint32(p))
		}
	}
	c.queued()
}
