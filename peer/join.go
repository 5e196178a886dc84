package peer

import (
	"slices"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// claims are what a peer said of its pieces. Until the info dictionary is known
// they cannot be checked but for the bounds of any torrent; field grows with the
// highest piece named, at most to wire.MaxBitfield bytes.
type claims struct {
	unchoked bool
	all      bool              // it has everything
	none     bool              // all that it said is that it has nothing
	field    metainfo.Bitfield // before info is known
	lost     []uint32          // taken back after have all, before info is known
	allowed  []uint32          // allowed fast, before info is known
	left     bool              // the connection is over

	pieces metainfo.Bitfield // once info is known
	count  int               // pieces in it
}

// join hands the connection to Demand, with all that the peer said so far but an
// unchoke: letAsk follows. It does so once, and not at all after the connection's
// end.
func (c *Conn) join(info *metainfo.Info) {
	c.dmu.Lock()
	defer c.dmu.Unlock()
	if c.info != nil || c.said.left {
		return
	}
	c.info = info
	c.v2 = slices.ContainsFunc(info.Hashes(), func(h metainfo.InfoHash) bool { return h.IsV2() && h.Wire() == c.hello.InfoHash })
	c.said.pieces = metainfo.NewBitfield(info.NumPieces())
	c.withheld = c.swarm.sheltered.Load() && !c.sibling()
	if c.withheld {
		c.said.allowed = nil
	}
	c.events = c.said.replay(info, c.events[:0])
	for i := range c.events {
		c.note(&c.events[i])
	}
	if c.sibling() {
		c.events = append(c.events, Event{Kind: Proved})
	}
	if c.kin != nil && c.kin.pulled {
		c.events = c.fetches(c.events)
	}
	c.download = c.swarm.cfg.Demand.Join(c)
	c.joinEarly()
	c.assess()
}

// letAsk tells Demand of an unchoke that came before it was joined.
func (c *Conn) letAsk() {
	c.dmu.Lock()
	defer c.dmu.Unlock()
	if c.download != nil && c.said.unchoked && !c.withheld {
		c.said.unchoked = false
		c.events = append(c.events, Event{Kind: Unchoked})
		c.update()
	}
}

// replay turns the peer's earlier messages into events, now that the number of pieces is
// known. A message about pieces that do not exist, or a bitfield of another length, counts
// as far as it goes. libtorrent takes it so, and a peer that has nothing of use costs
// nothing.
func (cl *claims) replay(info *metainfo.Info, events []Event) []Event {
	n := info.NumPieces()
	switch {
	case cl.all:
		events = append(events, Event{Kind: HasAll})
		for _, p := range cl.lost {
			if int(p) < n {
				events = append(events, Event{Kind: LostPiece, Block: metainfo.Block{Piece: p}})
			}
		}
	case len(cl.field) > 0:
		events = append(events, Event{Kind: HasField, Field: fieldOf(cl.field, n)})
	case cl.none:
		events = append(events, Event{Kind: HasNone})
	}
	for _, p := range cl.allowed {
		if int(p) < n {
			events = append(events, Event{Kind: AllowedFast, Block: metainfo.Block{Piece: p}})
		}
	}
	cl.field, cl.lost, cl.allowed = nil, nil, nil
	return events
}

// early takes in what a peer says before the info dictionary is known.
func (cl *claims) early(e *Event) error {
	p := e.Block.Piece
	switch e.Kind {
	case Choked:
		cl.unchoked = false
	case Unchoked:
		cl.unchoked = true
	case HasAll, HasNone, HasField:
		cl.all, cl.none = e.Kind == HasAll, e.Kind == HasNone
		cl.field, cl.lost = e.Field, nil
	case Has:
		if p >= wire.MaxPieces {
			return violation("has piece %d", p)
		}
		if need := int(p/8) + 1; need > len(cl.field) {
			cl.field = append(cl.field, make([]byte, need-len(cl.field))...)
		}
		cl.field.Set(int(p))
		cl.none = false
	case LostPiece:
		switch {
		case cl.all && len(cl.lost) < maxAllowedFast:
			cl.lost = append(cl.lost, p)
		case int(p/8) < len(cl.field):
			cl.field.Clear(int(p))
		}
	case AllowedFast:
		if len(cl.allowed) < maxAllowedFast && !slices.Contains(cl.allowed, p) {
			cl.allowed = append(cl.allowed, p)
		}
	}
	return nil
}

// note keeps what the connection itself has to know of an event: whether the
// peer is a seed.
func (c *Conn) note(e *Event) {
	n, cl := c.info.NumPieces(), &c.said
	switch e.Kind {
	case HasAll:
		cl.pieces.SetAll(n)
		cl.count = n
	case HasNone:
		clear(cl.pieces)
		cl.count = 0
	case HasField:
		copy(cl.pieces, e.Field)
		cl.count = cl.pieces.Count(n)
	case Has:
		if p := int(e.Block.Piece); !cl.pieces.Has(p) {
			cl.pieces.Set(p)
			cl.count++
		}
	case LostPiece:
		if p := int(e.Block.Piece); cl.pieces.Has(p) {
			cl.pieces.Clear(p)
			cl.count--
		}
	default:
		return
	}
	if c.kin != nil {
		c.gains(e)
	}
	cl.none = cl.count == 0
	c.seed.Store(cl.count == n)
	if c.swarm.supers.Load() {
		c.swarm.superSees(c, e)
	}
}

// update reports the events of one read to Demand.
// dmu is held.
func (c *Conn) update() {
	if len(c.events) == 0 || c.download == nil {
		c.events = c.events[:0]
		return
	}
	c.download.Update(c.events)
	clear(c.events)
	c.events = c.events[:0]
}
