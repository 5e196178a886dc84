package metainfo

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"slices"

	"golang.org/x/text/encoding"
)

// Info is a checked info dictionary (BEP 3, BEP 52, or both) and the values derived
// from it. It does not change after ParseInfo and is safe for concurrent use. Callers
// must not write to it, nor to the results of its methods.
type Info struct {
	// Name is the torrent's entry in its URL tree: the file of a single-file torrent,
	// else the directory that holds all files. A v2 torrent of one file is named by the
	// file, since BEP 52 calls its name advisory. Name is never empty, "." or "..", and
	// has at most MaxNameLen bytes.
	Name string

	// PieceLength is in bytes, at most MaxPieceLength. With a v2 half it is a power of
	// two, at least MinPieceLength.
	PieceLength int64

	// Private forbids all peer sources but the torrent's trackers (BEP 27).
	Private bool

	// Files are in the order of the torrent, padding included.
	Files []File

	raw    []byte
	pieces []byte // v1: SHA-1 of each piece, 20 bytes each; aliases raw
	v1, v2 InfoHash
	single bool
	padded bool // some of the files are padding

	charset encoding.Encoding // of names that are not UTF-8; nil: not said
	size    int64
	span    int64
	roots   []uint32 // v2: where in raw the pieces root of each file is; 0: none
	tree    tree
}

// File is one file of a torrent. Its other properties are read from the info dictionary
// when they are asked for: Info.Path, RawPath, Symlink and PiecesRoot.
type File struct {
	// Length is in bytes; it is 0 for symbolic links.
	Length int64

	// Offset is that of the file's first byte in the byte space of the torrent, in
	// bytes. In v2 torrents files with content start at a piece.
	Offset int64

	// Index is the file's place in Info.Files.
	Index int32

	at  uint32 // where in Info.raw: v1 its dictionary, else its name in the file tree
	dir int32  // the directory that it is in; unset for padding

	// Pad marks padding (BEP 47): zeros that no listing shows.
	Pad bool

	// Executable and Hidden are attributes "x" and "h" (BEP 47).
	Executable, Hidden bool

	// Link marks a symbolic link (BEP 47), whose target Info.Symlink returns.
	Link bool
}

// ParseInfo parses and checks a bare info dictionary. It keeps a copy of raw.
// The error is an *InvalidError.
func ParseInfo(raw []byte) (*Info, error) {
	if len(raw) > MaxInfoLen {
		return nil, invalidf("info", ReasonLimit, "%d bytes", len(raw))
	}
	raw = slices.Clip(bytes.Clone(raw))
	in, err := parseInfo(raw, true)
	if refused := (*InvalidError)(nil); errors.As(err, &refused) && refused.Reason == ReasonNoFiles {
		// Where all that there is has the name of padding, it is content.
		if content, err := parseInfo(raw, false); err == nil {
			return content, nil
		}
	}
	return in, err
}

// parseInfo parses raw, which it keeps. With paddingByName the name of a file may make
// it padding (namesPadding).
func parseInfo(raw []byte, paddingByName bool) (*Info, error) {
	in := &Info{raw: raw}
	dict, err := readInfoDict(in.raw)
	if err != nil {
		return nil, err
	}
	b := newTreeBuilder(in)
	b.paddingByName = paddingByName
	if err := in.load(dict, b); err != nil {
		return nil, err
	}
	in.setHashes(dict.hasV1(), dict.hasV2())
	if !isName(in.Name) {
		in.Name = in.ID().String()
	}
	in.Name = safeName(in.Name)
	if err := b.build(); err != nil {
		return nil, err
	}
	return in, nil
}

// Raw returns the info dictionary as it was parsed. Its hash is the infohash.
func (in *Info) Raw() []byte { return in.raw }

// Hashes returns the torrent's infohashes: v1, v2, or v1 and v2 of a hybrid.
func (in *Info) Hashes() []InfoHash {
	hashes := make([]InfoHash, 0, 2)
	if in.HasV1() {
		hashes = append(hashes, in.v1)
	}
	if in.HasV2() {
		hashes = append(hashes, in.v2)
	}
	return hashes
}

// ID returns the infohash that the torrent is known by: v1 if it has one.
func (in *Info) ID() InfoHash {
	if in.HasV1() {
		return in.v1
	}
	return in.v2
}

// HasV1 reports whether there is a v1 half, with SHA-1 piece hashes.
func (in *Info) HasV1() bool { return !in.v1.IsZero() }

// HasV2 reports whether there is a v2 half, with Merkle trees.
func (in *Info) HasV2() bool { return !in.v2.IsZero() }

// SingleFile reports whether the torrent is one file, without a directory.
func (in *Info) SingleFile() bool { return in.single }

// Size returns the bytes of all files, without padding.
func (in *Info) Size() int64 { return in.size }

// Span returns the end of the byte space in bytes. It counts Size, padding files, and
// the gaps that align the files of a v2 torrent.
func (in *Info) Span() int64 { return in.span }

// setHashes computes the infohashes of the halves that the torrent has.
func (in *Info) setHashes(v1, v2 bool) {
	if v1 {
		in.v1 = NewV1(sha1.Sum(in.raw))
	}
	if v2 {
		in.v2 = NewV2(sha256.Sum256(in.raw))
	}
}
