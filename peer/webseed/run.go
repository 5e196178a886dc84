package webseed

import (
	"context"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A run is blocks that lie next to each other and are asked for together. The Seed's mu
// guards what changes.
type run struct {
	blocks  []metainfo.Block
	next    int    // blocks before it have come
	dropped []bool // nobody wants them any more
	live    int    // blocks that are still to come and wanted
	cancel  context.CancelCauseFunc
}

// cut takes the first blocks of the queue that lie next to each other, and returns a run of
// them. The lock is held and the queue is not empty.
func (s *Seed) cut() *run {
	r := &run{blocks: []metainfo.Block{s.queue[0]}}
	s.queue = slices.Delete(s.queue, 0, 1)
	for {
		next, ok := s.after(r.blocks)
		i := slices.Index(s.queue, next)
		if !ok || i < 0 {
			break
		}
		r.blocks = append(r.blocks, next)
		s.queue = slices.Delete(s.queue, i, i+1)
	}
	r.live, r.dropped = len(r.blocks), make([]bool, len(r.blocks))
	return r
}

// after is the block that would go on with a run. One that is long enough ends with its
// piece.
func (s *Seed) after(blocks []metainfo.Block) (metainfo.Block, bool) {
	last := blocks[len(blocks)-1]
	piece, n := int(last.Piece), int(last.Begin/metainfo.BlockLen)+1
	if n < s.info.NumBlocks(piece) {
		return s.info.Block(piece, n), true
	}
	if len(blocks)*metainfo.BlockLen >= runLength || piece+1 == s.info.NumPieces() {
		return metainfo.Block{}, false
	}
	next := s.info.Block(piece+1, 0)
	_, end := place(s.info, last)
	start, _ := place(s.info, next)
	return next, start == end // or a file of a v2 torrent ended within the piece
}

// fetch gets the blocks of a run, and hands each on when it is whole.
func (s *Seed) fetch(ctx context.Context, r *run) error {
	from, _ := place(s.info, r.blocks[0])
	_, to := place(s.info, r.blocks[len(r.blocks)-1])
	stall := time.AfterFunc(blockTime, func() { r.cancel(errStalled) })
	defer stall.Stop()
	a := &answer{seed: s, ctx: ctx, from: from, to: to}
	defer a.end()
	buf := make([]byte, metainfo.BlockLen)
	for i, b := range r.blocks {
		if err := a.read(buf[:b.Length]); err != nil {
			if context.Cause(ctx) == errStalled {
				return errStalled
			}
			return err
		}
		stall.Reset(blockTime)
		s.came(r, i)
		s.deliver(b, buf[:b.Length])
	}
	return nil
}

// came counts block i of a run.
func (s *Seed) came(r *run, i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.next = i + 1
	if r.dropped[i] {
		s.queue = slices.DeleteFunc(s.queue, func(b metainfo.Block) bool { return b == r.blocks[i] }) // asked for again
	} else {
		r.live--
	}
	s.fails, s.last = 0, ""
	s.received += int64(r.blocks[i].Length)
}

// deliver hands a block on.
func (s *Seed) deliver(b metainfo.Block, data []byte) {
	s.dmu.Lock()
	defer s.dmu.Unlock()
	if into := s.download.Place(b); into != nil {
		copy(into, data)
		s.download.Update([]peer.Event{{Kind: peer.Arrived, Block: b}})
	}
}

// drop takes a block out of the run; one that nobody wants a block of is cut. The lock is
// held.
func (r *run) drop(b metainfo.Block) bool {
	i := slices.Index(r.blocks, b)
	if i < r.next || r.dropped[i] {
		return false
	}
	r.dropped[i] = true
	if r.live--; r.live == 0 {
		r.cancel(context.Canceled)
	}
	return true
}

// rest is what did not come and is still wanted. The lock is held.
func (r *run) rest() (blocks []metainfo.Block) {
	for i := r.next; i < len(r.blocks); i++ {
		if !r.dropped[i] {
			blocks = append(blocks, r.blocks[i])
		}
	}
	return blocks
}
