package peer

import (
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// A firstFlight is what a connection begins with besides what we have.
type firstFlight struct {
	wanted  bool // a reader waits: we claim interest before we know what the peer has
	unchoke bool // a slot is free
	grants  bool // something is uploaded: what is granted to choked peers too
	// onlyUploads is set if we say that we only upload.
	onlyUploads bool
}

// begin queues the first flight: it leaves in one write, ahead of what was
// queued since the connection became known. have belongs to info.
func (c *Conn) begin(info *metainfo.Info, have metainfo.Bitfield) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	later := append([]byte(nil), c.out[c.preface():]...)
	b := c.out[:c.preface()]
	if c.hello.Extended() {
		said := wire.Unsaid
		if c.first.onlyUploads {
			said = wire.Yes
		}
		b = c.appendDescription(b, info, said)
	}
	b = c.appendHave(b, info, have)
	b = c.appendPort(b, info)
	if c.first.wanted && !c.interested {
		b = wire.AppendSimple(b, wire.Interested)
		c.interested, c.speculative = true, true
	}
	if c.first.unchoke {
		b = wire.AppendSimple(b, wire.Unchoke)
	} else if info != nil {
		b = c.appendGrants(b, info, have)
	}
	c.out = append(b, later...)
}

// preface is the length of our handshake in c.out, where we were dialled.
func (c *Conn) preface() int {
	if c.outgoing {
		return 0
	}
	return wire.HandshakeLen
}

// appendDescription appends our extension handshake.
func (c *Conn) appendDescription(b []byte, info *metainfo.Info, onlyUploads wire.Said) []byte {
	h := c.swarm.host
	ext := wire.ExtendedHandshake{
		Metadata: wire.ExtMetadata, DontHave: wire.ExtDontHave, PEX: wire.ExtPEX, UploadOnlyID: wire.ExtUploadOnly, UploadOnly: onlyUploads,
		Client: h.cfg.Client, Port: uint16(h.announcedPort()), ReqQ: maxUploadQueue, YourIP: c.addr.Addr(),
	}
	if c.kin != nil {
		ext.Sibling, ext.Nonce = wire.ExtSibling, c.kin.ours
	}
	switch {
	case info == nil:
	case info.Private:
		ext.Metadata, ext.PEX = 0, 0 // BEP 27: what is private is not handed on
	default:
		ext.MetadataSize = int64(len(info.Raw()))
	}
	return wire.AppendExtendedHandshake(b, &ext)
}

// appendHave appends what we have, in the shortest form. Before the info
// dictionary is known a bitfield's length is not either.
func (c *Conn) appendHave(b []byte, info *metainfo.Info, have metainfo.Bitfield) []byte {
	n := 0
	if info != nil {
		n = have.Count(info.NumPieces())
	}
	switch {
	case n == 0 && c.fast:
		return wire.AppendSimple(b, wire.HaveNone)
	case n == 0:
		return b
	case n == info.NumPieces() && c.fast:
		return wire.AppendSimple(b, wire.HaveAll)
	default:
		return wire.AppendBitfield(b, have)
	}
}

// appendGrants appends the allowed fast set (BEP 6) as far as we have its
// pieces.
func (c *Conn) appendGrants(b []byte, info *metainfo.Info, have metainfo.Bitfield) []byte {
	if !c.fast || !c.first.grants {
		return b
	}
	for _, p := range wire.AllowedFastSet(c.addr.Addr(), c.hello.InfoHash, info.NumPieces(), allowedFastGrant) {
		if !have.Has(int(p)) {
			continue
		}
		if c.grants == nil {
			c.grants = make(map[uint32]int, allowedFastGrant)
		}
		c.grants[p] = info.PieceSize(int(p))
		b = wire.AppendIndex(b, wire.AllowedFast, p)
	}
	return b
}

// nowKnown notes that the info dictionary became known while the connection was there:
// the peer is told, and joins Demand.
func (c *Conn) nowKnown(info *metainfo.Info, have metainfo.Bitfield) {
	if info.Private && c.kin != nil {
		c.Close(errUnwanted) // siblings have no part in it
	}
	c.wmu.Lock()
	if c.hello.Extended() && !info.Private {
		c.out = c.appendDescription(c.out, info, wire.Unsaid)
	}
	told := 0
	for p := range info.NumPieces() {
		if have.Has(p) && told < maxTold {
			told++
			c.out = wire.AppendIndex(c.out, wire.Have, uint32(p))
		}
	}
	if c.choking {
		c.out = c.appendGrants(c.out, info, have)
	}
	c.queued()
	c.join(info)
}
