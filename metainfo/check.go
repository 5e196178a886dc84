package metainfo

import (
	"context"
	"io/fs"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
)

// CheckOptions tell where the files of a torrent are.
type CheckOptions struct {
	// FS holds the files, each under the path that Name gives; a file with the path ""
	// is missing.
	FS   fs.FS
	Name func(f *File) string
	// Workers is the number of goroutines that read and hash; 0 means one a core.
	Workers int
	// Progress, if not nil, is called with the bytes hashed so far and the bytes in
	// all, one call at a time.
	Progress func(done, total int64)
}

// FileState is the result of comparing a file on disk with the torrent's.
type FileState string

// The states of a file.
const (
	FileOK      FileState = "ok"      // every piece of it has its hash
	FileMissing FileState = "missing" // it is not there
	FileLength  FileState = "length"  // it has another length
	FileDiffers FileState = "differs" // at least one of its pieces has another hash
	FileUnknown FileState = "unknown" // what differs, or cannot be checked, may lie in a neighbour with which it shares a piece
)

// FileCheck is the result for one file.
type FileCheck struct {
	File   *File
	State  FileState
	Length int64 // bytes that are there; -1 where it is missing
	Pieces []int // those of its pieces that have not their hash, or cannot be read
}

// CheckResult is how files on disk compare with a torrent.
type CheckResult struct {
	Files  []FileCheck // all but padding and symbolic links, in the order of the torrent
	Have   Bitfield    // the pieces that have their hash
	Pieces int         // how many those are
}

// OK reports whether every file is there and right.
func (r *CheckResult) OK() bool {
	for i := range r.Files {
		if r.Files[i].State != FileOK {
			return false
		}
	}
	return true
}

// Check hashes the files of a torrent where they are, and reports which differ. A file
// that cannot be read is missing; the error is that of ctx.
func (t *Torrent) Check(ctx context.Context, o CheckOptions) (*CheckResult, error) {
	c := &checker{t: t, o: o, files: make([]checkedFile, len(t.Info.Files)), good: make([]bool, t.Info.NumPieces())}
	c.progress = &meter{total: t.Info.Size(), report: o.Progress}
	c.find()
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var working sync.WaitGroup
	n := len(c.good)
	workers = min(workers, n)
	width := 1
	if c.readsAt() {
		width = sideBySide(int64(n), max(1, workers))
	}
	for range workers {
		working.Go(func() { c.work(ctx, width) })
	}
	working.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return c.result(), nil
}

// checker is one run of Check.
type checker struct {
	t        *Torrent
	o        CheckOptions
	progress *meter
	files    []checkedFile
	good     []bool       // a piece each, written by the worker that hashed it
	next     atomic.Int64 // the first piece that nobody has claimed
}

// checkedFile is the file found for one of the torrent's files.
type checkedFile struct {
	name   string
	length int64 // -1: nothing
}

// find opens the files.
func (c *checker) find() {
	for i := range c.t.Info.Files {
		f := &c.t.Info.Files[i]
		if f.Pad || f.Link {
			continue
		}
		c.files[i].length = -1
		name := c.o.Name(f)
		if name == "" {
			continue
		}
		if info, err := fs.Stat(c.o.FS, name); err == nil && info.Mode().IsRegular() {
			c.files[i] = checkedFile{name, info.Size()}
		}
	}
}

// readsAt reports whether the files can be read at any offset, judged by the first that
// has content.
func (c *checker) readsAt() bool {
	for i := range c.files {
		if c.files[i].length > 0 {
			return readsAt(c.o.FS, c.files[i].name)
		}
	}
	return false
}

// work hashes pieces, side by side, until there are none left.
func (c *checker) work(ctx context.Context, width int) {
	var claimed batch
	w := newPieceHasher(width)
	w.progress = c.progress
	w.open = func(file int) (fs.File, error) { return c.o.FS.Open(c.files[file].name) }
	w.next = func(job *pieceJob) bool {
		for {
			i, ok := claimed.claim(&c.next, int64(len(c.good)), c.t.Info.PieceLength)
			if !ok || c.plan(job, int(i)) {
				return ok
			}
			c.progress.add(job.unread())
		}
	}
	w.done = func(job *pieceJob, err error) error {
		c.progress.add(job.unread())
		c.good[job.piece] = err == nil && c.right(job)
		return nil
	}
	_ = w.run(ctx) // its error is that of ctx
}

// right reports whether a piece has all its known hashes.
func (c *checker) right(job *pieceJob) bool {
	in, i := c.t.Info, job.piece
	if job.v1 && string(job.sum[:]) != string(in.pieces[i*hashLenV1:][:hashLenV1]) {
		return false
	}
	if job.v2 {
		root, _, _ := in.pieceHashV2(i, c.t.Layers)
		return root == job.root
	}
	return true
}

// plan describes piece i in job. It returns false if the piece cannot be right, or if
// no hash of it is known.
func (c *checker) plan(job *pieceJob, i int) bool {
	in := c.t.Info
	job.begin(i)
	job.v1 = in.HasV1()
	if in.HasV2() {
		_, job.width, job.v2 = in.pieceHashV2(i, c.t.Layers)
	}
	possible := job.v1 || job.v2
	in.FilesOf(i, func(n int, off, length int64) {
		if in.Files[n].Pad {
			n = -1
		} else {
			job.content += length
			possible = possible && off+length <= c.files[n].length
		}
		job.parts = append(job.parts, part{file: n, off: off, n: length})
	})
	return possible
}

// result derives the state of the files from that of the pieces.
func (c *checker) result() *CheckResult {
	in := c.t.Info
	r := &CheckResult{Have: NewBitfield(len(c.good))}
	for i, ok := range c.good {
		if ok {
			r.Have.Set(i)
			r.Pieces++
		}
	}
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad || f.Link {
			continue
		}
		check := FileCheck{File: f, State: FileOK, Length: c.files[i].length}
		switch {
		case check.Length < 0:
			check.State = FileMissing
		case check.Length != f.Length:
			check.State = FileLength
		}
		check.Pieces = c.bad(f)
		if check.State == FileOK && len(check.Pieces) > 0 {
			check.State = FileUnknown
			for _, piece := range check.Pieces {
				if c.alone(piece, f) {
					check.State = FileDiffers
				}
			}
		}
		r.Files = append(r.Files, check)
	}
	return r
}

// bad lists the pieces of a file that are not right.
func (c *checker) bad(f *File) (pieces []int) {
	if f.Length == 0 {
		return nil
	}
	first, last := c.t.Info.Pieces(f, 0, f.Length)
	for i := first; i <= last; i++ {
		if !c.good[i] {
			pieces = append(pieces, i)
		}
	}
	return pieces
}

// alone reports whether piece i, which differs, differs because of f. That is certain
// if the piece can be checked and no other file has a part in it.
func (c *checker) alone(i int, f *File) bool {
	if _, known := c.t.Info.NewVerifier(i, c.t.Layers); !known {
		return false
	}
	only := true
	c.t.Info.FilesOf(i, func(n int, _, _ int64) {
		if other := &c.t.Info.Files[n]; other.Index != f.Index && !other.Pad {
			only = false
		}
	})
	return only
}

// FilesOf calls do for each file, padding included, that has bytes in piece i, in order,
// with its index and the range of it. i is in range.
func (in *Info) FilesOf(i int, do func(file int, off, n int64)) {
	at := in.PieceOffset(i)
	end := at + int64(in.PieceSize(i))
	first := sort.Search(len(in.Files), func(n int) bool { return in.Files[n].Offset+in.Files[n].Length > at })
	for n := first; n < len(in.Files) && in.Files[n].Offset < end; n++ {
		f := &in.Files[n]
		from, to := max(at, f.Offset), min(end, f.Offset+f.Length)
		if from < to {
			do(n, from-f.Offset, to-from)
		}
	}
}
