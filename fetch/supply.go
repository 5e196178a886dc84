package fetch

import (
	"fmt"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

var _ peer.Supply = (*Torrent)(nil)

// Have returns the pieces that peers may ask for: all that are held and were verified
// in this run, in a copy. A super-seed shows them one by one, so that there is time.
func (t *Torrent) Have() metainfo.Bitfield {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.core == nil {
		return nil
	}
	have := t.core.Have.Clone()
	for i := range t.proving.left {
		if !t.superSeed {
			have[i] &^= t.proving.left[i]
		}
	}
	return have
}

// Open gives a verified piece for upload; it may read the disk.
func (t *Torrent) Open(piece int) (peer.Lease, error) {
	t.mu.Lock()
	if buf := t.ready[piece]; buf != nil {
		buf.Retain()
		t.mu.Unlock()
		return bufferLease{buf, t.info.PieceSize(piece)}, nil
	}
	t.mu.Unlock()
	lease, err := t.stored.Lend(piece)
	if err != nil {
		if damaged(err) {
			t.mu.Lock()
			t.doubt()
			t.mu.Unlock()
		}
		return nil, fmt.Errorf("piece %d for upload: %w", piece, err)
	}
	return lease, nil
}

// A bufferLease lends a piece that is still in a window.
type bufferLease struct {
	buf  *cache.Buffer
	size int
}

// ReadAt copies from the piece.
func (b bufferLease) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off+int64(len(p)) > int64(b.size) {
		return 0, fmt.Errorf("read of %d bytes at %d of a piece of %d", len(p), off, b.size)
	}
	return copy(p, b.buf.Bytes()[off:b.size]), nil
}

// ReadAhead has nothing to do: the piece is in memory.
func (bufferLease) ReadAhead(int64, int) {}

// Release ends the lease.
func (b bufferLease) Release() { b.buf.Release() }
