package metainfo

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
)

// CheckOptions say where the files of a torrent are.
type CheckOptions struct {
	// FS holds the files, each under the path that Name gives; "" is a file
	// that is not there.
	FS   fs.FS
	Name func(f *File) string
	// Workers is how many goroutines read and hash; 0 means one a core.
	Workers int
	// Progress, if not nil, is called with the bytes hashed so far and the
	// bytes in all, one call at a time.
	Progress func(done, total int64)
}

// FileState says how a file on disk compares with the torrent's.
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

// OK reports whether everything is there and right.
func (r *CheckResult) OK() bool {
	for i := range r.Files {
		if r.Files[i].State != FileOK {
			return false
		}
	}
	return true
}

// Check hashes the files of a torrent where they are, and says which differ. A
// file that cannot be read is missing; the error is that of ctx.
func (t *Torrent) Check(ctx context.Context, o CheckOptions) (*CheckResult, error) {
	c := &checker{t: t, o: o, files: make([]checkedFile, len(t.Info.Files)), good: make([]bool, t.Info.NumPieces())}
	c.progress = &meter{total: t.Info.Size(), report: o.Progress}
	c.find()
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var working sync.WaitGroup
	for range min(workers, len(c.good)) {
		working.Go(func() { c.work(ctx) })
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

// checkedFile is what is there of a file.
type checkedFile struct {
	name   string
	length int64 // -1: nothing
}

// find looks at the files.
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

// work hashes pieces until there are none left.
func (c *checker) work(ctx context.Context) {
	w := &checkWorker{checker: c, buf: make([]byte, makeBuffer)}
	defer w.close()
	batch := max(1, makeBatch/c.t.Info.PieceLength)
	for ctx.Err() == nil {
		last := c.next.Add(batch)
		for i := last - batch; i < min(last, int64(len(c.good))) && ctx.Err() == nil; i++ {
			c.good[i] = w.piece(int(i))
		}
		if last >= int64(len(c.good)) {
			return
		}
	}
}

// result says what the pieces say of the files.
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

// alone reports whether piece i, which differs, differs because of f: the piece can
// be checked, and no other file has a part in it.
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

// checkWorker hashes pieces, one at a time.
type checkWorker struct {
	*checker
	buf      []byte
	verifier Verifier

	at   int
	file fs.File // nil: none is open
	from io.ReaderAt
}

func (w *checkWorker) close() {
	if w.file != nil {
		_ = w.file.Close() // it was only read
		w.file = nil
	}
}

// piece reports whether piece i is there and right.
func (w *checkWorker) piece(i int) bool {
	in := w.t.Info
	known := w.verifier.Reset(in, i, w.t.Layers)
	ok := known
	in.FilesOf(i, func(n int, off, length int64) {
		if in.Files[n].Pad {
			w.pad(length)
			return
		}
		if ok {
			ok = w.read(n, off, length) == nil
		}
		w.progress.add(length)
	})
	return ok && w.verifier.OK()
}

// pad hashes padding.
func (w *checkWorker) pad(n int64) {
	clear(w.buf)
	for n > 0 {
		m := min(n, int64(len(w.buf)))
		_, _ = w.verifier.Write(w.buf[:m])
		n -= m
	}
}

// errShort is a file that ends too soon.
var errShort = errors.New("metainfo: the file is too short")

// read hashes a range of a file.
func (w *checkWorker) read(file int, off, n int64) error {
	if w.files[file].length < off+n {
		return errShort
	}
	if w.file == nil || w.at != file {
		w.close()
		f, err := w.o.FS.Open(w.files[file].name)
		if err != nil {
			return err
		}
		from, ok := f.(io.ReaderAt)
		if !ok {
			from = &forwardReader{r: f}
		}
		w.file, w.at, w.from = f, file, from
	}
	for n > 0 {
		part := w.buf[:min(n, int64(len(w.buf)))]
		got, err := w.from.ReadAt(part, off)
		if got < len(part) {
			return errors.Join(errShort, err)
		}
		_, _ = w.verifier.Write(part)
		off += int64(got)
		n -= int64(got)
	}
	return nil
}
