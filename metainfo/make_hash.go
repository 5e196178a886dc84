package metainfo

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
)

const (
	// makeBuffer is how many bytes a worker reads at once: they stay in the
	// second level of its core's cache while they are hashed twice.
	makeBuffer = 128 << 10
	// makeBatch is how many bytes of pieces a worker claims at least, so that a
	// disk that seeks reads runs.
	makeBatch = 4 << 20
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

// layout is where files are in the byte space of a torrent.
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
	workers = int(min(int64(workers), (h.layout.span+makeBatch-1)/makeBatch))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			w := newMakeWorker(h)
			defer w.close()
			if err := w.run(ctx); err != nil {
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

// makeWorker hashes pieces, one at a time.
type makeWorker struct {
	*hasher
	buf  []byte
	sum  hash.Hash // of the piece (v1)
	leaf hash.Hash // of the leaf that is not complete yet (v2)
	tree merkleStack

	inLeaf int // bytes in leaf

	at   int // the file that is open, or the last one
	from io.ReaderAt
	file fs.File // nil: none is open
}

func newMakeWorker(h *hasher) *makeWorker {
	return &makeWorker{hasher: h, buf: make([]byte, makeBuffer+1), sum: sha1.New(), leaf: sha256.New()}
}

func (w *makeWorker) close() {
	if w.file != nil {
		_ = w.file.Close() // it was only read
		w.file = nil
	}
}

// run claims batches of pieces until there are none left.
func (w *makeWorker) run(ctx context.Context) error {
	batch := max(1, makeBatch/w.layout.pieceLength)
	for {
		last := w.next.Add(batch)
		for i := last - batch; i < min(last, w.layout.numPieces()); i++ {
			if err := w.piece(ctx, i); err != nil {
				return err
			}
		}
		if last >= w.layout.numPieces() {
			return nil
		}
	}
}

// piece hashes the i-th piece: content of one file and its padding, or in a
// torrent of v1 alone whatever files are there.
func (w *makeWorker) piece(ctx context.Context, i int64) error {
	l := &w.layout
	at, end := i*l.pieceLength, min((i+1)*l.pieceLength, l.span)
	w.sum.Reset()
	for file := l.fileAt(at); at < end; file++ {
		f := &w.content.files[file]
		off := at - l.offsets[file]
		n := min(end-at, f.size-off)
		if n <= 0 {
			continue // an empty file
		}
		hole, err := w.read(ctx, file, off, n)
		if err != nil {
			return fmt.Errorf("%s: %w", f.open, err)
		}
		if hole {
			w.keepZeros(i, file, off)
			return nil
		}
		at += n
		if at < end && l.pads[file] > 0 {
			w.pad(end - at)
			at = end
		}
		w.keepTree(file, off)
	}
	if w.v1 {
		w.sum.Sum(w.pieces[:i*hashLenV1])
	}
	return nil
}

// fileAt is the last file that begins at an offset of the byte space or before.
func (l *layout) fileAt(at int64) int {
	return sort.Search(len(l.offsets), func(n int) bool { return l.offsets[n] > at }) - 1
}

// read hashes n bytes of a file. It reads nothing, and is true, where those are
// a whole piece for which the file system keeps no data.
func (w *makeWorker) read(ctx context.Context, file int, off, n int64) (hole bool, err error) {
	f := &w.content.files[file]
	if err := w.open(file); err != nil {
		return false, err
	}
	if n == w.layout.pieceLength && isHole(w.file, off, n) {
		w.progress.add(n)
		return true, nil
	}
	for end := off + n; off < end; {
		if err := ctx.Err(); err != nil {
			return false, context.Cause(ctx)
		}
		part := w.buf[:min(end-off, makeBuffer)]
		more := part
		if off+int64(len(part)) == f.size {
			more = w.buf[:len(part)+1] // which has to be past the end
		}
		got, err := w.from.ReadAt(more, off)
		if got != len(part) {
			if err == nil || errors.Is(err, io.EOF) {
				err = errChanged
			}
			return false, err
		}
		w.hash(part)
		off += int64(len(part))
		w.progress.add(int64(len(part)))
	}
	return false, nil
}

// open has a file ready to be read.
func (w *makeWorker) open(file int) error {
	if w.file != nil && w.at == file {
		return nil
	}
	w.close()
	f, err := w.content.fsys.Open(w.content.files[file].open)
	if err != nil {
		return err
	}
	w.file, w.at = f, file
	from, ok := f.(io.ReaderAt)
	if !ok {
		from = &forwardReader{r: f}
	}
	w.from = from
	return nil
}

// forwardReader reads at offsets that only grow, by skipping what is between.
type forwardReader struct {
	r  io.Reader
	at int64
}

// ReadAt reads as io.ReaderAt says, for one caller at a time.
func (f *forwardReader) ReadAt(p []byte, off int64) (int, error) {
	if off > f.at {
		skipped, err := io.CopyN(io.Discard, f.r, off-f.at)
		f.at += skipped
		if err != nil {
			return 0, err
		}
	}
	n, err := io.ReadFull(f.r, p)
	f.at += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// hash takes the next bytes of the piece.
func (w *makeWorker) hash(p []byte) {
	if w.v1 {
		w.sum.Write(p)
	}
	for w.v2 && len(p) > 0 {
		if w.inLeaf == 0 && len(p) >= BlockLen {
			leaf := sha256.Sum256(p[:BlockLen])
			w.tree.push(&leaf)
			p = p[BlockLen:]
			continue
		}
		n := min(len(p), BlockLen-w.inLeaf)
		w.leaf.Write(p[:n])
		p = p[n:]
		if w.inLeaf += n; w.inLeaf == BlockLen {
			w.endLeaf()
		}
	}
}

func (w *makeWorker) endLeaf() {
	var leaf [hashLenV2]byte
	w.leaf.Sum(leaf[:0])
	w.tree.push(&leaf)
	w.leaf.Reset()
	w.inLeaf = 0
}

// pad hashes padding, which the v2 half does not know of.
func (w *makeWorker) pad(n int64) {
	if !w.v1 {
		return
	}
	var zeros [4096]byte
	for n > 0 {
		m := min(n, int64(len(zeros)))
		w.sum.Write(zeros[:m])
		n -= m
	}
}

// keepTree ends the tree over the piece of a file that begins at off.
func (w *makeWorker) keepTree(file int, off int64) {
	if !w.v2 {
		return
	}
	if w.inLeaf > 0 {
		w.endLeaf()
	}
	size := w.content.files[file].size
	width := int(w.layout.pieceLength / BlockLen)
	if size <= w.layout.pieceLength {
		width = treeWidth((size + BlockLen - 1) / BlockLen)
	}
	root := w.tree.root(width)
	w.tree.n = 0
	copy(w.layers[file][off/w.layout.pieceLength*hashLenV2:], root[:])
}

// keepZeros notes a piece of nothing but zeros, which begins at off of a file.
func (w *makeWorker) keepZeros(i int64, file int, off int64) {
	w.hashZeros()
	if w.v1 {
		copy(w.pieces[i*hashLenV1:], w.zeroPiece[:])
	}
	if w.v2 {
		copy(w.layers[file][off/w.layout.pieceLength*hashLenV2:], w.zeroLeaves[:])
	}
}
