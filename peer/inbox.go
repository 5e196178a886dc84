package peer

import (
	"io"
	"sync"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// An inbox holds the bytes of a connection that were read and not yet used: buf[r:w].
// The body of a message that is not there as a whole bypasses it. A block goes into the
// place that Demand gave, any other long message into memory of its own length.
type inbox struct {
	buf    []byte
	r, w   int
	large  *[]byte // buf, when it comes from the pool
	blocks bool    // blocks come: the large buffer is worth it

	body  body
	block metainfo.Block
	id    wire.ID
}

// A body is a message's bytes that are still to come.
type body struct {
	open bool
	into []byte // where they go; nil: nowhere
	at   int    // how many came
	size int
}

func (in *inbox) bytes() []byte { return in.buf[in.r:in.w] }

// fill reads once: into the open body where much of it is missing, or else into
// the buffer.
func (in *inbox) fill(r io.Reader, pool *sync.Pool) (int, error) {
	if b := &in.body; b.open && b.into != nil && b.size-b.at >= directRead {
		n, err := r.Read(b.into[b.at:])
		b.at += n
		return n, err
	}
	in.makeRoom(pool)
	n, err := r.Read(in.buf[in.w:])
	in.w += n
	return n, err
}

// makeRoom moves what is left to the buffer's start, and exchanges the small
// buffer for a large one where it pays.
func (in *inbox) makeRoom(pool *sync.Pool) {
	if in.large == nil && in.blocks {
		in.large = pool.Get().(*[]byte)
		in.w = copy(*in.large, in.bytes())
		in.buf, in.r = *in.large, 0
		return
	}
	if in.buf == nil {
		in.buf = make([]byte, smallBuffer)
	}
	if in.r > 0 {
		in.w = copy(in.buf, in.bytes())
		in.r = 0
	}
}

// free gives the buffer back.
func (in *inbox) free(pool *sync.Pool) {
	if in.large != nil {
		pool.Put(in.large)
	}
	*in = inbox{}
}

// begin opens a body of size bytes, the first of which may be in the buffer,
// and reports whether all of them were.
func (in *inbox) begin(into []byte, size int) bool {
	in.body = body{open: true, into: into, size: size}
	return in.advance()
}

// advance moves buffered bytes to the open body and reports whether it is
// complete; then it is not open any more.
func (in *inbox) advance() bool {
	b := &in.body
	n := min(in.w-in.r, b.size-b.at)
	if b.into != nil {
		copy(b.into[b.at:], in.buf[in.r:in.r+n])
	}
	b.at += n
	in.r += n
	if b.at < b.size {
		return false
	}
	b.open = false
	return true
}

// fits reports whether a whole message of size bytes can be in the buffer.
func (in *inbox) fits(size int) bool { return size <= len(in.buf) }

// pieceHeader is what parsing wants of a piece message before its block.
func pieceHeader(f wire.Frame, b []byte) (metainfo.Block, bool) {
	if len(b) < wire.PieceHeaderLen {
		return metainfo.Block{}, false
	}
	return metainfo.Block(wire.ParsePieceHeader(f, b)), true
}
