package blame

import (
	"bytes"
	"slices"

	"github.com/btgw/btgw/metainfo"
)

// maxVersions bounds the distinct versions of one block that are kept.
const maxVersions = 4

// A Case is one piece that failed its hash. It holds the versions of its blocks, the peers that
// sent them, and the recovery attempts so far. The zero value is a piece that has not failed.
type Case[P Peer] struct {
	failed   bool
	versions [][]*version[P] // by block; nil: no copy is kept
	copies   int             // that came from several peers and are kept
	first    []P             // who sent the blocks of the first of them
	last     []*version[P]   // the copy that failed last; nil where a version is not kept

	attempts  int   // how often the piece was put together from versions
	refetched bool  // all of it came once more beside them
	Apart     bool  // blocks are to come from peers that have not sent them yet
	Order     []int // in which the blocks are to be asked for; nil: their own

	doubted  bool // blocks of the second copy differ from the first
	suspects []P  // if one alone lied it is one of these
	cleared  []P  // of which it is known that it is not
}

// A version is the bytes that at least one peer sent for a block.
type version[P Peer] struct {
	bytes []byte
	in    *slab
	from  []P
}

// A slab is memory that versions lie in.
type slab struct {
	memory   Memory
	block    Block
	size     int // counted
	versions int // that lie in it
}

// Memory counts and provides the memory of versions.
type Memory interface {
	// Keep counts n bytes; false: there is no room. Forget takes them off the count.
	Keep(n int) bool
	Forget(n int)
	// Block returns memory of n bytes.
	Block(n int) Block
}

// A Block is memory that is freed when it has no holder. Its receiver holds it once, and Retain
// adds a holder.
type Block interface {
	Bytes() []byte
	Retain()
	Release()
}

// A Copy is a piece as it came. Its block n is the bytes from n times metainfo.BlockLen on.
type Copy[P Peer] struct {
	Memory Memory
	Block  Block  // the bytes of the whole piece, constant from now on
	From   []P    // who sent each block
	Kept   []bool // of each block, that it is a version from before
}

func (c *Copy[P]) block(n int) []byte {
	b := c.Block.Bytes()
	return b[n*metainfo.BlockLen : min((n+1)*metainfo.BlockLen, len(b))]
}

// Failed reports whether a copy of the piece failed.
func (c *Case[P]) Failed() bool { return c.failed }

// Informed reports whether any version is kept.
func (c *Case[P]) Informed() bool { return c.versions != nil }

// Fail takes in a copy that several peers sent and that failed its hash. What is new of it is kept,
// once, and counted; it reports false where there is no room for that. Nothing is to be learned of the
// copy then, and one peer is to send the whole piece.
func (c *Case[P]) Fail(x *Copy[P]) bool {
	c.failed = true
	c.Drop()
	fresh, size := c.fresh(x)
	whole := size*2 > len(x.Block.Bytes()) // dearer to copy than to keep what is not new
	if whole {
		size = len(x.Block.Bytes())
	}
	if len(fresh) > 0 && !x.Memory.Keep(size) {
		return false
	}
	if c.versions == nil {
		c.versions = make([][]*version[P], len(x.From))
	}
	c.add(x, fresh, whole, size)
	if c.copies++; c.copies == 1 {
		c.first = slices.Clone(x.From)
	}
	return true
}

// fresh lists the blocks of a copy of which there is no such version yet, and the bytes that they
// have. Of the others it notes who sent them.
func (c *Case[P]) fresh(x *Copy[P]) (blocks []int, size int) {
	c.last = make([]*version[P], len(x.From))
	for n, p := range x.From {
		v := c.like(n, x.block(n))
		switch {
		case v != nil:
			c.last[n] = v
			if !x.Kept[n] && !slices.Contains(v.from, p) {
				v.from = append(v.from, p)
			}
		case x.Kept[n], p.Honesty().Convicted: // its version was dropped since, or is to be
		case c.versions == nil || len(c.versions[n]) < maxVersions:
			blocks, size = append(blocks, n), size+len(x.block(n))
		}
	}
	return blocks, size
}

// like is the version of block n that has these bytes, or nil.
func (c *Case[P]) like(n int, b []byte) *version[P] {
	if c.versions == nil {
		return nil
	}
	for _, v := range c.versions[n] {
		if bytes.Equal(v.bytes, b) {
			return v
		}
	}
	return nil
}

// add keeps the fresh blocks of a copy: where they lie if it is kept whole, else beside each other.
func (c *Case[P]) add(x *Copy[P], fresh []int, whole bool, size int) {
	if len(fresh) == 0 {
		return
	}
	in := &slab{memory: x.Memory, block: x.Block, size: size, versions: len(fresh)}
	if whole {
		x.Block.Retain()
	} else {
		in.block = x.Memory.Block(size)
	}
	to := in.block.Bytes()
	for _, n := range fresh {
		b := x.block(n)
		if !whole {
			b, to = to[:copy(to, b):len(b)], to[len(b):]
		}
		v := &version[P]{bytes: b, in: in, from: []P{x.From[n]}}
		c.versions[n] = append(c.versions[n], v)
		c.last[n] = v
	}
}

// Drop lets go of the versions that convicted peers alone sent.
func (c *Case[P]) Drop() {
	for n := range c.versions {
		c.versions[n] = slices.DeleteFunc(c.versions[n], func(v *version[P]) bool {
			_, ok := v.sender()
			if !ok {
				v.in.leave()
			}
			return !ok
		})
	}
}

// Close lets go of everything. The Case is as new.
func (c *Case[P]) Close() {
	for _, all := range c.versions {
		for _, v := range all {
			v.in.leave()
		}
	}
	*c = Case[P]{}
}

func (s *slab) leave() {
	if s.versions--; s.versions == 0 {
		s.block.Release()
		s.memory.Forget(s.size)
	}
}

// sender is the first that sent a version and is not convicted.
func (v *version[P]) sender() (p P, ok bool) {
	for _, p := range v.from {
		if !p.Honesty().Convicted {
			return p, true
		}
	}
	return p, false
}

// doubt is how likely the version is wrong: each of its senders would have to lie.
func (v *version[P]) doubt() float64 {
	doubt := 1.0
	for _, p := range v.from {
		if r := p.Honesty(); !r.Convicted {
			doubt *= r.Suspicion()
		}
	}
	return doubt
}

// Sent reports whether p sent a version of block n.
func (c *Case[P]) Sent(p P, n int) bool {
	if c.versions == nil {
		return false
	}
	for _, v := range c.versions[n] {
		if slices.Contains(v.from, p) {
			return true
		}
	}
	return false
}

// SentAny reports whether p sent a version of any block.
func (c *Case[P]) SentAny(p P) bool {
	for n := range c.versions {
		if c.Sent(p, n) {
			return true
		}
	}
	return false
}

// Senders counts the peers that sent a version of block n and are among those that count.
func (c *Case[P]) Senders(n int, counts func(P) bool) int {
	all := 0
	if c.versions == nil {
		return 0
	}
	for _, v := range c.versions[n] {
		for _, p := range v.from {
			if counts(p) {
				all++
			}
		}
	}
	return all
}

// Believed is the version of block n that is least in doubt, if that is less than most, and one of
// those that sent it. It is nothing that convicted peers alone sent.
func (c *Case[P]) Believed(n int, most float64) (b []byte, from P, ok bool) {
	v := c.believed(n, most)
	if v == nil {
		return nil, from, false
	}
	from, _ = v.sender()
	return v.bytes, from, true
}

func (c *Case[P]) believed(n int, most float64) (best *version[P]) {
	if c.versions == nil {
		return nil
	}
	for _, v := range c.versions[n] {
		if _, ok := v.sender(); !ok {
			continue
		}
		if doubt := v.doubt(); doubt < most {
			best, most = v, doubt
		}
	}
	return best
}

// Compare holds block n, which came of p just now, against the versions that others sent of it. It
// reports whether Order has changed for that.
func (c *Case[P]) Compare(book *Book[P], n int, p P, b []byte) (reordered bool) {
	if c.versions == nil {
		return false
	}
	for _, v := range c.versions[n] {
		same := bytes.Equal(v.bytes, b)
		for _, o := range v.from {
			if o == p || o.Honesty().Convicted {
				continue
			}
			book.compared(p.Honesty(), o.Honesty(), same)
			if !same && c.attempts == 1 {
				c.suspect(p, o)
				reordered = true
			}
		}
	}
	return reordered
}

// Alone learns from a wrong copy of the piece that one peer sent. Peers that sent the same bytes
// before may be in league with that peer; peers that sent other bytes are not.
func (c *Case[P]) Alone(x *Copy[P]) {
	for n, liar := range x.From {
		if c.versions == nil {
			return
		}
		if x.Kept[n] {
			continue
		}
		for _, v := range c.versions[n] {
			same := bytes.Equal(v.bytes, x.block(n))
			for _, p := range v.from {
				switch r := p.Honesty(); {
				case p == liar:
				case same:
					r.alike++
				default:
					r.unlike++
				}
			}
		}
	}
}

// Liars calls convict with each peer that sent a block which differs from the right piece.
func (c *Case[P]) Liars(right func(n int) []byte, convict func(P)) {
	for n, all := range c.versions {
		for _, v := range all {
			if bytes.Equal(v.bytes, right(n)) {
				continue
			}
			for _, p := range v.from {
				convict(p)
			}
		}
	}
}
