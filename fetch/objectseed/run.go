package objectseed

import (
	"context"
	"slices"

	"github.com/btgw/btgw/metainfo"
)

// A run is blocks that lie next to each other in an object and are asked for together. The
// Seed's mu guards what changes.
type run struct {
	blocks  []metainfo.Block
	next    int    // blocks before it have come
	dropped []bool // nobody wants them any more
	live    int    // blocks that are still to come and wanted
	cancel  context.CancelFunc
}

// cut takes the first blocks of the queue that lie next to each other, and returns a run of
// them. mu is held and the queue is not empty.
func (s *Seed) cut() *run {
	last := s.queue[0]
	r := &run{blocks: []metainfo.Block{last}}
	s.queue = slices.Delete(s.queue, 0, 1)
	for len(r.blocks)*metainfo.BlockLen < RunLength {
		next, ok := s.after(last)
		i := slices.Index(s.queue, next)
		if !ok || i < 0 {
			break
		}
		r.blocks, last = append(r.blocks, next), next
		s.queue = slices.Delete(s.queue, i, i+1)
	}
	r.live, r.dropped = len(r.blocks), make([]bool, len(r.blocks))
	return r
}

// after is the block that comes next in the same object.
func (s *Seed) after(last metainfo.Block) (metainfo.Block, bool) {
	piece, n := int(last.Piece), int(last.Begin/metainfo.BlockLen)+1
	if n < s.info.NumBlocks(piece) {
		return s.info.Block(piece, n), true
	}
	if _, end := s.layout.Pieces(s.layout.RunOf(piece)); piece == end {
		return metainfo.Block{}, false
	}
	return s.info.Block(piece+1, 0), true
}

// drop takes a block out of the run; one that nobody wants a block of is ended. mu is held.
func (r *run) drop(b metainfo.Block) bool {
	i := slices.Index(r.blocks, b)
	if i < r.next || r.dropped[i] {
		return false
	}
	r.dropped[i] = true
	if r.live--; r.live == 0 {
		r.cancel()
	}
	return true
}

// rest is what did not come and is still wanted. mu is held.
func (r *run) rest() (blocks []metainfo.Block) {
	for i := r.next; i < len(r.blocks); i++ {
		if !r.dropped[i] {
			blocks = append(blocks, r.blocks[i])
		}
	}
	return blocks
}
