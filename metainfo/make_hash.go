package metainfo

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
)

// errChanged is a file that is not what it was when it was listed.
var errChanged = errors.New("the file changed while it was read")

// hasher hashes content for one torrent: its pieces are shared out among
// workers, each of which reads what it hashes.
type hasher struct {
	content  *content
	layout   layout
	v1, v2   bool
	pieces   []byte   // v1: a hash a piece
	layers   [][]byte // v2: a hash a piece, of each file
	progress *meter

	next atomic.Int64 // the first piece that nobody has claimed

	zeros      sync.Once // makes the next two, for pieces of nothing but zeros
	zeroPiece  [hashLenV1]byte
	zeroLeaves [hashLenV2]byte
}

// layout places files in the byte space of a torrent.
type layout struct {
	pieceLength int64
	offsets     []int64 // of each file
	pads        []int64 // bytes after each file up to the next piece, where that has to begin one
	span        int64
}

// layoutOf places files one behind the other; those of a torrent with a v2 half
// begin at pieces, and padding fills the gaps of a hybrid.
func layoutOf(o MakeOptions, c *content) layout {
	l := layout{pieceLength: o.PieceLength, offsets: make([]int64, len(c.files)), pads: make([]int64, len(c.files))}
	for i := range c.files {
		l.offsets[i] = l.span
		l.span += c.files[i].size
		if over := l.span % l.pieceLength; over != 0 && o.Version&V2 != 0 && !c.single {
			l.pads[i] = l.pieceLength - over
			l.span += l.pads[i]
		}
	}
	return l
}

// numPieces is how many pieces there are.
func (l *layout) numPieces() int64 { return (l.span + l.pieceLength - 1) / l.pieceLength }

func newHasher(o MakeOptions, c *content) (*hasher, error) {
	h := &hasher{content: c, layout: layoutOf(o, c), v1: o.Version&V1 != 0, v2: o.Version&V2 != 0}
	h.progress = &meter{total: c.size, report: o.Progress}
	n := h.layout.numPieces()
	if n > MaxPieces {
		return nil, invalidf("pieces", ReasonLimit, "%d, at most %d: choose a larger piece length", n, MaxPieces)
	}
	if h.v1 {
		h.pieces = make([]byte, n*hashLenV1)
	}
	if h.v2 {
		h.layers = make([][]byte, len(c.files))
		for i := range c.files {
			h.layers[i] = make([]byte, (c.files[i].size+o.PieceLength-1)/o.PieceLength*hashLenV2)
		}
	}
	return h, nil
}

// run hashes everything with so many workers, or one for each core (0). When it
// returns all of them have ended.
func (h *hasher) run(ctx context.Context, workers int) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	n := h.layout.numPieces()
	workers = int(max(1, min(int64(workers), n, (h.layout.span+makeBatch-1)/makeBatch)))
	width := sideBySide(n, workers)
	if !h.content.readsAt() {
		width = 1
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			if err := h.work(ctx, width); err != nil {
				cancel(err)
			}
		})
	}
	working.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if err := h.content.unchanged(); err != nil {
		return err
	}
	h.plantTrees()
	return nil
}

// plantTrees makes the root of each file from the hashes of its pieces.
func (h *hasher) plantTrees() {
	if !h.v2 {
		return
	}
	for i := range h.content.files {
		f := &h.content.files[i]
		switch {
		case f.size == 0:
		case f.size <= h.layout.pieceLength:
			f.root = [hashLenV2]byte(h.layers[i])
		default:
			f.root = layerRoot(h.layers[i], int(h.layout.pieceLength/BlockLen))
		}
	}
}

// pieceLayers are those of the files that are longer than a piece.
func (h *hasher) pieceLayers() PieceLayers {
	if !h.v2 {
		return nil
	}
	layers := PieceLayers{}
	for i := range h.content.files {
		if f := &h.content.files[i]; f.size > h.layout.pieceLength {
			layers[f.root] = h.layers[i]
		}
	}
	return layers
}

// hashZeros makes the hashes of a piece of nothing but zeros.
func (h *hasher) hashZeros() {
	h.zeros.Do(func() {
		block := make([]byte, BlockLen)
		sum, leaf := sha1.New(), sha256.Sum256(block)
		var tree merkleStack
		for range h.layout.pieceLength / BlockLen {
			sum.Write(block)
			tree.push(&leaf)
		}
		sum.Sum(h.zeroPiece[:0])
		h.zeroLeaves = tree.root(int(h.layout.pieceLength / BlockLen))
	})
}

// A meter tells one caller at a time how much of the content was hashed.
type meter struct {
	report func(done, total int64) // nil: nobody asked
	total  int64
	mu     sync.Mutex
	done   int64
}

func (m *meter) add(n int64) {
	if m.report == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done += n
	m.report(m.done, m.total)
}

// makeBatch is how many bytes of pieces a worker claims at least, so that a disk
// that seeks reads runs.
const makeBatch = 4 << 20

// A batch is pieces that one worker claims after the other.
type batch struct {
	next, end int64
}

// claim is the next piece of n, taken from what nobody has claimed where the
// batch is at its end; false: there is none.
func (b *batch) claim(unclaimed *atomic.Int64, n, pieceLength int64) (int64, bool) {
	if b.next == b.end {
		many := max(1, makeBatch/pieceLength)
		b.end = unclaimed.Add(many)
		b.next = b.end - many
	}
	if b.next >= n {
		b.next, b.end = n, n
		return 0, false
	}
	b.next++
	return b.next - 1, true
}

// work hashes pieces, side by side, until there are none left.
func (h *hasher) work(ctx context.Context, width int) error {
	var claimed batch
	w := newPieceHasher(width)
	w.progress, w.holes = h.progress, h.layout.pieceLength
	w.open = func(file int) (fs.File, error) { return h.content.fsys.Open(h.content.files[file].open) }
	w.next = func(job *pieceJob) bool {
		i, ok := claimed.claim(&h.next, h.layout.numPieces(), h.layout.pieceLength)
		if ok {
			h.plan(job, i)
		}
		return ok
	}
	w.done = func(job *pieceJob, err error) error {
		if errors.Is(err, errShort) || errors.Is(err, errLong) {
			err = errChanged
		}
		if err != nil {
			return fmt.Errorf("%s: %w", h.content.files[job.parts[job.at].file].open, err)
		}
		h.keep(job)
		return nil
	}
	return w.run(ctx)
}

// plan says what the i-th piece is: content of one file and its padding, or in a
// torrent of v1 alone whatever files are there.
func (h *hasher) plan(job *pieceJob, i int64) {
	l := &h.layout
	job.begin(int(i))
	job.v1, job.v2 = h.v1, h.v2
	at, end := i*l.pieceLength, min((i+1)*l.pieceLength, l.span)
	for file := l.fileAt(at); at < end; file++ {
		f := &h.content.files[file]
		off := at - l.offsets[file]
		n := min(end-at, f.size-off)
		if n <= 0 {
			continue // an empty file
		}
		job.parts = append(job.parts, part{file, off, n, off+n == f.size})
		at += n
		if h.v2 {
			job.content, job.width = n, l.treeWidth(f.size)
		}
		if at < end && l.pads[file] > 0 {
			if h.v1 {
				job.parts = append(job.parts, part{file: -1, n: end - at})
			}
			at = end
		}
	}
}

// treeWidth is how many leaves the tree of a piece has, of a file of so many bytes.
func (l *layout) treeWidth(size int64) int {
	if size <= l.pieceLength {
		return treeWidth((size + BlockLen - 1) / BlockLen)
	}
	return int(l.pieceLength / BlockLen)
}

// keep notes the hashes of a piece.
func (h *hasher) keep(job *pieceJob) {
	if job.hole {
		h.hashZeros()
		job.sum, job.root = h.zeroPiece, h.zeroLeaves
	}
	if h.v1 {
		copy(h.pieces[job.piece*hashLenV1:], job.sum[:])
	}
	if h.v2 {
		file := job.parts[0].file
		off := int64(job.piece)*h.layout.pieceLength - h.layout.offsets[file]
		copy(h.layers[file][off/h.layout.pieceLength*hashLenV2:], job.root[:])
	}
}

// fileAt is the last file that begins at an offset of the byte space or before.
func (l *layout) fileAt(at int64) int {
	return sort.Search(len(l.offsets), func(n int) bool { return l.offsets[n] > at }) - 1
}
