package metainfo

import (
	"bytes"
	"errors"
	"strings"

	"github.com/btgw/btgw/metainfo/bencode"
)

// infoDict is an info dictionary whose syntax was checked, taken apart by key. It holds
// the encodings of the known keys' values, nil where a key is absent.
type infoDict struct {
	name, nameUTF8    []byte
	pieceLength       []byte
	private           []byte
	pieces            []byte // v1
	length, files     []byte // v1: one of them
	attr, symlink     []byte // v1, single-file
	metaVersion, tree []byte // v2
	filesAt, treeAt   int    // where files and tree are in the dictionary
}

// field returns the place for the value of a known key, and nil for another key.
func (d *infoDict) field(key []byte) *[]byte {
	switch string(key) {
	case "name":
		return &d.name
	case "name.utf-8":
		return &d.nameUTF8
	case "piece length":
		return &d.pieceLength
	case "private":
		return &d.private
	case "pieces":
		return &d.pieces
	case "length":
		return &d.length
	case "files":
		return &d.files
	case "attr":
		return &d.attr
	case "symlink path":
		return &d.symlink
	case "meta version":
		return &d.metaVersion
	case "file tree":
		return &d.tree
	}
	return nil
}

// readInfoDict checks the syntax of the whole dictionary and takes it apart. A v1
// torrent may be written loosely, with its keys in any order: some programs wrote such
// torrents, other clients download them, and the infohash is that of the bytes. Later
// passes read in the lax way, which differs from the strict one only where this pass
// was lax.
func readInfoDict(raw []byte) (*infoDict, error) {
	d, disordered, err := scanInfoDict(raw, false)
	if syntax := (*bencode.SyntaxError)(nil); errors.As(err, &syntax) {
		if loose, _, looseErr := scanInfoDict(raw, true); looseErr == nil && loose.metaVersion == nil {
			d, err = loose, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return d, d.checkVersion(disordered)
}

func scanInfoDict(raw []byte, lax bool) (d *infoDict, disordered bool, err error) {
	d = &infoDict{}
	s := bencode.NewScanner(raw)
	s.AnyOrder, s.Lax = true, lax
	err = s.Dict(func(key []byte) error {
		f := d.field(key)
		if f == nil {
			return nil
		}
		if *f != nil {
			return invalidf("info", ReasonBencode, "key %q twice", key)
		}
		switch f {
		case &d.files:
			d.filesAt = s.Offset()
		case &d.tree:
			d.treeAt = s.Offset()
		}
		var err error
		*f, err = s.Raw()
		return err
	})
	if err == nil {
		err = s.End()
	}
	return d, s.Disordered(), wrapBencode("info", err)
}

// checkVersion finds out which halves the torrent has. It comes before all other
// checks, as BEP 52 asks: a torrent of a later version is refused for its version, not
// as malformed.
func (d *infoDict) checkVersion(disordered bool) error {
	if d.saysNothingOfV2() {
		d.metaVersion = nil
	}
	if d.metaVersion != nil {
		v, err := bencode.NewScanner(d.metaVersion).Int()
		if err != nil {
			return wrapBencode("info.meta version", err)
		}
		if v != metaVersion2 {
			return invalidf("info.meta version", ReasonVersion, "%d", v)
		}
		if d.tree == nil {
			return invalid("info.file tree", ReasonMissing)
		}
		if d.pieces == nil && (d.length != nil || d.files != nil) {
			return invalid("info.pieces", ReasonMissing)
		}
		if disordered {
			return invalidf("info", ReasonBencode, "keys not sorted")
		}
		return nil
	}
	if d.pieces == nil && d.tree != nil {
		return invalid("info.meta version", ReasonMissing)
	}
	if d.pieces == nil {
		return invalid("info.pieces", ReasonMissing)
	}
	return nil
}

// saysNothingOfV2 reports whether a v1 torrent has an invalid version, or an earlier
// one: some programs write 1.
func (d *infoDict) saysNothingOfV2() bool {
	if d.metaVersion == nil || d.pieces == nil || d.tree != nil {
		return false
	}
	v, err := bencode.NewScanner(d.metaVersion).Int()
	return err != nil || v < metaVersion2
}

// metaVersion2 is the value of "meta version" in BEP 52.
const metaVersion2 = 2

func (d *infoDict) hasV1() bool { return d.pieces != nil }
func (d *infoDict) hasV2() bool { return d.metaVersion != nil }

// torrentName returns the name as the torrent has it. The UTF-8 form of old
// torrents in other encodings is preferred, as other clients do.
func (d *infoDict) torrentName() ([]byte, error) {
	if b, ok := stringValue(d.nameUTF8); ok && len(b) > 0 {
		return b, nil
	}
	if d.name == nil {
		return nil, invalid("info.name", ReasonMissing)
	}
	b, err := laxScanner(d.name).Bytes()
	return b, wrapBencode("info.name", err)
}

// isPrivate reads the private flag. Every value but 0 counts: users are banned when a
// client treats a private torrent as a public one.
func (d *infoDict) isPrivate() bool {
	if d.private == nil {
		return false
	}
	n, err := laxScanner(d.private).Int()
	return err != nil || n != 0
}

// load fills in everything but the tree and the infohashes.
func (in *Info) load(d *infoDict, b *treeBuilder) error {
	name, err := d.torrentName()
	if err != nil {
		return err
	}
	in.Name = string(name)
	in.Private = d.isPrivate()
	if in.PieceLength, err = readPieceLength(d); err != nil {
		return err
	}
	if d.hasV1() {
		if err := in.loadV1(d, b); err != nil {
			return err
		}
	}
	if d.hasV2() {
		if err := in.loadV2(d, b); err != nil {
			return err
		}
	}
	return in.checkContent()
}

func readPieceLength(d *infoDict) (int64, error) {
	const field = "info.piece length"
	if d.pieceLength == nil {
		return 0, invalid(field, ReasonMissing)
	}
	n, err := laxScanner(d.pieceLength).Int()
	if err != nil {
		return 0, wrapBencode(field, err)
	}
	if n < 1 || n > maxNominalPieceLength || d.hasV2() && (n < MinPieceLength || n > MaxPieceLength || n&(n-1) != 0) {
		return 0, invalidf(field, ReasonPieceLength, "%d", n)
	}
	return n, nil
}

// checkContent adds up the files and refuses a torrent without content.
func (in *Info) checkContent() error {
	for i := range in.Files {
		if f := &in.Files[i]; !f.Pad {
			in.size += f.Length
		} else {
			in.padded = true
		}
	}
	if in.size == 0 {
		return invalid("info", ReasonNoFiles)
	}
	return nil
}

// attributes reads the letters of BEP 47 and ignores unknown ones.
func (f *File) attributes(attr []byte) (symlink bool) {
	f.Pad = bytes.IndexByte(attr, 'p') >= 0
	f.Executable = bytes.IndexByte(attr, 'x') >= 0
	f.Hidden = bytes.IndexByte(attr, 'h') >= 0
	return bytes.IndexByte(attr, 'l') >= 0
}

// stringValue returns the bytes of an encoded string, and false if raw is no string.
func stringValue(raw []byte) ([]byte, bool) {
	b, err := laxScanner(raw).Bytes()
	return b, err == nil
}

// laxScanner reads a value that was checked before, as strictly as it had to be.
func laxScanner(raw []byte) *bencode.Scanner {
	s := bencode.NewScanner(raw)
	s.Lax = true
	return s
}

// pathString joins a path for messages.
func pathString(path []string) string { return strings.Join(path, "/") }
