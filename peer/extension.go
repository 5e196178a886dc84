package peer

import (
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// receiveExtended handles an extension message (BEP 10), by the ids that we
// gave. One that cannot be read is as good as none: it costs the peer some of its budget of
// work, and not the connection. dmu is held.
func (c *Conn) receiveExtended(payload []byte) error {
	id, body := wire.ParseExtended(payload)
	switch id {
	case wire.ExtHandshake:
		return c.receiveDescription(body)
	case wire.ExtMetadata:
		m, err := wire.ParseMetadata(body)
		if err != nil {
			return c.unread(body, err)
		}
		return c.receiveMetadata(m)
	case wire.ExtPEX:
		if err := c.toil(toilPEX, len(body)); err != nil {
			return err
		}
		return c.receivePEX(body)
	case wire.ExtUploadOnly:
		if err := c.toil(toilUploadOnly, 0); err != nil {
			return err
		}
		return c.receiveUploadOnly(body)
	case wire.ExtSibling:
		return c.receiveSibling(body)
	case wire.ExtDontHave:
		p, err := wire.ParseDontHave(body)
		if err != nil {
			return c.unread(body, err)
		}
		return c.event(Event{Kind: LostPiece, Block: metainfo.Block{Piece: p}})
	default: // an id that we did not give
		return c.toil(toilUnknown, len(body))
	}
}

// receiveDescription handles an extension handshake. It may come again, with
// what changed; the metadata's size is fixed at the first claim (SECURITY T6). A
// peer whose handshake cannot be read is one without extensions.
func (c *Conn) receiveDescription(body []byte) error {
	if c.work.described {
		if err := c.toil(toilDescription, len(body)); err != nil {
			return err
		}
	}
	c.work.described = true
	var before wire.ExtendedHandshake
	if old := c.ext.Load(); old != nil {
		before = *old
	}
	h, err := before.Continue(body)
	if err != nil {
		return c.unread(body, err)
	}
	c.ext.Store(&h)
	c.assess()
	c.proveSibling(&h)
	if !c.outgoing && h.Port != 0 && c.kin == nil {
		c.swarm.listens(c, h.Port)
	}
	if h.PEX != 0 {
		c.swarm.joinsPEX(c)
	}
	if h.Metadata != 0 && h.MetadataSize > 0 {
		c.swarm.offersMetadata(c, h.MetadataSize)
	}
	if c.info != nil {
		c.events = append(c.events, Event{Kind: Described})
	}
	return nil
}

// unread notes that an extension message makes no sense.
func (c *Conn) unread(body []byte, err error) error {
	c.swarm.log.Debug("extension message ignored", "peer", c.addr, "err", err)
	return c.toil(toilNonsense, len(body))
}
