package fetch

import "github.com/btgw/btgw/metainfo"

// Hashing is done by the goroutine that brought the block, in order, while its
// bytes are hot: there is no queue to wait in and no hop to pay for, and as
// many run at once as there are processors. When the last block of a piece is
// there, one block is left to hash. A piece is hashed by one goroutine at a
// time, which goes on while there are blocks in order.

// hashable reports whether the next block in order is there.
func (f *flight) hashable() bool {
	return !f.dead && f.hashed < len(f.blocks) && f.blocks[f.hashed].state == blockDone
}

// hashBlocks hashes what can be hashed of f, and of the pieces that were put off.
func (t *Torrent) hashBlocks(f *flight) {
	for {
		if f != nil {
			t.hashFlight(f)
		}
		t.mu.Lock()
		n := len(t.pending)
		if n == 0 {
			t.mu.Unlock()
			return
		}
		f = t.pending[n-1]
		t.pending = t.pending[:n-1]
		t.mu.Unlock()
	}
}

func (t *Torrent) hashFlight(f *flight) {
	t.mu.Lock()
	if f.hashing {
		t.mu.Unlock()
		return
	}
	f.hashing = true
	if f.verifier == nil {
		f.verifier, _ = t.info.NewVerifier(f.piece, t.layers)
	}
	copies := f.copies
	for f.hashable() {
		first, last := f.hashed, f.hashed
		for last < len(f.blocks) && f.blocks[last].state == blockDone {
			last++
		}
		buf, parts := f.buf, f.parts(first, last)
		buf.Retain()
		t.mu.Unlock()
		f.write(buf.Bytes()[first*metainfo.BlockLen:min(last*metainfo.BlockLen, f.size)], parts)
		buf.Release()
		t.mu.Lock()
		if f.copies != copies {
			// The copy was given up meanwhile: begin with the new one.
			copies = f.copies
			f.verifier, _ = t.info.NewVerifier(f.piece, t.layers)
			continue
		}
		f.hashed = last
	}
	f.hashing = false
	if f.dead || f.hashed < len(f.blocks) {
		t.mu.Unlock()
		return
	}
	ok := f.verifier != nil && f.verifier.OK()
	f.verifier = nil
	t.finish(f, ok)
}

// parts lists the blocks [first, last) one by one where some of them came
// beside the buffer; nil where they lie in it.
func (f *flight) parts(first, last int) [][]byte {
	if f.alts == nil {
		return nil
	}
	all := make([][]byte, 0, last-first)
	for n := first; n < last; n++ {
		all = append(all, f.bytes(n))
	}
	return all
}

// write hashes blocks in order: they are constant, whatever else comes.
func (f *flight) write(whole []byte, parts [][]byte) {
	if f.verifier == nil {
		return
	}
	if parts == nil {
		f.verifier.Write(whole)
	}
	for _, p := range parts {
		f.verifier.Write(p)
	}
}
