package blame

import "slices"

// A Record is what is known of one peer's honesty before there is proof. Of two peers that sent
// different bytes for one block one lies. An honest peer is in such conflicts as often as it is
// compared with liars, a liar as often as it is compared with honest peers, which are more. What was
// in pieces that proved right speaks for it. Nobody is punished for suspicion: it orders what is
// tried.
type Record struct {
	Proven    int  // blocks in pieces that were right, up to MaxProven
	Convicted bool // it lied: what it sent and sends counts for nothing

	compared   int // blocks of which others sent a version too
	conflicted int // of them, those with another version
	alike      int // blocks that a copy which is wrong has as well
	unlike     int // blocks that such a copy has otherwise
}

const (
	// MaxProven bounds what right blocks speak for a peer: it may begin to lie.
	MaxProven = 64
	// maxConflicts bounds the conflicts that are remembered.
	maxConflicts = 4096
	// failuresEach is how many failed pieces are put down to one liar.
	failuresEach = 3
	// failedSizes bounds what comes of them, in sizes of the torrent.
	failedSizes = 2
)

// Peer is a handle of a peer. Two are the same peer if they are equal.
type Peer interface {
	comparable
	Honesty() *Record // never nil
}

// Honesty implements Peer for what embeds a Record.
func (r *Record) Honesty() *Record { return r }

// Prove counts a block of a piece that proved right.
func (r *Record) Prove() { r.Proven = min(r.Proven+1, MaxProven) }

// Suspicion is how likely a block of the peer is wrong, from 0 to 1: a quarter while nothing is
// known, 1 of one that is convicted.
func (r *Record) Suspicion() float64 {
	if r.Convicted {
		return 1
	}
	return (float64(r.conflicted) + 0.5) / (float64(r.compared+r.Proven) + 2)
}

// League returns how little speaks against the peer where several lied, from 0 to 3:
//
//   - 0: the peer is proven.
//   - 1: it sent other bytes than the convicted peers.
//   - 2: nothing is known.
//   - 3: it sent the same bytes.
func (r *Record) League() int {
	switch {
	case r.Proven > 0:
		return 0
	case r.unlike > r.alike:
		return 1
	case r.alike == 0:
		return 2
	}
	return 3
}

// A Book is the conflicts among the peers of a torrent, and how many were convicted. The zero value
// is empty.
type Book[P Peer] struct {
	Convictions int64
	conflicts   []conflict
}

// A conflict is between two peers that sent different bytes for one block.
type conflict struct{ a, b *Record }

// compared notes that two peers sent a version of one block, the same or not.
func (b *Book[P]) compared(one, other *Record, same bool) {
	one.compared++
	other.compared++
	if same {
		return
	}
	if len(b.conflicts) == maxConflicts {
		b.conflicts[0].settle()
		b.conflicts = b.conflicts[1:]
	}
	one.conflicted++
	other.conflicted++
	b.conflicts = append(b.conflicts, conflict{one, other})
}

// settle takes a conflict out of the counts.
func (c conflict) settle() {
	for _, r := range []*Record{c.a, c.b} {
		r.compared--
		r.conflicted--
	}
}

// Convict marks a liar, and reports whether it was none before. Its conflicts say nothing of the
// others any more.
func (b *Book[P]) Convict(p P) bool {
	liar := p.Honesty()
	if liar.Convicted {
		return false
	}
	liar.Convicted = true
	b.Convictions++
	b.conflicts = slices.DeleteFunc(b.conflicts, func(c conflict) bool {
		with := c.a == liar || c.b == liar
		if with {
			c.settle()
		}
		return with
	})
	return true
}

// Wary reports whether there were more failures than the liars explain that were found, and one more
// that is about to be. It also reports true if more bytes came in failed copies than the torrent's
// span is worth. The blocks of a peer of unknown honesty are then to be kept apart, a piece for each
// peer. So the hash convicts it at the first failure, or proves it.
func (b *Book[P]) Wary(failures, failedBytes, span int64) bool {
	return failures > failuresEach*(b.Convictions+1) || failedBytes > failedSizes*span
}
