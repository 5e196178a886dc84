package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/btgw/btgw/metainfo"
)

// partFile is a file on its way: what is written goes to part, which becomes name when all of it is there. Nothing outside
// root is touched, whatever the names say.
type partFile struct {
	root       *os.Root
	name, part string // below root
	file       *os.File
}

// span is a range of a file, [off, off+n).
type span struct{ off, n int64 }

// openPart opens the part of a file, made with its folders where it is not there.
func openPart(root *os.Root, name, part string) (*partFile, error) {
	if dir := filepath.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o777); err != nil {
			return nil, err
		}
	}
	file, err := root.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	return &partFile{root: root, name: name, part: part, file: file}, nil
}

// finish cuts the file to length, has it on disk and gives it its name.
func (p *partFile) finish(length int64) error {
	err := p.file.Truncate(length)
	if err == nil {
		err = p.file.Sync()
	}
	if err = errors.Join(err, p.file.Close()); err != nil {
		return err
	}
	return p.root.Rename(p.part, p.name)
}

// close keeps what is there for the next time.
func (p *partFile) close() { p.file.Close() }

// missing gives the ranges of file f that are not in its part.
func (p *partFile) missing(info *metainfo.Info, layers metainfo.PieceLayers, f *metainfo.File) ([]span, error) {
	stat, err := p.file.Stat()
	if err != nil {
		return nil, err
	}
	r := resumer{info: info, layers: layers, file: f, held: stat.Size(), from: p.file}
	return r.missing()
}

// complete says whether NAME is there already and is file f: of its length, and every piece that can be verified from it
// alone has its hash. A file that is there and is something else is an error.
func complete(root *os.Root, name string, info *metainfo.Info, layers metainfo.PieceLayers, f *metainfo.File) (bool, error) {
	there, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer there.Close()
	stat, err := there.Stat()
	if err != nil {
		return false, err
	}
	if !stat.Mode().IsRegular() || stat.Size() != f.Length {
		return false, fmt.Errorf("%s exists and is something else (give another name with -o, or remove it)", printable(name))
	}
	r := resumer{info: info, layers: layers, file: f, held: stat.Size(), from: there}
	for _, i := range r.pieces() {
		ok, known, err := r.verify(i)
		if err != nil {
			return false, err
		}
		if known && !ok {
			return false, fmt.Errorf("%s exists and differs from the torrent's (give another name with -o, or remove it)", printable(name))
		}
	}
	return true, nil
}

// resumer finds out what of a file is on disk already.
type resumer struct {
	info   *metainfo.Info
	layers metainfo.PieceLayers
	file   *metainfo.File
	from   io.ReaderAt
	held   int64 // bytes of the file that from has
	buf    []byte
}

// missing gives the ranges of the file that are not on disk, in order. What counts as there is every piece that has its
// hash; the file's edges that share a piece with a neighbour cannot be verified alone and are fetched again.
func (r *resumer) missing() ([]span, error) {
	var gaps []span
	for _, i := range r.pieces() {
		ok, known, err := r.verify(i)
		if err != nil {
			return nil, err
		}
		if ok && known {
			continue
		}
		s := r.within(i)
		if last := len(gaps) - 1; last >= 0 && gaps[last].off+gaps[last].n == s.off {
			gaps[last].n += s.n
		} else {
			gaps = append(gaps, s)
		}
	}
	return gaps, nil
}

// pieces lists the pieces that the file touches.
func (r *resumer) pieces() []int {
	if r.file.Length == 0 {
		return nil
	}
	first, last := r.info.Pieces(r.file, 0, r.file.Length)
	list := make([]int, 0, last-first+1)
	for i := first; i <= last; i++ {
		list = append(list, i)
	}
	return list
}

// within is the part of piece i that lies in the file, as a range of the file.
func (r *resumer) within(i int) span {
	begin := r.info.PieceOffset(i) - r.file.Offset
	end := min(begin+int64(r.info.PieceSize(i)), r.file.Length)
	begin = max(begin, 0)
	return span{begin, end - begin}
}

// verify hashes piece i from the file; known is false where it holds bytes of other files, or is not on disk whole.
func (r *resumer) verify(i int) (ok, known bool, err error) {
	s := r.within(i)
	if s.off+s.n > r.held || !r.alone(i) {
		return false, false, nil
	}
	r.buf = append(r.buf[:0], make([]byte, r.info.PieceSize(i))...) // padding is zeros
	at := r.file.Offset + s.off - r.info.PieceOffset(i)
	if _, err := io.ReadFull(io.NewSectionReader(r.from, s.off, s.n), r.buf[at:at+s.n]); err != nil {
		return false, false, err
	}
	ok, known = r.info.VerifyPiece(i, r.buf, r.layers)
	return ok, known, nil
}

// alone says whether piece i holds nothing but bytes of the file and padding.
func (r *resumer) alone(i int) bool {
	begin := r.info.PieceOffset(i)
	end := begin + int64(r.info.PieceSize(i))
	files := r.info.Files // by offset
	from := sort.Search(len(files), func(n int) bool { return files[n].Offset+files[n].Length > begin })
	for _, other := range files[from:] {
		if other.Offset >= end {
			break
		}
		if other.Index != r.file.Index && !other.Pad && other.Length > 0 {
			return false
		}
	}
	return true
}

// total adds up spans.
func total(spans []span) int64 {
	var n int64
	for _, s := range spans {
		n += s.n
	}
	return n
}

// destination says where the files of node go: below root, by names that are relative to it.
type destination struct {
	root *os.Root
	name string // of the file, or the folder
}

// newDestination understands -o: an existing folder takes the file (or tree) under its own name; anything else is the name
// of the file (or tree). Without -o it is the own name in the working directory.
func newDestination(output, own string) (destination, error) {
	dir, name := ".", localName(own)
	if output != "" {
		if stat, err := os.Stat(output); err == nil && stat.IsDir() {
			dir = output
		} else {
			dir, name = filepath.Split(output)
		}
	}
	root, err := os.OpenRoot(cmp.Or(dir, "."))
	return destination{root: root, name: name}, err
}
