package hashplan

import (
	"slices"
	"time"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A Plan knows the missing hashes of one torrent, and the peers that were asked for them. It is
// for one goroutine at a time.
type Plan struct {
	info    *metainfo.Info
	missing map[[32]byte]int64 // roots of which the layer is not whole, and their files' length
	trees   map[[32]byte]*metainfo.LayerTree
	begun   []*metainfo.File // files of which hashes were wanted, while some are missing
	files   []*metainfo.File // files that have a layer, the first ones with all of theirs left out
	all     int              // who wants all layers
	asks    []Ask
	peers   map[*sched.Link]*source
	news    bool          // there may be something to ask for
	due     time.Duration // or then; 0: not by itself
	seen    [2]int        // the core's links and windows, when that was last looked at
}

// An Ask is a run that a peer is asked for and has not answered.
type Ask struct {
	Link  *sched.Link // its Conn is a Source
	Range metainfo.HashRange
	at    time.Duration
}

// A source is what is known of a peer that was asked.
type source struct {
	rest    time.Duration // not asked before
	refused int           // times that it answered none, since it last did
	wrong   int           // answers that were not proved
	silent  bool          // its last ask was given up
}

// A Source is a peer that can be asked for hashes: a *peer.Conn, or one of a test.
type Source interface {
	// AskHashes asks for a run; false: it cannot be asked now.
	AskHashes(r metainfo.HashRange) bool
}

var _ Source = (*peer.Conn)(nil)

// New returns what is to be fetched of a torrent besides layers; nil: nothing.
// A hybrid's pieces have their v1 hashes. Two files of one root and two lengths cannot be:
// that is a *metainfo.InvalidError.
func New(info *metainfo.Info, layers metainfo.PieceLayers) (*Plan, error) {
	if info.HasV1() {
		return nil, nil
	}
	p := &Plan{info: info, missing: make(map[[32]byte]int64), trees: make(map[[32]byte]*metainfo.LayerTree), peers: make(map[*sched.Link]*source)}
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

// Lacks reports whether the layer with a root is not whole.
func (p *Plan) Lacks(root [32]byte) bool {
	_, ok := p.missing[root]
	return ok
}

// Whole reports whether no layer is missing any more.
func (p *Plan) Whole() bool { return len(p.missing) == 0 }

// Tree returns what has come of the layer with a root that is not whole; nil: nothing was asked for.
func (p *Plan) Tree(root [32]byte) *metainfo.LayerTree { return p.trees[root] }

// Hash returns the hash of a piece whose file has no whole layer.
func (p *Plan) Hash(piece int) (hash [32]byte, ok bool) {
	f, i, _ := p.info.Layered(piece)
	t := p.trees[p.info.PiecesRoot(f)]
	if t == nil {
		return hash, false
	}
	return t.Hash(i)
}

// Blind reports whether a piece cannot be verified yet.
func (p *Plan) Blind(piece int) bool {
	f, _, layered := p.info.Layered(piece)
	if !layered || !p.Lacks(p.info.PiecesRoot(f)) {
		return false
	}
	_, ok := p.Hash(piece)
	return !ok
}

// tree returns the tree of a file; nil if all of its layer is known.
func (p *Plan) tree(f *metainfo.File) *metainfo.LayerTree {
	root := p.info.PiecesRoot(f)
	if f.Length <= p.info.PieceLength || !p.Lacks(root) {
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
func (p *Plan) of(l *sched.Link) *source {
	if p.peers[l] == nil {
		p.peers[l] = &source{}
	}
	return p.peers[l]
}

// Leave forgets a peer.
func (p *Plan) Leave(l *sched.Link) {
	delete(p.peers, l)
	kept := p.asks[:0]
	for _, a := range p.asks {
		if a.Link != l {
			kept = append(kept, a)
		}
	}
	clear(p.asks[len(kept):])
	p.asks = kept
	p.news = true
}

// Answer takes in what a peer answered. It returns the tree of which more is known now,
// nil if of none is. A proof that leads nowhere is no ground for a ban: some clients
// answer with other hashes than those that they were asked for. That peer is left alone.
func (p *Plan) Answer(now time.Duration, l *sched.Link, a *peer.HashAnswer) *metainfo.LayerTree {
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
		from.rest = now + min(RefusedRest<<min(from.refused, 10), refusedRestMost)
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

// Learn takes in that layers are whole.
func (p *Plan) Learn(layers metainfo.PieceLayers) {
	for root := range layers {
		delete(p.missing, root)
		delete(p.trees, root)
	}
	whole := func(f *metainfo.File) bool { return !p.Lacks(p.info.PiecesRoot(f)) }
	p.begun = slices.DeleteFunc(p.begun, whole)
	for len(p.files) > 0 && whole(p.files[0]) {
		p.files = p.files[1:]
	}
}

// Unable notes that a peer could not be asked.
func (p *Plan) Unable(now time.Duration, a Ask) {
	p.settle(a.Link, a.Range)
	from := p.of(a.Link)
	from.silent = true
	from.rest = now + silentRest
}

// settle takes an ask off the list.
func (p *Plan) settle(l *sched.Link, r metainfo.HashRange) {
	for i, a := range p.asks {
		if a.Link == l && a.Range == r {
			p.asks = append(p.asks[:i], p.asks[i+1:]...)
			return
		}
	}
}

// Bytes is about what the plan takes of memory.
func (p *Plan) Bytes() (n int64) {
	n = int64(len(p.missing))*128 + int64(cap(p.files)+cap(p.begun))*8
	for _, t := range p.trees {
		n += t.MemorySize()
	}
	return n
}
