package peer

import (
	"time"
)

// What siblings owe us, by which is seen that they are late.

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
