package peer

import (
	"fmt"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// uploads are the requests of a peer that wait for their turn, oldest first.
type uploads struct {
	queue []metainfo.Block
	head  int
}

func (u *uploads) len() int { return len(u.queue) - u.head }

func (u *uploads) push(b metainfo.Block) {
	if u.head > 0 && len(u.queue) == cap(u.queue) {
		u.queue = u.queue[:copy(u.queue, u.queue[u.head:])]
		u.head = 0
	}
	u.queue = append(u.queue, b)
}

func (u *uploads) peek() metainfo.Block { return u.queue[u.head] }

func (u *uploads) pop() metainfo.Block {
	b := u.queue[u.head]
	u.head++
	if u.head == len(u.queue) {
		u.queue, u.head = u.queue[:0], 0
	}
	return b
}

// run is how many bytes the peer asks for in one piece from the oldest request on,
// without a gap, as far as maxRun.
func (u *uploads) run() int {
	first := u.peek()
	n := 0
	for _, b := range u.queue[u.head:] {
		if b.Piece != first.Piece || int(b.Begin) != int(first.Begin)+n || n+int(b.Length) > maxRun {
			break
		}
		n += int(b.Length)
	}
	return n
}

func (u *uploads) remove(b metainfo.Block) bool {
	i := slices.Index(u.queue[u.head:], b)
	if i < 0 {
		return false
	}
	u.queue = slices.Delete(u.queue, u.head+i, u.head+i+1)
	return true
}

// receiveRequest queues a request of the peer, or refuses it. dmu is held.
func (c *Conn) receiveRequest(b metainfo.Block) error {
	if c.info == nil || !c.info.ValidRequest(b) {
		if !c.fast && c.info != nil {
			return violation("request of %d+%d of piece %d, which is not in the torrent", b.Begin, b.Length, b.Piece)
		}
		c.reject(b)
		return c.toil(toilRequest, 0)
	}
	c.wanted.Store(time.Now().UnixNano())
	c.wmu.Lock()
	ok := c.mayHave(b) && c.uploads.len()+c.parkedBlocks < maxUploadQueue
	if ok {
		c.uploads.push(b)
	}
	c.wmu.Unlock()
	if !ok {
		c.reject(b)
		return c.toil(toilRequest, 0)
	}
	c.requested = true
	return nil
}

// mayHave reports whether the peer may have a block now. The peer must be unchoked, or
// the piece granted to it and not sent yet, and the piece must not be hidden from it.
// The caller holds wmu.
func (c *Conn) mayHave(b metainfo.Block) bool {
	if c.shown != nil && !c.shown[b.Piece] {
		return false
	}
	if !c.choking {
		return true
	}
	left, ok := c.grants[b.Piece]
	n := c.info.Content(b)
	if !ok || left < n {
		return false
	}
	c.grants[b.Piece] = left - n
	return true
}

// reject refuses a request; without the fast extension there is no way to say
// so.
func (c *Conn) reject(b metainfo.Block) {
	if !c.fast {
		return
	}
	c.wmu.Lock()
	c.out = wire.AppendBlock(c.out, wire.Reject, wire.Block(b))
	c.queued()
}

// cancelUpload takes a request back. With the fast extension every request is
// answered, this one by a reject.
func (c *Conn) cancelUpload(b metainfo.Block) {
	c.wmu.Lock()
	removed := c.uploads.remove(b) || c.unpark(b)
	c.wmu.Unlock()
	if removed {
		c.reject(b)
	}
}

// rejectUploads empties the queue at a choke, granted pieces left in. wmu is
// held.
func (c *Conn) rejectUploads() {
	kept := uploads{}
	for c.uploads.len() > 0 {
		b := c.uploads.pop()
		if _, ok := c.grants[b.Piece]; ok {
			kept.push(b)
		} else if c.fast {
			c.out = wire.AppendBlock(c.out, wire.Reject, wire.Block(b))
		}
	}
	c.uploads = kept
}

// An answer is a block that a peer gets.
type answer struct {
	metainfo.Block
	run int // bytes that it asks for from there on, if they are to be read ahead
}

// A span is a part of a piece.
type span struct{ piece, begin, end uint32 }

func (s span) holds(b metainfo.Block) bool {
	return b.Piece == s.piece && b.Begin >= s.begin && b.Begin+b.Length <= s.end
}

// take moves the next requests from the queue to the batch, as far as the
// upload limit allows, and returns how long it makes us wait, if it does. wmu is
// held.
func (w *writer) take(now time.Time) (wait time.Duration) {
	c := w.c
	limited := c.swarm.limited() && !c.sibling()
	most := w.meter.pace.batch()
	for size := 0; size < most && c.uploads.len() > 0; {
		n := int(c.uploads.peek().Length)
		if limited {
			if wait := w.pay(now, n); wait > 0 {
				return wait
			}
		}
		var a answer
		if b := c.uploads.peek(); !w.ahead.holds(b) && !limited && w.meter.pace != slow {
			a.run = c.uploads.run()
			w.ahead = span{b.Piece, b.Begin, b.Begin + uint32(a.run)}
		}
		a.Block = c.uploads.pop()
		w.batch = append(w.batch, a)
		size += n
	}
	return 0
}

// pay takes n bytes from what the upload limit has granted, or returns how long
// to wait for them.
func (w *writer) pay(now time.Time, n int) (wait time.Duration) {
	if limit := w.c.swarm.upload.Load(); w.limit != limit {
		w.limit, w.after = limit, time.Time{}
	}
	switch {
	case now.Before(w.after):
		return w.after.Sub(now)
	case !w.after.IsZero():
		w.after = time.Time{}
		w.credit += w.grant
	}
	if w.credit < n {
		w.grant = max(n, w.limit.grant)
		if wait := w.c.swarm.reserve(now, w.grant); wait > 0 {
			w.after = now.Add(wait)
			return wait
		}
		w.credit += w.grant
	}
	w.credit -= n
	return 0
}

// answer appends the blocks of the batch to what is to be written. It reads
// from Supply, without locks. What we do not have any more is rejected, or ends
// the connection: otherwise the peer would wait for it for ever.
func (w *writer) answer() error {
	sent := w.batch[:0]
	for _, a := range w.batch {
		err := w.appendBlock(a)
		switch {
		case err == nil:
			sent = append(sent, a)
		case w.park(a.Block):
		case w.c.fast:
			w.buf = wire.AppendBlock(w.buf, wire.Reject, wire.Block(a.Block))
		default:
			return fmt.Errorf("peer: asked for what we lost: %w", err)
		}
	}
	w.batch = sent
	return nil
}

func (w *writer) appendBlock(a answer) error {
	b := a.Block
	if w.lease == nil || w.piece != b.Piece {
		w.release()
		lease, err := w.c.swarm.cfg.Supply.Open(int(b.Piece))
		if err != nil {
			return err
		}
		w.lease, w.piece = lease, b.Piece
	}
	if a.run > int(b.Length) {
		w.lease.ReadAhead(int64(b.Begin), a.run)
	}
	start := len(w.buf)
	w.buf = wire.AppendPieceHeader(w.buf, wire.Block(b))
	at := len(w.buf)
	w.buf = slices.Grow(w.buf, int(b.Length))[:at+int(b.Length)]
	end := at + w.c.info.Content(b)
	clear(w.buf[end:])
	if n, err := w.lease.ReadAt(w.buf[at:end], int64(b.Begin)); n < end-at {
		w.buf = w.buf[:start]
		return fmt.Errorf("peer: read piece %d: %w", b.Piece, err)
	}
	return nil
}
