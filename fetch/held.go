package fetch

import (
	"errors"
	"io"

	"github.com/btgw/btgw/cache"
)

// A piece is the verified piece that is being sent: in memory, or leased from
// the cache.
type piece struct {
	n     int
	buf   *cache.Buffer
	lease *cache.Lease
	pins  int64 // bytes of memory
}

func (p *piece) empty() bool { return p.buf == nil && p.lease == nil }

// WriteNext implements Content.
func (c *content) WriteNext(w io.Writer) (int64, error) {
	c.mu.Lock()
	if c.held.empty() || c.closed {
		c.mu.Unlock()
		return 0, errNotReady
	}
	c.writing = true
	held := c.held
	c.mu.Unlock()

	off := c.pos - c.info.PieceOffset(held.n)
	size := min(MaxWrite, c.end-c.pos, int64(c.info.PieceSize(held.n))-off)
	write := held.write
	if c.s.Pressed() {
		write = c.writeCopy
	}
	n, err := write(w, off, size)
	lost := errors.Is(err, cache.ErrLost)
	if lost {
		err = nil // the cache gave the piece up: it is fetched again
	}

	c.mu.Lock()
	c.writing = false
	if c.closed || lost {
		c.release()
	}
	c.mu.Unlock()
	if c.doubt = c.doubt || lost; lost {
		if t := c.h.owner.Load(); t != nil {
			t.mu.Lock()
			t.doubt()
			t.mu.Unlock()
		}
	}
	if n > 0 {
		c.failFast = false
		c.advance(n)
	}
	return n, err
}

// writeCopy writes a little of the held piece from a copy, and releases the piece
// before it writes. Where memory is short, a client that does not read must not pin a
// piece.
func (c *content) writeCopy(w io.Writer, off, n int64) (int64, error) {
	b := c.s.pool.Get(int(min(n, pressedWrite)))
	defer b.Release()
	c.mu.Lock()
	err := c.held.read(b.Bytes(), off)
	c.release()
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	k, err := w.Write(b.Bytes())
	return int64(k), err
}

var errNotReady = errors.New("fetch: WriteNext without a Wait")

// take holds a piece, and counts the memory that it pins.
func (c *content) take(p piece) {
	p.pins = int64(c.info.PieceSize(p.n))
	if p.buf == nil && p.lease.Bytes() == nil {
		p.pins = min(p.pins, diskBuffer)
	}
	c.s.pinned.Add(p.pins)
	c.held = p
	c.readyLocked()
}

// release lets the held piece go.
func (c *content) release() {
	if c.held.buf != nil {
		c.held.buf.Release()
	}
	if c.held.lease != nil {
		c.held.lease.Release()
	}
	c.s.pinned.Add(-c.held.pins)
	c.held = piece{}
}

// read copies bytes of the piece.
func (p *piece) read(b []byte, off int64) error {
	if p.buf != nil {
		copy(b, p.buf.Bytes()[off:])
		return nil
	}
	_, err := p.lease.ReadAt(b, off)
	return err
}

// write sends bytes of the piece.
func (p *piece) write(w io.Writer, off, n int64) (int64, error) {
	if p.buf != nil {
		k, err := w.Write(p.buf.Bytes()[off : off+n])
		return int64(k), err
	}
	return p.lease.WriteRange(w, off, n)
}
