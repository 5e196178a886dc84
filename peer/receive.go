package peer

import (
	"slices"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// receive handles a message other than a block. payload is valid during the
// call. dmu is held.
func (c *Conn) receive(id wire.ID, payload []byte) error {
	switch id {
	case wire.Choke, wire.Unchoke:
		return c.receiveChoke(id == wire.Choke)
	case wire.Interested, wire.NotInterested:
		if err := c.toilOfInterest(); err != nil {
			return err
		}
		if c.wants.Swap(id == wire.Interested) != (id == wire.Interested) {
			c.swarm.interestChanged(c)
		}
		return nil
	case wire.Have:
		return c.event(Event{Kind: Has, Block: metainfo.Block{Piece: wire.ParseIndex(payload)}})
	case wire.Bitfield:
		return c.receiveField(payload)
	case wire.Request:
		return c.receiveRequest(metainfo.Block(wire.ParseBlock(payload)))
	case wire.Cancel:
		c.cancelUpload(metainfo.Block(wire.ParseBlock(payload)))
		return c.toil(toilCancel, 0)
	case wire.Suggest, wire.HaveAll, wire.HaveNone, wire.Reject, wire.AllowedFast:
		return c.receiveFast(id, payload)
	case wire.Extended:
		return c.receiveExtended(payload)
	case wire.Port:
		c.receivePort(wire.ParsePort(payload))
		return c.toil(toilPort, 0)
	case wire.HashRequest:
		return c.receiveHashRequest(metainfo.HashRange(wire.ParseHashRange(payload)))
	case wire.Hashes, wire.HashReject:
		if c.receiveHashes(id, payload) {
			return nil
		}
		return c.toil(toilHashes, len(payload))
	default: // unknown, or of no use here: BEP 3 peers ignore those
		return c.toil(toilUnknown, len(payload))
	}
}

func (c *Conn) receiveChoke(choked bool) error {
	if err := c.toil(toilChoke, 0); err != nil {
		return err
	}
	c.lets.Store(!choked)
	if c.info != nil {
		c.said.unchoked = false // letAsk comes too late
	}
	if !choked {
		return c.event(Event{Kind: Unchoked})
	}
	if !c.fast {
		c.owed.Store(0)
		c.cancelled.Store(0)
	}
	if c.info == nil {
		c.chokedEarly()
	}
	return c.event(Event{Kind: Choked})
}

// receiveField takes a bitfield. It may come at any time and replaces what was
// known: some clients send haves or extension messages first, and aria2 sends
// it again in place of many haves. One of another length is taken as far as it goes, as
// before the metadata is known: some leave out the zeros at its end.
func (c *Conn) receiveField(payload []byte) error {
	if c.info == nil {
		return c.event(Event{Kind: HasField, Field: slices.Clone(payload)})
	}
	return c.event(Event{Kind: HasField, Field: fieldOf(payload, c.info.NumPieces())})
}

// fieldOf is the bitfield of n pieces that a peer sent, without the bits beyond the last:
// some clients set them.
func fieldOf(sent metainfo.Bitfield, n int) metainfo.Bitfield {
	field := metainfo.NewBitfield(n)
	copy(field, sent)
	if spare := n % 8; spare != 0 {
		field[len(field)-1] &= 0xff << (8 - spare)
	}
	return field
}

func (c *Conn) receiveFast(id wire.ID, payload []byte) error {
	if !c.fast && id == wire.Reject {
		return violation("%s without the fast extension", id)
	}
	switch id {
	case wire.HaveAll:
		return c.event(Event{Kind: HasAll})
	case wire.HaveNone:
		return c.event(Event{Kind: HasNone})
	case wire.Suggest:
		return c.event(Event{Kind: Suggested, Block: metainfo.Block{Piece: wire.ParseIndex(payload)}})
	case wire.AllowedFast:
		return c.event(Event{Kind: AllowedFast, Block: metainfo.Block{Piece: wire.ParseIndex(payload)}})
	default:
		if c.work.rejects++; c.work.rejects+c.blocks > c.asked.Load() {
			if err := c.toil(toilReject, 0); err != nil {
				return err
			}
		}
		c.answered()
		b := metainfo.Block(wire.ParseBlock(payload))
		c.settled(b.Piece)
		if c.rejectedEarly(b) {
			return nil
		}
		if c.info == nil || !c.info.ValidBlock(b) {
			return violation("reject of a request that was not made")
		}
		return c.event(Event{Kind: Rejected, Block: b})
	}
}

// event checks what the peer said of pieces and keeps it for the Update of this
// read, or until the info dictionary is known. What lies beyond the last piece does no
// harm, and is left out; what lies beyond any torrent is nonsense.
func (c *Conn) event(e Event) error {
	if err := c.toilOfEvent(&e); err != nil {
		return err
	}
	if c.info == nil {
		err := c.said.early(&e)
		c.assess()
		return err
	}
	switch e.Kind {
	case Has, LostPiece, AllowedFast, Suggested:
		if e.Block.Piece >= wire.MaxPieces && e.Kind == Has {
			return violation("has piece %d", e.Block.Piece)
		}
		if int64(e.Block.Piece) >= int64(c.info.NumPieces()) {
			return nil
		}
	}
	c.note(&e)
	c.assess()
	if c.covered(e.Kind) || c.withheld && (e.Kind == Unchoked || e.Kind == AllowedFast) {
		return nil
	}
	c.events = append(c.events, e)
	return nil
}
