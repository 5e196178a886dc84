package peer

import (
	"fmt"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// Send queues commands to the peer; all that is queued leaves in one write. It
// never blocks. Commands to a connection that is over are dropped.
func (c *Conn) Send(cmds ...Command) {
	c.wmu.Lock()
	for i := range cmds {
		c.encode(&cmds[i])
	}
	c.queued()
}

// encode appends a command. wmu is held.
func (c *Conn) encode(cmd *Command) {
	switch cmd.Op {
	case Interested, NotInterested:
		c.speculative = false
		c.tellInterest(cmd.Op == Interested)
	case Request:
		if c.owed.Add(1) == 1 && c.kin != nil {
			c.kin.owing.Store(time.Now().UnixNano())
		}
		if c.kin != nil {
			c.kin.asks(cmd.Block.Piece, 1)
		}
		c.asked.Add(1)
		c.out = wire.AppendBlock(c.out, wire.Request, wire.Block(cmd.Block))
	case Cancel:
		c.cancelled.Add(1)
		if c.kin != nil {
			c.kin.asks(cmd.Block.Piece, -1)
		}
		c.out = wire.AppendBlock(c.out, wire.Cancel, wire.Block(cmd.Block))
	}
}

// tellInterest says whether we are interested, if the peer has not heard. wmu
// is held.
func (c *Conn) tellInterest(interested bool) {
	if c.interested == interested {
		return
	}
	c.interested = interested
	id := wire.NotInterested
	if interested {
		id = wire.Interested
	}
	c.out = wire.AppendSimple(c.out, id)
}

// speculate claims interest before the info dictionary is known, so that the
// unchoke is there when it is.
func (c *Conn) speculate() {
	c.wmu.Lock()
	if !c.interested && !c.empty.Load() {
		c.speculative = true
		c.tellInterest(true)
	}
	c.queued()
}

// settleInterest takes back an interest that Demand has not confirmed.
func (c *Conn) settleInterest() {
	c.wmu.Lock()
	if c.speculative {
		c.speculative = false
		c.tellInterest(false)
	}
	c.queued()
}

// tellHave queues a HAVE; a seed has no use for it.
func (c *Conn) tellHave(piece int) {
	if c.seed.Load() {
		return
	}
	c.wmu.Lock()
	c.out = wire.AppendIndex(c.out, wire.Have, uint32(piece))
	c.told.Add(1)
	c.queued()
}

// tellDontHave takes a HAVE back, where the peer understands that.
func (c *Conn) tellDontHave(piece int) {
	c.wmu.Lock()
	delete(c.grants, uint32(piece))
	if e := c.ext.Load(); e != nil && e.DontHave != 0 {
		c.out = wire.AppendDontHave(c.out, e.DontHave, uint32(piece))
		c.told.Add(1)
	}
	c.queued()
}

// setChoke chokes or unchokes the peer. What a choked peer had asked for is
// void; with the fast extension it is told so, request by request.
func (c *Conn) setChoke(choke bool) {
	c.wmu.Lock()
	if c.choking != choke {
		c.choking = choke
		if choke {
			c.out = wire.AppendSimple(c.out, wire.Choke)
			c.rejectUploads()
		} else {
			c.out = wire.AppendSimple(c.out, wire.Unchoke)
		}
	}
	c.queued()
}

// queued releases wmu and wakes the writer, if there is something to write. A
// peer that does not read what it asks for is let go.
func (c *Conn) queued() {
	n := len(c.out)
	c.wmu.Unlock()
	if n > maxQueuedOut {
		c.Close(errSlow)
	} else if n > 0 {
		c.wakeWriter()
	}
}

func (c *Conn) wakeWriter() {
	select {
	case c.wakeup <- struct{}{}:
	default:
	}
}

// writeLoop writes what is queued until the connection ends.
func (c *Conn) writeLoop() {
	w := writer{c: c}
	defer w.settleParked(true)
	defer w.release()
	timer := time.NewTimer(keepAliveAfter)
	defer timer.Stop()
	for {
		wait, err := w.flush(time.Now())
		if err != nil {
			c.Close(err)
			return
		}
		if wait == 0 {
			continue
		}
		timer.Reset(wait)
		select {
		case <-c.done:
			return
		case <-c.wakeup:
		case <-timer.C:
		}
	}
}

// A writer is the state of a connection's writing goroutine.
type writer struct {
	c        *Conn
	buf      []byte // being written; exchanged with c.out
	deadline time.Time
	last     time.Time // of the last write

	batch  []answer // requests being answered
	hashes []metainfo.HashRange
	ahead  span // what was read ahead last
	meter  meter
	limit  *torrentLimit // by which what follows was asked for
	credit int           // bytes that the upload limit has granted
	grant  int           // what is waited for, in bytes
	after  time.Time     // when it comes; zero: nothing is waited for

	progressed time.Time // when a sibling was last told of progress
	progress   int64     // what had been downloaded by then

	lease Lease // of piece, while its blocks are asked for
	piece uint32
}

// flush writes once what is queued, blocks that the peer asked for among it. It
// returns how long to wait for more: 0 if there is more already.
func (w *writer) flush(now time.Time) (time.Duration, error) {
	c := w.c
	c.wmu.Lock()
	w.buf, c.out = c.out, w.buf[:0]
	w.takeMetadata()
	wait := sooner(w.take(now), w.takeHashes(now))
	wait = sooner(wait, w.sayProgress(now))
	if len(w.buf) == 0 && len(w.batch) == 0 && len(w.hashes) == 0 { // at rest
		w.buf, c.out = small(w.buf), small(c.out)
	}
	c.wmu.Unlock()
	taken := len(w.batch) > 0
	w.answerHashes(now)
	if err := w.answer(); err != nil {
		return 0, err
	}
	w.settleParked(false)
	if len(w.buf) == 0 && taken {
		return 0, nil // all of it is parked, and there may be more
	}
	if len(w.buf) == 0 {
		if w.last.IsZero() {
			w.last = now
		}
		silent := now.Sub(w.last)
		if silent < keepAliveAfter {
			if wait == 0 {
				w.release()
				w.ahead = span{}
				wait = keepAliveAfter - silent
			}
			return wait, nil
		}
		w.buf = wire.AppendKeepAlive(w.buf)
	}
	if err := w.write(now); err != nil {
		return 0, err
	}
	w.trim()
	return 0, nil
}

// write sends the buffer.
func (w *writer) write(now time.Time) error {
	if due := now.Add(writeTimeout); due.Sub(w.deadline) > deadlineSlack {
		w.deadline = due
		if err := w.c.nc.SetWriteDeadline(due); err != nil {
			return fmt.Errorf("peer: write: %w", err)
		}
	}
	began := time.Now()
	if _, err := w.c.nc.Write(w.buf); err != nil {
		return fmt.Errorf("peer: write: %w", err)
	}
	w.last = now
	n := 0
	for _, b := range w.batch {
		n += int(b.Length)
	}
	w.c.uploaded.Add(int64(n))
	w.c.swarm.uploaded.Add(int64(n))
	if n > 0 && w.c.sibling() {
		w.c.swarm.insideUp.Add(int64(n))
		w.c.swarm.host.fleet.out.Add(int64(n))
	}
	if n > 0 {
		w.c.content(false)
	}
	if n > 0 && w.meter.measure(n, began, time.Since(began)) {
		boundUnsent(socket(w.c.nc), w.meter.pace.unsent())
	}
	w.batch = w.batch[:0]
	return nil
}

// trim drops a buffer that was large for once.
func (w *writer) trim() {
	if w.meter.pace != fast || cap(w.buf) > 2*fastBatch {
		w.buf = small(w.buf)
	}
}

// small is a buffer to use again, unless it is large.
func small(buf []byte) []byte {
	if cap(buf) > 2*largeBuffer {
		return nil
	}
	return buf
}

// release lets go of the piece that was uploaded from.
func (w *writer) release() {
	if w.lease != nil {
		w.lease.Release()
		w.lease = nil
	}
}
