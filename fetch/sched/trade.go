package sched

import (
	"math/bits"
	"slices"

	"github.com/btgw/btgw/metainfo"
)

// Who has nothing gets nothing of peers that trade: they unchoke those who gave them most,
// and one other for 30 s at a time (BEP 3, optimistic unchoking). So while all peers that
// have what a reader waits for choke us, pieces that they lack are taken of those that let
// us, the next ones behind it, until there are maxOffers of them to give.

// refused gives a piece that a reader waits for and that peers have who all choke us, and
// some of those; none where there is no such piece.
func (c *Core) refused() (piece int, by []*Link) {
	for _, w := range c.Stalled {
		piece = c.at(w)
		if by = c.chokers(piece); len(by) > 0 {
			return piece, by
		}
	}
	return 0, nil
}

// chokers are maxOffers of the peers that have a piece, if all of those choke us. It is
// scratch of the core.
func (c *Core) chokers(piece int) []*Link {
	by := c.traders[:0]
	if c.Have.Has(piece) {
		return nil
	}
	for _, l := range c.Links {
		switch {
		case l.Gone || !l.Has.Has(piece):
		case !l.Choked || l.isAllowed(piece):
			return nil
		case l.Run == 0 && len(by) < maxOffers: // a web seed does not trade
			by = append(by, l)
		}
	}
	c.traders = by
	return by
}

// planTrade wants some of what these peers lack, behind all that readers want.
func (c *Core) planTrade(piece int, with []*Link) {
	var found [maxOffers]int
	n, stock := 0, 0
	size := (c.Info.NumPieces() + 7) / 8
	for i := range min(size, maxTradeScan) {
		at := (piece/8 + i) % size
		lacked := byte(0)
		for _, l := range with {
			lacked |= ^octet(l.Has, at)
		}
		if stock += bits.OnesCount8(lacked & octet(c.Have, at)); stock >= maxOffers {
			return
		}
		offered := byte(0)
		for _, l := range c.Links {
			if !l.Gone && !l.Choked {
				offered |= octet(l.Has, at)
			}
		}
		for bit := lacked & offered &^ octet(c.Have, at); bit != 0 && n < len(found); n++ {
			first := bits.LeadingZeros8(bit)
			found[n] = at*8 + first
			bit &^= 0x80 >> first
		}
	}
	for _, p := range found[:min(n, maxOffers-stock)] {
		if !slices.ContainsFunc(c.wants, func(w want) bool { return w.piece == p }) {
			c.wants = append(c.wants, want{piece: p, deadline: noDeadline, holders: 1 + c.available(p)})
		}
	}
}

// octet is a byte of a set, which may be shorter.
func octet(set metainfo.Bitfield, at int) byte {
	if at < len(set) {
		return set[at]
	}
	return 0
}
