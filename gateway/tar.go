package gateway

import (
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
)

// An archive is a directory of a torrent as a tar file (POSIX.1-2001, pax). Every
// header, offset and the length follow from the metainfo alone. So it has a strong
// validator and ranges before one byte of it was fetched, and a range needs only the
// pieces that it touches.
//
// Files come in the order of the torrent, which is that of its pieces. Their other
// properties never change: times are 0, owners are 0, modes are 644, or 755 where the
// torrent says executable. Padding files are left out, and symbolic links that lead out
// of the archive.
type archive struct {
	info *metainfo.Info
	path []string // of the directory, from the torrent's name; empty for the torrent
}

// archiveVersion is part of the validator: it changes with the bytes that
// appendTarHeader makes, which it must not.
const archiveVersion = "tar1"

// Sizes of a tar file, in bytes.
const (
	tarBlock   = 512
	tarTrailer = 2 * tarBlock // two blocks of zeros end it
	tarName    = 100          // of a name that needs no pax record
	tarSize    = 8 << 30      // the least size that needs a pax record: more than 11 octal digits
)

var _ source = (*archive)(nil)

// etag names the torrent, the directory and the layout.
func (a *archive) etag() string {
	sum := sha256.Sum256([]byte(escapePath(a.path)))
	return `"` + a.info.ID().String() + "-" + archiveVersion + "-" + hex.EncodeToString(sum[:8]) + `"`
}

// A member is one file of an archive and where it is: its header at off, its
// content right after the header, zeros up to the next block.
type member struct {
	file *metainfo.File
	at   int // its place among the torrent's files
	off  int64
	head []byte // valid until the next member
}

func (m *member) content() int64 { return m.off + int64(len(m.head)) }
func (m *member) padding() int64 { return m.content() + m.file.Length }
func (m *member) end() int64     { return tarRound(m.padding()) }

func tarRound(n int64) int64 { return (n + tarBlock - 1) &^ (tarBlock - 1) }

// members gives what is in the archive, in order.
func (a *archive) members() iter.Seq[member] {
	return func(yield func(member) bool) {
		var below []string // of the torrent's name
		if len(a.path) > 0 {
			below = a.path[1:]
		}
		root := a.info.Name
		if len(below) > 0 {
			root = below[len(below)-1]
		}
		var name, head []byte
		var off int64
		for i := range a.info.Files {
			f := &a.info.Files[i]
			if f.Pad {
				continue
			}
			path := a.info.Path(f)
			if !hasPath(path, below) {
				continue
			}
			name = appendTarName(name[:0], root)
			for _, segment := range path[len(below):] {
				name = appendTarName(append(name, '/'), segment)
			}
			link, ok := tarLink(a.info.Symlink(f), path, below)
			if !ok {
				continue
			}
			head = appendTarHeader(head[:0], name, link, f)
			m := member{f, i, off, head}
			if !yield(m) {
				return
			}
			off = m.end()
		}
	}
}

// hasPath reports whether path is below dir.
func hasPath(path, dir []string) bool {
	if len(path) < len(dir) {
		return false
	}
	for i := range dir {
		if path[i] != dir[i] {
			return false
		}
	}
	return true
}

// size is the length of the archive.
func (a *archive) size() int64 {
	var end int64
	for m := range a.members() {
		end = m.end()
	}
	return end + tarTrailer
}

// open begins to read a range.
func (a *archive) open(s *Server, v *visit, r httprange.Range) (fetch.Content, error) {
	turn, err := s.archiveTurn(v)
	if err != nil {
		return nil, err
	}
	t := newArchiveReader(v.c.Request.Context(), a, r, func(f *metainfo.File, r httprange.Range) (fetch.Content, error) { return s.open(v, f, r) })
	t.charge = func(work time.Duration) time.Duration { return s.work.Charge(v.payer(), work) }
	turn.Leave()
	return t.begin()
}

// archiveTurn waits for the turn of a client that has an archive gone over: each range of it may
// be gone over twice.
func (s *Server) archiveTurn(v *visit) (*cpushare.Turn, error) {
	if len(v.info.Files) < dearArchive {
		return nil, nil
	}
	return s.enter(v)
}

// surplus is at most that of a piece at each end: files are in the order of the
// torrent.
func (a *archive) surplus(v *visit, r httprange.Range) int64 {
	return min(2*a.info.PieceLength, v.info.Span())
}

// held compares the range with what is cached. Files next to each other in the
// torrent are asked for as one; of a range that is more than maxHeldRuns such
// runs it says that something is missing.
func (a *archive) held(s *Server, v *visit, r httprange.Range) fetch.Held {
	turn, err := s.archiveTurn(v)
	if err != nil {
		return fetch.Held{}
	}
	runs := a.runs(r)
	turn.Leave()
	held := fetch.Held{All: len(runs) <= maxHeldRuns}
	for i := range runs {
		h := s.backend.Cached(v.target.hash, &runs[i], 0, runs[i].Length)
		if held.All {
			held.Coming = h.Coming
		}
		held.All, held.Any = held.All && h.All, held.Any || h.Any
	}
	return held
}

// runs are the stretches of the torrent that a range needs, one more than maxHeldRuns at most.
func (a *archive) runs(r httprange.Range) (runs []metainfo.File) {
	var run *metainfo.File // the last of them
	for m := range a.members() {
		from, to := max(r.Off, m.content()), min(r.End(), m.padding())
		if m.off >= r.End() || len(runs) > maxHeldRuns {
			break
		}
		if from >= to {
			continue
		}
		off := m.file.Offset + from - m.content()
		end := off + to - from
		if run == nil || off < run.Offset+run.Length || off-run.Offset-run.Length >= a.info.PieceLength {
			runs = append(runs, metainfo.File{Offset: off})
			run = &runs[len(runs)-1]
		}
		run.Length = end - run.Offset
	}
	return runs
}

// denied is the status of a file in the archive that the list denies, 0 if there
// is none.
func (a *archive) denied(list *Denylist) int {
	if list == nil {
		return 0
	}
	for m := range a.members() {
		if status := list.deniedFile(a.info, m.file); status != 0 {
			return status
		}
	}
	return 0
}

// appendTarName writes a segment of a path. What no file name can have becomes
// "_"; "." and ".." are no names of a torrent.
func appendTarName(out []byte, segment string) []byte {
	for i := range len(segment) {
		c := segment[i]
		if c == '/' || c == 0 {
			c = '_'
		}
		out = append(out, c)
	}
	return out
}

// tarLink is the target of the symbolic link at path, from the link's own directory, nil
// for what is no link; ok is false where it leads out of dir.
func tarLink(target, path, dir []string) (link []byte, ok bool) {
	if target == nil {
		return nil, true
	}
	if !hasPath(target, dir) || len(target) == len(dir) {
		return nil, false
	}
	for range len(path) - len(dir) - 1 {
		link = append(link, "../"...)
	}
	for i, segment := range target[len(dir):] {
		if i > 0 {
			link = append(link, '/')
		}
		link = appendTarName(link, segment)
	}
	return link, true
}

// appendTarHeader writes the blocks before a file's content. They are a ustar header,
// and before it a pax header where the name, the target of the link or the size does
// not fit.
func appendTarHeader(out, name, link []byte, f *metainfo.File) []byte {
	var records []byte
	odd := func(s []byte) bool { return len(s) > tarName || !plainASCII(s) }
	if odd(name) || odd(link) {
		if !utf8.Valid(name) || !utf8.Valid(link) {
			records = appendPaxRecord(records, "hdrcharset", []byte("BINARY"))
		}
		if odd(link) {
			records = appendPaxRecord(records, "linkpath", link)
		}
		if odd(name) {
			records = appendPaxRecord(records, "path", name)
		}
	}
	size := f.Length
	if size >= tarSize {
		records = appendPaxRecord(records, "size", strconv.AppendInt(nil, size, 10))
		size = 0
	}
	if len(records) > 0 {
		out = appendTarBlock(out, []byte("pax"), nil, 'x', 0o644, int64(len(records)))
		out = append(out, records...)
		out = append(out, zeros[:tarRound(int64(len(records)))-int64(len(records))]...)
	}
	kind, mode := byte('0'), int64(0o644)
	if f.Executable {
		mode = 0o755
	}
	if link != nil {
		kind, mode = '2', 0o777
	}
	return appendTarBlock(out, shorten(name), shorten(link), kind, mode, size)
}

// shorten cuts what a pax record says in full to what a ustar header can hold.
func shorten(s []byte) []byte {
	short := append([]byte(nil), s[:min(len(s), tarName)]...)
	for i, c := range short {
		if c < ' ' || c > '~' {
			short[i] = '_'
		}
	}
	return short
}

func plainASCII(s []byte) bool {
	for _, c := range s {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// appendPaxRecord writes "length key=value\n", where length counts itself.
func appendPaxRecord(out []byte, key string, value []byte) []byte {
	rest := len(" =\n") + len(key) + len(value)
	n := rest + len(strconv.Itoa(rest))
	n = rest + len(strconv.Itoa(n))
	out = append(strconv.AppendInt(out, int64(n), 10), ' ')
	out = append(append(out, key...), '=')
	return append(append(out, value...), '\n')
}

// appendTarBlock writes a ustar header (POSIX.1-2001, pax, "ustar Interchange
// Format").
func appendTarBlock(out, name, link []byte, kind byte, mode, size int64) []byte {
	var b [tarBlock]byte
	copy(b[0:100], name)
	octal(b[100:108], mode)
	octal(b[108:116], 0) // uid
	octal(b[116:124], 0) // gid
	octal(b[124:136], size)
	octal(b[136:148], 0) // mtime
	copy(b[148:156], "        ")
	b[156] = kind
	copy(b[157:257], link)
	copy(b[257:265], "ustar\x0000")
	octal(b[329:337], 0) // devmajor
	octal(b[337:345], 0) // devminor
	var sum int64
	for _, c := range b {
		sum += int64(c)
	}
	octal(b[148:155], sum) // six digits, NUL, and the space that is there
	return append(out, b[:]...)
}

// octal fills a field with the digits of n and a NUL.
func octal(field []byte, n int64) {
	for i := len(field) - 2; i >= 0; i-- {
		field[i] = '0' + byte(n&7)
		n >>= 3
	}
	field[len(field)-1] = 0
}

// zeros is the padding of blocks, and the end of an archive.
var zeros [tarTrailer]byte
