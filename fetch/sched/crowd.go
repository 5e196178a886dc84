package sched

import (
	"cmp"
	"time"
)

// Where many fetch the same thing at the same time, all in order, nobody has
// anything that another lacks, and all the load is on those that have
// everything. So in a crowd the pieces far ahead of readers are wanted in an
// order of rarity, each gateway's own among equals; and while a reader waits for
// a piece, a part of what each full peer gives goes to a rare far piece: that is
// what there is to trade, and it has to be fetched some time anyway.

// crowdsize is how many peers must be connected that lack pieces, and take part,
// for it to be a crowd.
const crowdsize = 4

// farAhead is how far ahead of a reader, in bytes, pieces may come in any order.
const farAhead = 1 << 20

// tradePart is the part of a full peer's queue that goes to a rare piece while a
// reader waits: one block in so many.
const tradePart = 2

// crowdReplan is how often what neighbours got is looked at.
const crowdReplan = 250 * time.Millisecond

// crowd reports whether there are peers enough that fetch what we fetch. One that has not said yet
// what it has may be a seed.
func (c *Core) crowd() bool {
	n := 0
	for _, l := range c.Links {
		if l.told && !c.full(l) {
			n++
		}
	}
	return n >= crowdsize
}

// full reports whether the peer has every piece.
func (c *Core) full(l *Link) bool { return l.count == c.Info.NumPieces() }

// setApart sees which of the first wants are far ahead. Those that are near come first.
func (c *Core) setApart() {
	c.near, c.far = 0, min(len(c.wants), maxFar)
	least(c.wants, c.far, byDeadline)
	for i := range c.wants[:c.far] {
		w := &c.wants[i]
		if w.ahead >= max(farAhead, 2*c.Info.PieceLength) || w.deadline == bulkDeadline {
			w.holders = 1 + c.available(w.piece)
		}
		if w.holders == 0 {
			c.wants[c.near], *w = *w, c.wants[c.near]
			c.near++
		}
	}
}

// byRarity orders what is far ahead, among equals in an order that is ours alone.
func (c *Core) byRarity(a, b want) int {
	return cmp.Or(cmp.Compare(a.level(), b.level()), cmp.Compare(a.holders, b.holders), cmp.Compare(c.tieBreak(a.piece), c.tieBreak(b.piece)))
}

// level puts what readers want before what is fetched ahead of their asking.
func (w *want) level() int {
	if w.deadline == noDeadline {
		return 1
	}
	return 0
}

// tieBreak is a piece's place among equals: this torrent's own. Any two orders have to be
// independent of each other, not one the other turned round. A gateway that comes upon what
// another fetches would be beside it from then on. The numbers are those of SplitMix64
// (Steele, Lea and Flood, 2014).
func (c *Core) tieBreak(piece int) uint64 {
	x := c.ShuffleKey + uint64(piece+1)*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// tradePiece asks a full peer for a part of the rarest far piece while readers wait;
// n is how many blocks its queue is to hold.
func (c *Core) tradePiece(now time.Duration, l *Link, n int) {
	if !c.inCrowd || len(c.Stalled) == 0 || !c.full(l) || c.Stalled[0].sent == 0 {
		return
	}
	n = max(1, n/tradePart)
	for i := range l.queue {
		if !l.queue[i].Flight.urgent {
			n--
		}
	}
	n = min(n, c.most(l)-len(l.queue))
	asked := 0
	for i := c.front; i < len(c.wants) && asked < n; i++ {
		w := c.want(i)
		f := c.Flights[w.piece]
		if w.holders == 0 ||
			c.Have.Has(w.piece) || !c.asks(now, l, w.piece) ||
			f != nil && (f.free == 0 || f.urgent || f.owner != nil && f.owner != l && !c.full(f.owner)) {
			continue
		}
		if f == nil {
			if f = c.start(now, l, w); f == nil {
				break
			}
		}
		if c.mayAsk(now, l, f) {
			asked += c.ask(now, l, f, n-asked)
		}
	}
}

// news takes note of a change in what a peer has, and so in whether there is a crowd, and
// in one what is rare.
func (c *Core) news(now time.Duration) {
	if crowd := c.crowd(); crowd != c.inCrowd || crowd && now >= c.ordered+crowdReplan {
		c.planned = false
		c.Kick = true
	}
}
