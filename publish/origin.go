package publish

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
)

// settleTime is how old a file's last change has to be before its time can tell the next one:
// file systems count time in ticks, of up to two seconds.
const settleTime = 2 * time.Second

// errMoved is a file that changed while it was read.
var errMoved = errors.New("publish: the file changed while it was read")

// origin is the files of a torrent, where they are.
type origin struct {
	info  *metainfo.Info
	path  string                // of the file or folder
	names func(file int) string // where each is; nil: below path, by its own name
	lost  func(piece int, err error)

	mu     sync.Mutex
	stamps map[int]uint64 // of the files that were seen last, by index; those that were not there have 0
}

var _ cache.Origin = (*origin)(nil)

// newOrigin looks at the files of a torrent made of path. lost is called when a piece is not
// offered any more, without locks.
func newOrigin(info *metainfo.Info, path string, names func(file int) string, lost func(piece int, err error)) *origin {
	o := &origin{info: info, path: path, names: names, lost: lost, stamps: make(map[int]uint64)}
	o.changed()
	return o
}

// name returns the path of a file on disk.
func (o *origin) name(file int) string {
	if o.names != nil {
		return o.names(file)
	}
	return filepath.Join(append([]string{o.path}, o.info.RawPath(&o.info.Files[file])...)...)
}

// Lost is cache.Origin's.
func (o *origin) Lost(piece int, err error) { o.lost(piece, err) }

// Version is cache.Origin's.
func (o *origin) Version(piece int) uint64 {
	v := newVersion()
	o.info.FilesOf(piece, func(file int, _, _ int64) {
		if o.info.Files[file].Pad {
			return
		}
		info, err := os.Stat(o.name(file))
		if err != nil {
			v.fail(err)
			return
		}
		v.add(info)
	})
	return v.sum()
}

// ReadAt is cache.Origin's.
func (o *origin) ReadAt(piece int, p []byte, off int64) (uint64, error) {
	v := newVersion()
	from, to := off, off+int64(len(p)) // of the piece, what is still to be read
	at := int64(0)                     // where the file's part begins in the piece
	o.info.FilesOf(piece, func(file int, fileOff, n int64) {
		begin, end := max(from, at), min(to, at+n)
		switch {
		case v.err != nil:
		case o.info.Files[file].Pad:
			if begin < end {
				clear(p[begin-off : end-off])
			}
		default:
			var part []byte
			if begin < end {
				part = p[begin-off : end-off]
			}
			v.fail(o.read(v, file, part, fileOff+begin-at))
		}
		at += n
	})
	return v.sum(), v.err
}

// read fills p from a file, which is as it was when that is done.
func (o *origin) read(v *version, file int, p []byte, off int64) error {
	f, err := os.Open(o.name(file))
	if err != nil {
		return err
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return err
	}
	if before.Size() != o.info.Files[file].Length {
		return fmt.Errorf("%s has %d bytes, not %d", o.name(file), before.Size(), o.info.Files[file].Length)
	}
	if len(p) > 0 {
		if _, err := f.ReadAt(p, off); err != nil {
			return err
		}
	}
	after, err := f.Stat()
	if err != nil {
		return err
	}
	if stampOf(before) != stampOf(after) {
		return errMoved
	}
	v.add(after)
	return nil
}

// changed lists the files that are not as they were when it was called last.
func (o *origin) changed() (files []int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.info.Files {
		f := &o.info.Files[i]
		if f.Pad || f.Link {
			continue
		}
		stamp := uint64(0)
		if info, err := os.Stat(o.name(i)); err == nil && info.Mode().IsRegular() {
			stamp = stampOf(info)
		}
		if stamp != o.stamps[i] {
			o.stamps[i] = stamp
			files = append(files, i)
		}
	}
	return files
}

// version is that of several files.
type version struct {
	h   hash.Hash64
	err error
	raw bool // a file changed just now: a later change could go unseen
}

func newVersion() *version { return &version{h: fnv.New64a()} }

func (v *version) fail(err error) {
	if v.err == nil {
		v.err = err
	}
}

// add takes in a file.
func (v *version) add(info fs.FileInfo) {
	_, _ = v.h.Write(binary.BigEndian.AppendUint64(nil, stampOf(info)))
	v.raw = v.raw || time.Since(changeTime(info)) < settleTime
}

// sum is 0 where the files cannot be had, or a change of theirs could go unseen.
func (v *version) sum() uint64 {
	if v.err != nil || v.raw {
		return 0
	}
	return max(1, v.h.Sum64())
}
