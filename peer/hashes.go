package peer

import (
	"bytes"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// AskHashes asks the peer for hashes of a file's tree (BEP 52), whether or not it has
// us choked. An Event Hashed with the same range answers, if the peer does. It is false
// where it cannot be asked: it knows the torrent by its v1 infohash, or has MaxHashAsks
// to answer. It may be called once Demand was joined. libtorrent does not set the handshake's bit for a torrent of v2 alone, so it
// is not looked at.
func (c *Conn) AskHashes(r metainfo.HashRange) bool {
	if !c.v2 {
		return false
	}
	c.wmu.Lock()
	if len(c.hashAsks) >= MaxHashAsks {
		c.wmu.Unlock()
		return false
	}
	c.hashAsks = append(c.hashAsks, r)
	c.out = wire.AppendHashRange(c.out, wire.HashRequest, wire.HashRange(r))
	c.queued()
	return true
}

// awaitsHashes reports whether the peer has requests for hashes to answer.
func (c *Conn) awaitsHashes() bool {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	return len(c.hashAsks) > 0
}

// receiveHashes takes an answer in, if it is one to what was asked: a peer that sends
// more is charged for it. dmu is held.
func (c *Conn) receiveHashes(id wire.ID, payload []byte) (asked bool) {
	if payload == nil {
		return false // it was not kept
	}
	a := &HashAnswer{Range: metainfo.HashRange(wire.ParseHashRange(payload))}
	c.wmu.Lock()
	i := slices.Index(c.hashAsks, a.Range)
	if i >= 0 {
		c.hashAsks = slices.Delete(c.hashAsks, i, i+1)
	}
	c.wmu.Unlock()
	if i < 0 {
		return false
	}
	if id == wire.Hashes {
		_, hashes := wire.ParseHashes(payload)
		a.Hashes = bytes.Clone(hashes)
	}
	c.events = append(c.events, Event{Kind: Hashed, Hashes: a})
	return true
}

// servedHashes are a peer's requests for hashes, and what bounds them.
type servedHashes struct {
	queue  []metainfo.HashRange // not yet answered, oldest first
	most   float64              // answers in a minute
	credit float64              // answers that may be given
	at     time.Time            // of credit
	after  time.Time            // when the next reject of what we do not have may come
}

// receiveHashRequest queues a request of the peer, or refuses it at once. dmu is held.
func (c *Conn) receiveHashRequest(r metainfo.HashRange) error {
	c.wmu.Lock()
	if c.info != nil && len(c.hashed.queue) < maxHashQueue {
		runs := c.info.NumPieces()/metainfo.HashRun + len(c.info.Files)
		c.hashed.most = float64(hashesServed*runs + hashesMore)
		c.hashed.queue = append(c.hashed.queue, r)
		c.wmu.Unlock()
		c.wakeWriter()
		return nil
	}
	c.out = wire.AppendHashRange(c.out, wire.HashReject, wire.HashRange(r))
	c.queued()
	return c.toil(toilHashRequest, 0)
}

// takeHashes moves the next requests for hashes to those that are answered now, as far
// as the peer's allowance goes. It returns how long the peer has to wait, if it has to.
// The caller holds wmu.
func (w *writer) takeHashes(now time.Time) (wait time.Duration) {
	h := &w.c.hashed
	if len(h.queue) == 0 {
		return 0
	}
	burst, rate := min(hashBurst, h.most), min(hashRate, h.most/60)
	if h.at.IsZero() {
		h.credit = burst
	}
	h.credit = min(burst, h.credit+now.Sub(h.at).Seconds()*rate)
	h.at = now
	if now.Before(h.after) {
		return h.after.Sub(now)
	}
	n := 0
	for n < min(len(h.queue), hashBatch) {
		cost := w.c.hashCost(h.queue[n])
		if h.credit < cost {
			wait = max(time.Millisecond, time.Duration((cost-h.credit)/rate*float64(time.Second)))
			break
		}
		if !w.c.swarm.host.gifts.give(now, w.c.addr.Addr(), int(cost)*wire.MaxHashes*32) {
			wait = rejectPause
			break
		}
		h.credit -= cost
		n++
	}
	w.hashes = append(w.hashes, h.queue[:n]...)
	h.queue = slices.Delete(h.queue, 0, n)
	return wait
}

// hashCost is what an answer takes of a peer's allowance: for leaves a piece is hashed.
func (c *Conn) hashCost(r metainfo.HashRange) float64 {
	if r.Base == 0 && c.info.PieceLength > metainfo.BlockLen {
		return leavesCost
	}
	return 1
}

// answerHashes appends the answers to what is to be written, without locks. After a
// reject the peer's other requests wait for a while: it may ask for the same again at
// once, for ever.
func (w *writer) answerHashes(now time.Time) {
	for _, r := range w.hashes {
		start := len(w.buf)
		if w.c.swarm.cfg.ServeHashes != nil {
			var ok bool
			w.buf = wire.AppendHashRange(w.buf, wire.Hashes, wire.HashRange(r))
			if w.buf, ok = w.c.swarm.cfg.ServeHashes(w.buf, r); ok {
				wire.EndHashes(w.buf[start:])
				continue
			}
			w.buf = w.buf[:start]
		}
		w.buf = wire.AppendHashRange(w.buf, wire.HashReject, wire.HashRange(r))
		w.c.wmu.Lock()
		w.c.hashed.after = now.Add(rejectPause)
		w.c.wmu.Unlock()
	}
	w.hashes = w.hashes[:0]
}

// sooner is the shorter of two waits, of which 0 is none.
func sooner(a, b time.Duration) time.Duration {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
