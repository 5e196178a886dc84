package peer

import (
	"crypto/sha1"
	"crypto/sha256"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/metaexchange"
	"github.com/btgw/btgw/peer/wire"
)

// offersMetadata takes in that a peer announced the metadata and its size.
func (s *Swarm) offersMetadata(c *Conn, size int64) {
	s.mu.Lock()
	s.carry(s.metadata.Offer(time.Now(), c, size, c.RTT(), metaexchange.WindowFor(c.Client(), c.RTT())))
	s.mu.Unlock()
	s.wake()
}

// MetadataProgress returns how many bytes of the metadata have come, of the copy of which
// the most have, and how many it is to have; zero where nobody offers it.
func (s *Swarm) MetadataProgress() (have, size int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	have, size = s.metadata.Progress()
	for _, c := range s.conns {
		if size > 0 && s.metadata.Offers(c) == size && c.waitMeta.Load() {
			have += min(c.partial.Load(), wire.MetadataPart) // of a part that comes in
		}
	}
	return min(have, size), size
}

// carry sends what metadata wants asked, and bans those it found lying. mu is
// held.
func (s *Swarm) carry(w metaexchange.Work[*Conn]) {
	for _, a := range w.Asks {
		a.Peer.askMetadata(a.Part)
	}
	for _, c := range w.Bans {
		c.Close(&BannedError{Reason: "false metadata"})
		s.ban(c)
	}
}

// receiveMetadata handles a ut_metadata message. dmu is held.
func (c *Conn) receiveMetadata(m wire.MetadataMessage) error {
	if m.Type != wire.MetadataRequest {
		if c.work.metaAnswers++; c.work.metaAnswers > c.metaAsked.Load() {
			if err := c.toil(toilMetadata, len(m.Data)); err != nil {
				return err
			}
		}
	}
	switch m.Type {
	case wire.MetadataRequest:
		if !c.serveMetadata(m.Part) {
			return c.toil(toilMetadataRequest, 0)
		}
	case wire.MetadataReject:
		s := c.swarm
		s.mu.Lock()
		s.carry(s.metadata.Reject(time.Now(), c, m.Part))
		s.mu.Unlock()
		s.wake()
	case wire.MetadataData:
		c.swarm.metadataPart(c, m)
	}
	return nil
}

// metadataPart takes a part in; the hash of a complete copy is computed without
// the lock.
func (s *Swarm) metadataPart(c *Conn, m wire.MetadataMessage) {
	c.exchanged.Store(true)
	c.heardOf(0)
	s.mu.Lock()
	w := s.metadata.Data(time.Now(), c, m.Part, m.Total, m.Data)
	s.carry(w)
	s.mu.Unlock()
	if w.Test != nil {
		raw := w.Test.Raw()
		ok := s.matches(raw)
		s.mu.Lock()
		s.settleMetadata(w.Test, raw, ok)
		s.mu.Unlock()
	}
	s.wake()
}

// settleMetadata ends the test of a copy. mu is held.
func (s *Swarm) settleMetadata(cp *metaexchange.Copy[*Conn], raw []byte, ok bool) {
	if s.metadata.Stopped() || s.closed {
		return
	}
	if !ok {
		s.log.Debug("metadata failed its hash", "bytes", len(raw), "peers", cp.Givers())
		s.carry(s.metadata.Failed(time.Now(), cp))
		return
	}
	s.metadata.Stop()
	for _, c := range s.conns {
		c.waitMeta.Store(false)
	}
	if s.cfg.OnMetadata != nil {
		s.wg.Go(func() { s.cfg.OnMetadata(raw) })
	}
}

// matches reports whether raw has one of the infohashes.
func (s *Swarm) matches(raw []byte) bool {
	for _, h := range s.cfg.Hashes {
		if h.IsV2() && h == metainfo.NewV2(sha256.Sum256(raw)) || !h.IsV2() && h == metainfo.NewV1(sha1.Sum(raw)) {
			return true
		}
	}
	return false
}

// askMetadata asks the peer for a part.
func (c *Conn) askMetadata(part int) {
	e := c.ext.Load()
	if e == nil || e.Metadata == 0 {
		return
	}
	c.waitMeta.Store(true)
	c.metaAsked.Add(1)
	c.wmu.Lock()
	c.out = wire.AppendMetadata(c.out, e.Metadata, wire.MetadataMessage{Type: wire.MetadataRequest, Part: part})
	c.queued()
}

// serveMetadata queues a part for the peer, or rejects it: when we do not know
// the metadata, when it is private (BEP 27), when it is asked for too often.
func (c *Conn) serveMetadata(part int) bool {
	e := c.ext.Load()
	if e == nil || e.Metadata == 0 {
		return false
	}
	c.wmu.Lock()
	if c.info != nil && !c.info.Private && c.served.Grant(time.Now(), part, metaexchange.NumParts(int64(len(c.info.Raw())))) &&
		(c.sibling() || c.swarm.host.gifts.give(time.Now(), c.addr.Addr(), wire.MetadataPart)) {
		c.exchanged.Store(true)
		c.served.Queue(c.info.Raw(), part)
		c.wmu.Unlock()
		c.wakeWriter()
		return true
	}
	c.out = wire.AppendMetadata(c.out, e.Metadata, wire.MetadataMessage{Type: wire.MetadataReject, Part: part})
	c.queued()
	return false
}

// takeMetadata appends the parts that the peer asked for, a few a write. wmu is
// held.
func (w *writer) takeMetadata() {
	c := w.c
	e := c.ext.Load()
	for n := 0; n < metadataBatch && c.served.Waiting(); n++ {
		part, data, total := c.served.Next()
		w.buf = wire.AppendMetadata(w.buf, e.Metadata, wire.MetadataMessage{Type: wire.MetadataData, Part: part, Total: total, Data: data})
	}
}
