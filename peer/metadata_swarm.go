package peer

import (
	"crypto/sha1"
	"crypto/sha256"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// offersMetadata is that a peer announced the metadata and its size.
func (s *Swarm) offersMetadata(c *Conn, size int64) {
	s.mu.Lock()
	s.carry(s.metadata.offer(time.Now(), c, size, c.RTT(), windowFor(c.Client(), c.RTT())))
	s.mu.Unlock()
	s.wake()
}

// MetadataProgress returns how many bytes of the metadata have come, of the copy of which
// the most have, and how many it is to have; zero where nobody offers it.
func (s *Swarm) MetadataProgress() (have, size int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cp := range s.metadata.copies {
		if n := cp.bytes(); size == 0 || n > have {
			have, size = n, cp.size
		}
	}
	for _, c := range s.conns {
		if p := s.metadata.find(c); p != nil && p.size == size && c.waitMeta.Load() {
			have += min(c.partial.Load(), wire.MetadataPart) // of a part that comes in
		}
	}
	return min(have, size), size
}

// carry sends what metadata wants asked, and bans those it found lying. mu is
// held.
func (s *Swarm) carry(w metaWork) {
	for _, r := range w.asks {
		r.peer.conn.askMetadata(r.part)
	}
	for _, p := range w.bans {
		p.conn.Close(&BannedError{Reason: "false metadata"})
		s.ban(p.conn)
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
		s.carry(s.metadata.reject(time.Now(), c, m.Part))
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
	s.mu.Lock()
	w := s.metadata.data(time.Now(), c, m.Part, m.Total, m.Data)
	s.carry(w)
	s.mu.Unlock()
	if w.test != nil {
		raw := w.test.raw()
		ok := s.matches(raw)
		s.mu.Lock()
		s.settleMetadata(w.test, raw, ok)
		s.mu.Unlock()
	}
	s.wake()
}

// settleMetadata ends the test of a copy. mu is held.
func (s *Swarm) settleMetadata(cp *metaCopy, raw []byte, ok bool) {
	if s.metadata.stopped || s.closed {
		return
	}
	if !ok {
		s.log.Debug("metadata failed its hash", "bytes", len(raw), "peers", len(cp.givers))
		s.carry(s.metadata.failed(time.Now(), cp))
		return
	}
	s.metadata.stop()
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

// servedParts bounds what a peer may have of the metadata.
type servedParts struct {
	since time.Time
	parts int
	raw   []byte
	queue []int // asked for, not yet written
}

// serveMetadata queues a part for the peer, or rejects it: when we do not know
// the metadata, when it is private (BEP 27), when it is asked for too often.
func (c *Conn) serveMetadata(part int) bool {
	e := c.ext.Load()
	if e == nil || e.Metadata == 0 {
		return false
	}
	c.wmu.Lock()
	if c.info != nil && !c.info.Private && c.served.grant(time.Now(), part, numParts(int64(len(c.info.Raw())))) &&
		c.swarm.host.gifts.give(time.Now(), c.addr.Addr(), wire.MetadataPart) {
		c.exchanged.Store(true)
		c.served.raw = c.info.Raw()
		c.served.queue = append(c.served.queue, part)
		c.wmu.Unlock()
		c.wakeWriter()
		return true
	}
	c.out = wire.AppendMetadata(c.out, e.Metadata, wire.MetadataMessage{Type: wire.MetadataReject, Part: part})
	c.queued()
	return false
}

// grant takes one part of a peer's allowance.
func (s *servedParts) grant(now time.Time, part, of int) bool {
	if part >= of || len(s.queue) >= maxMetadataQueue {
		return false
	}
	if now.Sub(s.since) > metadataPeriod {
		s.since, s.parts = now, 0
	}
	s.parts++
	return s.parts <= metadataServed*of
}

// takeMetadata appends the parts that the peer asked for, a few a write. wmu is
// held.
func (w *writer) takeMetadata() {
	c := w.c
	e := c.ext.Load()
	for n := 0; n < metadataBatch && len(c.served.queue) > 0; n++ {
		raw, part := c.served.raw, c.served.queue[0]
		c.served.queue = c.served.queue[1:]
		at := part * wire.MetadataPart
		w.buf = wire.AppendMetadata(w.buf, e.Metadata, wire.MetadataMessage{
			Type: wire.MetadataData, Part: part, Total: int64(len(raw)),
			Data: raw[at : at+partLen(int64(len(raw)), part)],
		})
	}
}
