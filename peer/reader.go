package peer

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// readLoop reads until the connection ends, and returns why it does. The dmu is
// taken once a read, for all that the read brought.
func (c *Conn) readLoop() error {
	var deadline time.Time
	pool := &c.swarm.host.buffers
	for {
		now := time.Now()
		if due := now.Add(idleTimeout); due.Sub(deadline) > deadlineSlack {
			deadline = due
			if err := c.nc.SetReadDeadline(deadline); err != nil {
				return fmt.Errorf("peer: read: %w", err)
			}
		}
		n, err := c.in.fill(c.nc, pool)
		c.work.now = time.Now()
		if n > 0 {
			if c.owed.Load()-c.cancelled.Load() < quickAckBelow || c.waitMeta.Load() {
				c.quick.ack()
			}
			if perr := c.digest(n); perr != nil {
				return perr
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				return io.EOF
			}
			return fmt.Errorf("peer: read: %w", err)
		}
	}
}

// digest handles the n bytes that one read brought and reports it.
func (c *Conn) digest(n int) error {
	c.dmu.Lock()
	defer c.dmu.Unlock()
	before := c.work.messages
	err := c.parse()
	if err == nil && n < toilDribbled && c.work.messages == before {
		err = c.toil(toilDribble, 0)
	}
	switch in, meta := &c.in, c.waitMeta.Load(); {
	case in.body.open && (in.id == wire.Piece || meta):
		c.partial.Store(int64(in.body.at))
	case meta: // it is in the buffer
		c.partial.Store(int64(len(in.bytes())))
	}
	if c.requested { // now that it sees all of them
		c.requested = false
		c.wakeWriter()
	}
	if c.info == nil {
		c.askEarly()
	}
	c.update()
	return err
}

// parse handles all messages that are there as a whole, and opens the body of
// the one that is not, if that does not fit the buffer.
func (c *Conn) parse() error {
	in := &c.in
	for {
		if in.body.open {
			if !in.advance() {
				return nil
			}
			if err := c.finish(); err != nil {
				return err
			}
		}
		b := in.bytes()
		f, ok, err := wire.ReadFrame(b)
		if err != nil {
			return &ProtocolError{Err: err}
		}
		if !ok {
			return nil
		}
		if f.ID == wire.Piece {
			if ok, err = c.piece(f, b); err != nil {
				return err
			}
		} else if ok, err = c.message(f, b); err != nil {
			return err
		}
		if !ok {
			return nil
		}
	}
}

// message handles a message other than a block; false if it is not there yet.
func (c *Conn) message(f wire.Frame, b []byte) (bool, error) {
	in := &c.in
	if len(b) >= f.Size() {
		in.r += f.Size()
		c.work.messages++
		if f.ID == wire.KeepAlive {
			return true, c.toil(toilKeepAlive, 0)
		}
		return true, c.receive(f.ID, b[wire.FrameLen:f.Size()])
	}
	if !in.fits(f.Size()) {
		in.r += wire.FrameLen
		in.id = f.ID
		var into []byte
		if f.ID != wire.Hashes || c.awaitsHashes() {
			into = make([]byte, f.Payload)
		}
		in.begin(into, f.Payload)
	}
	return false, nil
}

// piece opens the body of a block; false if even its header is not there yet.
func (c *Conn) piece(f wire.Frame, b []byte) (bool, error) {
	blk, ok := pieceHeader(f, b)
	if !ok {
		return false, nil
	}
	if c.download != nil && !c.mayCome(blk) {
		return false, violation("block %d+%d of piece %d, which nobody asks for", blk.Begin, blk.Length, blk.Piece)
	}
	// A request is answered by one block at most, whatever was cancelled since.
	if c.blocks++; c.blocks > c.asked.Load() {
		return false, violation("more blocks than were asked for")
	}
	in := &c.in
	in.r += wire.PieceHeaderLen
	in.id, in.block, in.blocks = wire.Piece, blk, true
	var into []byte
	if c.download != nil {
		into = c.download.Place(blk)
	} else if into = c.placeEarly(blk); into == nil {
		return false, violation("block before the metadata is known")
	}
	if into != nil && len(into) != int(blk.Length) {
		return false, fmt.Errorf("peer: place of %d bytes for a block of %d", len(into), blk.Length)
	}
	if !in.begin(into, int(blk.Length)) {
		return false, nil
	}
	return true, c.finish()
}

// mayCome reports whether b is a block of the torrent, or the beginning of one (CheckLen).
func (c *Conn) mayCome(b metainfo.Block) bool {
	if b.Length == CheckLen {
		return c.info.ValidBlock(b) || c.info.ValidBlock(metainfo.Block{Piece: b.Piece, Begin: b.Begin, Length: metainfo.BlockLen})
	}
	return c.info.ValidBlock(b)
}

// finish handles the message whose body is complete.
func (c *Conn) finish() error {
	in := &c.in
	into := in.body.into
	in.body = body{}
	c.work.messages++
	if in.id != wire.Piece {
		return c.receive(in.id, into)
	}
	n := int64(in.block.Length)
	c.downloaded.Add(n)
	c.swarm.downloaded.Add(n)
	c.heardOf(n)
	c.settled(in.block.Piece)
	c.content(true)
	c.answered()
	if len(c.early) > 0 && c.arrivedEarly(in.block) {
		return nil
	}
	if into != nil {
		c.events = append(c.events, Event{Kind: Arrived, Block: in.block})
	}
	return nil
}

// answered notes that a request has its answer. The count is only nearly right: some
// peers answer cancels.
func (c *Conn) answered() {
	if c.owed.Add(-1) <= 0 {
		c.owed.Store(0)
		c.cancelled.Store(0)
	}
}
