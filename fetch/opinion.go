package fetch

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A piece that failed its hash, and came from several peers, is fetched once
// more from all of them, each block from another peer than before: as quick as
// the first time, and then there are two opinions of each block. If one peer
// lied, the piece without what it sent is right. Only where that finds nothing
// is one peer asked for the whole piece alone (parole.go).

// seekOpinion has the piece fetched again with each block from somebody else,
// if there are peers enough.
func (c *core) seekOpinion(now time.Duration, f *flight) bool {
	if len(f.failed) != 1 || f.copies != 1 || c.holders(now, f.piece) < 2 {
		return false
	}
	f.avoid = f.failed[0].from
	return true
}

// holders counts the peers that keep their time and have the piece, up to two.
func (c *core) holders(now time.Duration, piece int) int {
	n := 0
	for _, l := range c.links {
		if l.late == 0 && l.holds(now, piece) {
			if n++; n == 2 {
				break
			}
		}
	}
	return n
}

// avoids reports whether block n should come from somebody else than l.
func (f *flight) avoids(l *link, n int) bool { return f.avoid != nil && f.avoid[n] == l }

// without lists the bytes of the piece, block by block, and who sent them, as
// they are if everything that l sent is left out where there is another
// opinion.
func (f *flight) without(l *link) ([][]byte, []*link) {
	parts, from := make([][]byte, len(f.blocks)), make([]*link, len(f.blocks))
	first := f.failed[0]
	for n := range f.blocks {
		if f.blocks[n].from != l {
			parts[n], from[n] = f.bytes(n), f.blocks[n].from
		} else {
			parts[n], from[n] = first.block(f, n), first.from[n]
		}
	}
	return parts, from
}

// block is the bytes of block n in the copy.
func (x *failure) block(f *flight, n int) []byte {
	off := n * metainfo.BlockLen
	return x.buf.Bytes()[off : off+f.blockSize(n)]
}

// suspects lists who sent blocks of either copy.
func (f *flight) suspects() []*link {
	all := f.contributors()
	for _, l := range f.failed[0].suspects() {
		if !contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

// reconcile looks for the one peer without whose blocks the piece is right; good
// hashes. Only the goroutine that hashed the piece may call it; it needs no
// lock, for nothing of a whole piece changes.
func (f *flight) reconcile(good func(parts [][]byte) bool) ([][]byte, []*link) {
	if f.avoid == nil || len(f.failed) != 1 {
		return nil, nil
	}
	for _, l := range f.suspects() {
		if parts, from := f.without(l); good(parts) {
			return parts, from
		}
	}
	return nil, nil
}

// settleOpinion makes the reconciled blocks the piece's; the copy that failed is
// kept for the blame.
func (c *core) settleOpinion(f *flight, parts [][]byte, from []*link) {
	bad := &failure{buf: f.buf, from: make([]*link, len(f.blocks))}
	f.buf = c.memory.buffer(f.size)
	for n, p := range parts {
		bad.from[n] = f.blocks[n].from
		copy(f.place(n), p)
		f.blocks[n].from = from[n]
	}
	f.failed = append(f.failed, bad)
	c.stats.hashFailures++
	c.stats.wasted += int64(f.size)
}
