package metainfo

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/btgw/btgw/metainfo/lanes"
)

// Bytes that a worker reads before it hashes them: they stay in the second level of
// its core's cache while they are hashed twice. A block each of as many pieces as
// there are lanes, or more of fewer.
const hashBuffer = lanes.Width * BlockLen

// apart is the gap in bytes between the parts of a buffer into which pieces are read
// side by side. If parts were a power of two apart, the same offset of each would fall
// into one set of the core's cache. A set has fewer places than there are parts.
const apart = 64

// A pieceJob is a piece to be hashed, and its hashes.
type pieceJob struct {
	piece   int
	parts   []part // where its bytes are; those before at were read, and are no more what they were
	at      int
	v1, v2  bool  // which hashes it gets
	content int64 // bytes that the v2 tree covers: those before the padding
	width   int   // leaves of that tree

	sum  [hashLenV1]byte // SHA-1 of the piece
	root [hashLenV2]byte // of its tree
	hole bool            // it is zeros that no file system keeps: it was not read, and has no hashes here
}

// begin has another piece in j.
func (j *pieceJob) begin(piece int) {
	*j = pieceJob{piece: piece, parts: j.parts[:0]}
}

// unread is how many bytes of files were not read.
func (j *pieceJob) unread() (n int64) {
	for _, p := range j.parts[j.at:] {
		if p.file >= 0 {
			n += p.n
		}
	}
	return n
}

// A part is bytes of a file, or padding.
type part struct {
	file   int // -1: padding
	off, n int64
	last   bool // the file must end behind it
}

// A pieceHasher reads pieces and hashes them, several side by side (package lanes):
// one goroutine's work.
type pieceHasher struct {
	open     func(file int) (fs.File, error)
	next     func(*pieceJob) bool         // fills in the next piece to hash, if there is one
	done     func(*pieceJob, error) error // takes a piece; an error ends it all
	progress *meter
	holes    int64 // parts of so many bytes are not read where they are holes; 0: all are read

	lanes []pieceLane
	sha1  lanes.SHA1
	tree  leafHasher
}

// A pieceLane is one of the pieces that are read side by side.
type pieceLane struct {
	job  pieceJob
	busy bool
	left int64 // bytes of content that were not hashed yet
	buf  []byte
	tree merkleStack

	at   int // the file that is open, or the last one
	file fs.File
	from io.ReaderAt // nil: none is open
}

// newPieceHasher returns a pieceHasher for so many pieces side by side.
func newPieceHasher(width int) *pieceHasher {
	h := &pieceHasher{lanes: make([]pieceLane, width)}
	part := hashBuffer / width / BlockLen * BlockLen
	buf := make([]byte, width*(part+apart))
	for i := range h.lanes {
		h.lanes[i].buf = buf[i*(part+apart):][:part:part]
	}
	return h
}

// sideBySide returns how many pieces each of workers goroutines hashes side by side. It
// leaves work for every goroutine, and returns 1 where there are too few pieces for
// lanes to be faster.
func sideBySide(pieces int64, workers int) int {
	n := min(lanes.Width, (pieces+int64(workers)-1)/int64(workers))
	if !lanes.Available() || n < lanes.Worth {
		return 1
	}
	return int(n)
}

// run hashes pieces until there are none left, or done or ctx ends it.
func (h *pieceHasher) run(ctx context.Context) error {
	defer h.close()
	for {
		var read [lanes.Width][]byte
		busy := false
		for i := range h.lanes {
			var err error
			if read[i], err = h.read(ctx, i); err != nil {
				return err
			}
			busy = busy || h.lanes[i].busy
		}
		if !busy {
			return nil
		}
		h.hash(&read)
		for i := range h.lanes {
			if l := &h.lanes[i]; l.busy && l.job.at == len(l.job.parts) {
				if err := h.finish(i); err != nil {
					return err
				}
			}
		}
	}
}

func (h *pieceHasher) close() {
	for i := range h.lanes {
		h.lanes[i].close()
	}
}

// read fills a lane's buffer: from its piece, or from the next one where that cannot be read.
func (h *pieceHasher) read(ctx context.Context, i int) ([]byte, error) {
	l := &h.lanes[i]
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if !l.busy {
			if !h.next(&l.job) {
				return nil, nil
			}
			l.busy, l.left = true, l.job.content
			h.sha1.Reset(i)
		}
		n, err := 0, h.skip(l)
		if err == nil && !l.job.hole {
			n, err = h.fill(l)
		}
		if err == nil && !l.job.hole {
			return l.buf[:n], nil
		}
		l.busy, l.tree.n = false, 0
		if err := h.done(&l.job, err); err != nil {
			return nil, err
		}
	}
}

// skip looks whether a piece is a hole.
func (h *pieceHasher) skip(l *pieceLane) error {
	p := l.job.parts
	if len(p) != 1 || p[0].file < 0 || p[0].n != h.holes {
		return nil
	}
	if err := h.openFor(l, p[0].file); err != nil {
		return err
	}
	if l.job.hole = isHole(l.file, p[0].off, p[0].n); l.job.hole {
		h.progress.add(p[0].n)
	}
	return nil
}

// fill reads the next bytes of a piece, as many as there is room for.
func (h *pieceHasher) fill(l *pieceLane) (n int, err error) {
	for n < len(l.buf) && l.job.at < len(l.job.parts) {
		p := &l.job.parts[l.job.at]
		to := l.buf[n:][:min(p.n, int64(len(l.buf)-n))]
		if p.file < 0 {
			clear(to)
		} else {
			if err := h.readFile(l, p, to); err != nil {
				return 0, err
			}
			h.progress.add(int64(len(to)))
		}
		n += len(to)
		p.off += int64(len(to))
		if p.n -= int64(len(to)); p.n == 0 {
			l.job.at++
		}
	}
	return n, nil
}

// errShort is a file that ends too soon.
var errShort = errors.New("metainfo: the file is too short")

// errLong is a file that goes on where it should end.
var errLong = errors.New("metainfo: the file is too long")

// readFile reads bytes of a file, which must be there.
func (h *pieceHasher) readFile(l *pieceLane, p *part, to []byte) error {
	if err := h.openFor(l, p.file); err != nil {
		return err
	}
	n, err := l.from.ReadAt(to, p.off)
	if n < len(to) {
		if err == nil || errors.Is(err, io.EOF) {
			err = errShort
		}
		return err
	}
	if p.last && p.n == int64(len(to)) {
		var more [1]byte
		if n, _ := l.from.ReadAt(more[:], p.off+p.n); n > 0 {
			return errLong
		}
	}
	return nil
}

// openFor has a file open in a lane.
func (h *pieceHasher) openFor(l *pieceLane, file int) error {
	if l.file != nil && l.at == file {
		return nil
	}
	l.close()
	f, err := h.open(file)
	if err != nil {
		return err
	}
	from, ok := f.(io.ReaderAt)
	if !ok {
		from = &forwardReader{r: f}
	}
	l.file, l.at, l.from = f, file, from
	return nil
}

func (l *pieceLane) close() {
	if l.file != nil {
		_ = l.file.Close() // it was only read
		l.file = nil
	}
}

// hash takes the next bytes of each piece.
func (h *pieceHasher) hash(read *[lanes.Width][]byte) {
	of1 := *read
	for i := range h.lanes {
		l := &h.lanes[i]
		if !l.job.v1 {
			of1[i] = nil
		}
		if l.job.v2 && l.busy {
			content := read[i][:min(int64(len(read[i])), l.left)]
			l.left -= int64(len(content))
			for len(content) > 0 {
				n := min(len(content), BlockLen)
				h.tree.add(content[:n], &l.tree)
				content = content[n:]
			}
		}
	}
	h.sha1.Write(&of1)
	h.tree.flush()
}

// finish hands a piece over that was read to its end.
func (h *pieceHasher) finish(i int) error {
	l := &h.lanes[i]
	if l.job.v1 {
		l.job.sum = h.sha1.Sum(i)
	}
	if l.job.v2 {
		l.job.root = l.tree.root(l.job.width)
	}
	l.busy, l.tree.n = false, 0
	return h.done(&l.job, nil)
}

// A leafHasher hashes leaves of hash trees, up to sixteen of any trees side by side.
type leafHasher struct {
	sha256 lanes.SHA256
	leaves [lanes.Width][]byte
	trees  [lanes.Width]*merkleStack
	n      int
}

// add has a leaf pushed onto a tree, at the latest at the next flush. A tree's leaves
// are added in order, and must not change before that.
func (h *leafHasher) add(leaf []byte, tree *merkleStack) {
	h.leaves[h.n], h.trees[h.n] = leaf, tree
	if h.n++; h.n == lanes.Width {
		h.flush()
	}
}

// flush hashes the leaves that were added.
func (h *leafHasher) flush() {
	if h.n == 0 {
		return
	}
	for i := range h.n {
		h.sha256.Reset(i)
	}
	h.sha256.Write(&h.leaves)
	for i, tree := range h.trees[:h.n] {
		leaf := h.sha256.Sum(i)
		tree.push(&leaf)
	}
	h.n = 0
	clear(h.leaves[:])
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
