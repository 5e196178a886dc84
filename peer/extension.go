package peer

import (
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// receiveExtended handles an extension message (BEP 10), by the ids that we
// gave. dmu is held.
func (c *Conn) receiveExtended(payload []byte) error {
	id, body := wire.ParseExtended(payload)
	switch id {
	case wire.ExtHandshake:
		return c.receiveDescription(body)
	case wire.ExtMetadata:
		m, err := wire.ParseMetadata(body)
		if err != nil {
			return &ProtocolError{Err: err}
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
	case wire.ExtDontHave:
		p, err := wire.ParseDontHave(body)
		if err != nil {
			return &ProtocolError{Err: err}
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
	h, err := wire.ParseExtendedHandshake(body)
	if err != nil {
		c.swarm.log.Debug("extension handshake ignored", "peer", c.addr, "err", err)
		return nil
	}
	if old := c.ext.Load(); old != nil {
		merge(&h, old)
	}
	c.ext.Store(&h)
	c.assess()
	if !c.outgoing && h.Port != 0 {
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

// merge fills what a further handshake leaves out.
func merge(h, old *wire.ExtendedHandshake) {
	if h.Client == "" {
		h.Client = old.Client
	}
	if h.ReqQ == 0 {
		h.ReqQ = old.ReqQ
	}
	if h.Port == 0 {
		h.Port = old.Port
	}
	if old.MetadataSize != 0 {
		h.MetadataSize = old.MetadataSize
	}
	if h.UploadOnly == wire.Unsaid {
		h.UploadOnly = old.UploadOnly
	}
	if h.Metadata == 0 && h.DontHave == 0 && h.PEX == 0 && h.UploadOnlyID == 0 {
		h.Metadata, h.DontHave, h.PEX, h.UploadOnlyID = old.Metadata, old.DontHave, old.PEX, old.UploadOnlyID
	}
}
