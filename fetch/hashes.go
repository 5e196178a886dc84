package fetch

import (
	"slices"
	"time"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// The hashes of a v2 torrent's pieces are not in its info dictionary, so who has that
// from peers has to ask for them too (BEP 52). They come in runs of 512, each proved by
// itself against the root of its file: what readers wait for first, then the rest of the
// files that they read, and of all files while somebody wants the .torrent. Meanwhile
// pieces are fetched as ever; a piece is hashed when its hash is there (verify.go).

// A hashPlan knows the missing hashes and the peers that were asked for them. It knows
// no clock or socket. The torrent's lock guards it.
type hashPlan struct {
	info    *metainfo.Info
	missing map[[32]byte]int64 // roots of which the layer is not whole, and their files' length
	trees   map[[32]byte]*metainfo.LayerTree
	begun   []*metainfo.File // files of which hashes were wanted, while some are missing
	files   []*metainfo.File // files that have a layer, the first ones with all of theirs left out
	all     int              // who wants all layers
	asks    []hashAsk
	peers   map[*sched.Link]*hashPeer
	news    bool          // there may be something to ask for
	due     time.Duration // or then; 0: not by itself
	seen    [2]int        // the core's links and windows, when that was last looked at
}

// A hashAsk is a run that a peer was asked for and has not answered.
type hashAsk struct {
	l  *sched.Link
	r  metainfo.HashRange
	at time.Duration
}

// A hashPeer is what is known of a peer that was asked.
type hashPeer struct {
	rest    time.Duration // not asked before
	refused int           // times that it answered none, since it last did
	wrong   int           // answers that were not proved
	silent  bool          // its last ask was given up
}

// A hashSource is a peer that can be asked for hashes: a *peer.Conn, or one of a test.
type hashSource interface {
	AskHashes(r metainfo.HashRange) bool
}

var _ hashSource = (*peer.Conn)(nil)

// newHashPlan returns what is to be fetched of a torrent besides layers; nil: nothing.
// A hybrid's pieces have their v1 hashes. Two files of one root and two lengths cannot be:
// that is a *metainfo.InvalidError.
func newHashPlan(info *metainfo.Info, layers metainfo.PieceLayers) (*hashPlan, error) {
	if info.HasV1() {
		return nil, nil
	}
	p := &hashPlan{info: info, missing: make(map[[32]byte]int64), trees: make(map[[32]byte]*metainfo.LayerTree), peers: make(map[*sched.Link]*hashPeer)}
	for i := range info.Files {
		f := &info.Files[i]
		if f.Length <= info.PieceLength {
			continue
		}
		root := info.PiecesRoot(f)
		if layers[root] != nil {
			continue
		}
		if n, ok := p.missing[root]; ok && n != f.Length {
			return nil, &metainfo.InvalidError{Field: "pieces root", Reason: metainfo.ReasonConflict, Detail: "of two files of different lengths"}
		}
		p.missing[root] = f.Length
		p.files = append(p.files, f)
	}
	if len(p.missing) == 0 {
		return nil, nil
	}
	return p, nil
}

// lacks reports whether the layer with a root is not whole.
func (p *hashPlan) lacks(root [32]byte) bool {
	_, ok := p.missing[root]
	return ok
}

// hash returns the hash of a piece whose file has no whole layer.
func (p *hashPlan) hash(piece int) (hash [32]byte, ok bool) {
	f, i, _ := p.info.Layered(piece)
	t := p.trees[p.info.PiecesRoot(f)]
	if t == nil {
		return hash, false
	}
	return t.Hash(i)
}

// blind reports whether a piece cannot be verified yet.
func (p *hashPlan) blind(piece int) bool {
	f, _, layered := p.info.Layered(piece)
	if !layered || !p.lacks(p.info.PiecesRoot(f)) {
		return false
	}
	_, ok := p.hash(piece)
	return !ok
}

// tree returns the tree of a file; nil if all of its layer is known.
func (p *hashPlan) tree(f *metainfo.File) *metainfo.LayerTree {
	root := p.info.PiecesRoot(f)
	if f.Length <= p.info.PieceLength || !p.lacks(root) {
		return nil
	}
	t := p.trees[root]
	if t == nil {
		t = p.info.NewLayerTree(f)
		p.trees[root] = t
		p.begun = append(p.begun, f)
	}
	return t
}

// of returns what is known of a peer.
func (p *hashPlan) of(l *sched.Link) *hashPeer {
	if p.peers[l] == nil {
		p.peers[l] = &hashPeer{}
	}
	return p.peers[l]
}

// leave forgets a peer.
func (p *hashPlan) leave(l *sched.Link) {
	delete(p.peers, l)
	kept := p.asks[:0]
	for _, a := range p.asks {
		if a.l != l {
			kept = append(kept, a)
		}
	}
	clear(p.asks[len(kept):])
	p.asks = kept
	p.news = true
}

// answer takes in what a peer answered. It returns the tree of which more is known now,
// nil if of none is. A proof that leads nowhere is no ground for a ban: some clients
// answer with other hashes than those that they were asked for. That peer is left alone.
func (p *hashPlan) answer(now time.Duration, l *sched.Link, a *peer.HashAnswer) *metainfo.LayerTree {
	p.news = true
	p.settle(l, a.Range)
	t, run := p.trees[a.Range.Root], int(a.Range.Index)/metainfo.HashRun
	if t == nil || t.Known(run) {
		return nil
	}
	from := p.of(l)
	from.silent = false
	switch {
	case a.Hashes == nil:
		from.rest = now + min(refusedRest<<min(from.refused, 10), refusedRestMost)
		from.refused++
		return nil
	case !t.Add(run, a.Hashes):
		from.wrong++
		from.rest = now + wrongRest
		return nil
	}
	from.refused = 0
	return t
}

// learn takes in that layers are whole.
func (p *hashPlan) learn(layers metainfo.PieceLayers) {
	for root := range layers {
		delete(p.missing, root)
		delete(p.trees, root)
	}
	whole := func(f *metainfo.File) bool { return !p.lacks(p.info.PiecesRoot(f)) }
	p.begun = slices.DeleteFunc(p.begun, whole)
	for len(p.files) > 0 && whole(p.files[0]) {
		p.files = p.files[1:]
	}
}

// unable notes that a peer could not be asked.
func (p *hashPlan) unable(now time.Duration, a hashAsk) {
	p.settle(a.l, a.r)
	from := p.of(a.l)
	from.silent = true
	from.rest = now + silentRest
}

// settle takes an ask off the list.
func (p *hashPlan) settle(l *sched.Link, r metainfo.HashRange) {
	for i, a := range p.asks {
		if a.l == l && a.r == r {
			p.asks = append(p.asks[:i], p.asks[i+1:]...)
			return
		}
	}
}

// bytes is about what the plan takes of memory.
func (p *hashPlan) bytes() (n int64) {
	n = int64(len(p.missing))*128 + int64(cap(p.files)+cap(p.begun))*8
	for _, t := range p.trees {
		n += t.MemorySize()
	}
	return n
}
