package metainfo

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"unicode/utf8"

	"github.com/btgw/btgw/metainfo/bencode"
)

// Version says which halves a new torrent gets.
type Version int

// The versions. A hybrid torrent can be shared by clients of both kinds.
const (
	V1     Version = 1 // BEP 3: SHA-1 of pieces
	V2     Version = 2 // BEP 52: a Merkle tree a file
	Hybrid Version = 3 // both, with padding files (BEP 47) where they need it
)

// MakeOptions say what torrent to make, of what.
type MakeOptions struct {
	// FS holds the content; nil means the files of the operating system.
	FS fs.FS
	// Root is the file or directory that becomes the torrent: a path in FS
	// ("." for all of it), or in the operating system where FS is nil.
	Root string
	// Name of the torrent; "" means the last element of Root.
	Name string
	// Version; 0 means Hybrid.
	Version Version
	// PieceLength in bytes, a power of two from MinPieceLength to
	// MaxPieceLength; 0 means PieceLengthFor the size.
	PieceLength int64
	// Private forbids peer sources other than the trackers (BEP 27).
	Private bool
	// Source is a text in the info dictionary, by which a tracker's copy of a
	// torrent gets an infohash of its own; "" for none.
	Source string
	// Exclude leaves out what matches one of these patterns (path.Match): those
	// without a slash match names anywhere, those with one paths below Root. What
	// is in a directory that matches is left out with it.
	Exclude []string
	// FollowLinks takes what symbolic links lead to, in place of the links.
	FollowLinks bool
	// Workers is how many goroutines read and hash; 0 means one a core.
	Workers int

	// The hints of a Torrent, as they are there.
	Trackers     [][]string
	WebSeeds     []string
	Nodes        []string
	Comment      string
	CreatedBy    string
	CreationDate int64

	// Progress, if not nil, is called after each read with the bytes hashed
	// so far and the bytes in all, one call at a time.
	Progress func(done, total int64)
}

// Make reads content once, by several goroutines with bounded buffers, and returns its
// torrent: the same for the same content.
//
// In a directory it takes regular files in the order of the file tree, empty ones
// included, and leaves empty directories out. Symbolic links are kept as links (BEP 47)
// and may not lead out of Root, unless they are followed. Make fails on other kinds of
// files, and where the size or the change time of a file is another at the end.
//
// It does not read pieces for which the file system keeps no data. It reads files of FS
// that are io.ReaderAt at several places at once. Each worker reads other files from
// their start.
func Make(ctx context.Context, opts MakeOptions) (*Torrent, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("making a torrent: %w", err)
	}
	content, err := scanContent(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("making a torrent: %w", err)
	}
	if opts.PieceLength == 0 {
		opts.PieceLength = PieceLengthFor(content.size)
		if content.media > content.size/2 {
			opts.PieceLength = PieceLengthForMedia(content.size)
		}
	}
	h, err := newHasher(opts, content)
	if err == nil {
		err = h.run(ctx, opts.Workers)
	}
	if err != nil {
		return nil, fmt.Errorf("making a torrent: %w", err)
	}
	info, err := ParseInfo(encodeInfo(opts, content, h))
	if err != nil {
		return nil, fmt.Errorf("making a torrent: %w", err)
	}
	t := &Torrent{
		Info: info, Layers: h.pieceLayers(),
		Trackers: opts.Trackers, WebSeeds: opts.WebSeeds, Nodes: opts.Nodes,
		Comment: opts.Comment, CreatedBy: opts.CreatedBy, CreationDate: opts.CreationDate,
	}
	return t, nil
}

// Fingerprint is a hash of what Make would go by without reading content: the
// names, lengths and times of change of files, and what of the options decides the
// infohash. Where it is what it was, so is the torrent.
func Fingerprint(ctx context.Context, opts MakeOptions) (sum [32]byte, err error) {
	opts, err = opts.withDefaults()
	if err != nil {
		return sum, err
	}
	c, err := scanContent(ctx, opts)
	if err != nil {
		return sum, err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %d %d %t %q %t\n", opts.Name, opts.Version, opts.PieceLength, opts.Private, opts.Source, c.single)
	for i := range c.files {
		f := &c.files[i]
		fmt.Fprintf(h, "%q %d %d %t %q\n", f.path, f.size, f.modified.UnixNano(), f.executable, f.target)
	}
	return [32]byte(h.Sum(nil)), nil
}

func (o MakeOptions) withDefaults() (MakeOptions, error) {
	if o.FS == nil {
		abs, err := filepath.Abs(o.Root)
		if err != nil {
			return o, err
		}
		o.FS, o.Root = os.DirFS(filepath.Dir(abs)), filepath.ToSlash(filepath.Base(abs))
	}
	if !utf8.ValidString(o.Root) {
		return o, notUTF8(o.Root)
	}
	if !fs.ValidPath(o.Root) {
		return o, &fs.PathError{Op: "open", Path: o.Root, Err: fs.ErrInvalid}
	}
	if o.Name == "" {
		o.Name = filepath.Base(filepath.FromSlash(o.Root))
	}
	if o.Name == "." || o.Name == "/" {
		return o, errors.New("the torrent needs a name")
	}
	if o.Version == 0 {
		o.Version = Hybrid
	}
	if o.Version < V1 || o.Version > Hybrid {
		return o, invalidf("version", ReasonVersion, "%d", o.Version)
	}
	if n := o.PieceLength; n != 0 && (n < MinPieceLength || n > MaxPieceLength || n&(n-1) != 0) {
		return o, invalidf("piece length", ReasonPieceLength, "%d", n)
	}
	return o, nil
}

// PieceLengthFor returns a piece length in bytes that suits a torrent of size
// bytes: the smallest power of two with which it has at most 2,048 pieces.
// Larger pieces than 16 MiB would make a reader wait too long for its first
// byte; they are chosen only where the info dictionary would grow too large.
func PieceLengthFor(size int64) int64 { return pieceLengthFor(size, 2048, 16<<20) }

// PieceLengthForMedia is PieceLengthFor for films and music, which are read while they
// are downloaded. Its pieces are half as long. They are at most 2 MiB long, as long as
// the info dictionary then stays small enough to download quickly.
func PieceLengthForMedia(size int64) int64 { return pieceLengthFor(size, 4096, 2<<20) }

// pieceLengthFor returns the smallest power of two that gives at most pieces pieces. It
// stops at comfort if that is smaller, unless the info dictionary has no room for the
// pieces then.
func pieceLengthFor(size, pieces, comfort int64) int64 {
	const mostPieces = MaxInfoLen / 2 / hashLenV1
	length := int64(MinPieceLength)
	for length < MaxPieceLength {
		n := size / length
		if n <= pieces || length >= comfort && n <= mostPieces {
			break
		}
		length *= 2
	}
	return length
}

// encodeInfo writes the info dictionary.
func encodeInfo(o MakeOptions, c *content, h *hasher) []byte {
	d := map[string]any{"name": o.Name, "piece length": o.PieceLength}
	if o.Private {
		d["private"] = 1
	}
	if o.Source != "" {
		d["source"] = o.Source
	}
	if h.v1 {
		d["pieces"] = h.pieces
		if c.single {
			d["length"] = c.files[0].size
			if c.files[0].executable {
				d["attr"] = "x"
			}
		} else {
			d["files"] = encodeFiles(c, h)
		}
	}
	if h.v2 {
		d["meta version"] = metaVersion2
		d["file tree"] = encodeTree(o, c)
	}
	b, _ := bencode.Append(nil, d) // all values are of kinds that it knows
	return b
}

func encodeFiles(c *content, h *hasher) []any {
	var list []any
	for i := range c.files {
		f := &c.files[i]
		d := f.properties()
		d["length"], d["path"] = f.size, f.path
		list = append(list, d)
		if pad := h.layout.pads[i]; pad > 0 {
			list = append(list, map[string]any{
				"attr": "p", "length": pad,
				"path": []string{".pad", strconv.FormatInt(pad, 10)},
			})
		}
	}
	return list
}

// properties are what both versions say of a file.
func (f *contentFile) properties() map[string]any {
	d := map[string]any{}
	switch {
	case f.target != nil:
		d["attr"], d["symlink path"] = "l", f.target
	case f.executable:
		d["attr"] = "x"
	}
	return d
}

func encodeTree(o MakeOptions, c *content) map[string]any {
	root := map[string]any{}
	for i := range c.files {
		f := &c.files[i]
		path := f.path
		if c.single {
			path = []string{o.Name}
		}
		dir := root
		for _, name := range path[:len(path)-1] {
			next, _ := dir[name].(map[string]any)
			if next == nil {
				next = map[string]any{}
				dir[name] = next
			}
			dir = next
		}
		d := f.properties()
		if f.target == nil {
			d["length"] = f.size
		}
		if f.size > 0 {
			d["pieces root"] = f.root[:]
		}
		dir[path[len(path)-1]] = map[string]any{"": d}
	}
	return root
}
