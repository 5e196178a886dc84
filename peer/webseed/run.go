package webseed

import (
	"context"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/runs"
)

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
func (s *Seed) fetch(r *runs.Run) error {
	from, _ := place(s.info, r.Blocks[0])
	_, to := place(s.info, r.Blocks[len(r.Blocks)-1])
	stall := time.AfterFunc(blockTime, func() { r.Cancel(errStalled) })
	defer stall.Stop()
	a := &answer{seed: s, ctx: r.Context, from: from, to: to}
	defer a.end()
	buf := make([]byte, metainfo.BlockLen)
	for i, b := range r.Blocks {
		if err := a.read(buf[:b.Length]); err != nil {
			if context.Cause(r.Context) == errStalled {
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
func (s *Seed) came(r *runs.Run, i int) {
	s.queue.Came(r, i, i+1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails, s.last = 0, ""
	s.received += int64(r.Blocks[i].Length)
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
