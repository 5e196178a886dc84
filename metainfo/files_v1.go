package metainfo

import (
	"fmt"

	"github.com/btgw/btgw/metainfo/bencode"
)

// loadV1 reads the v1 half: files, their offsets, piece hashes.
func (in *Info) loadV1(d *infoDict, b *treeBuilder) error {
	var err error
	if d.length != nil && d.files != nil && string(d.files) == "le" {
		d.files = nil
	}
	if d.files != nil {
		in.Files, err = readFiles(d, b)
	} else {
		in.single = true
		in.Files, err = readSingleFile(d)
	}
	if err != nil {
		return err
	}
	for i := range in.Files {
		in.Files[i].Index, in.Files[i].Offset = int32(i), in.span
		in.span += in.Files[i].Length
		if in.span > MaxSize {
			return invalidf("info", ReasonLimit, "more than %d bytes", int64(MaxSize))
		}
	}
	if in.span == 0 {
		return invalid("info", ReasonNoFiles)
	}
	if d.files != nil && d.length != nil {
		// Some programs tell the sum.
		if n, err := laxScanner(d.length).Int(); err == nil && n != 0 && n != in.span {
			return invalidf("info", ReasonConflict, "both length and files")
		}
	}
	if in.PieceLength > MaxPieceLength && in.span > MaxPieceLength {
		return invalidf("info.piece length", ReasonPieceLength, "%d", in.PieceLength)
	}
	return in.loadPieces(d.pieces)
}

func (in *Info) loadPieces(raw []byte) error {
	const field = "info.pieces"
	var err error
	if in.pieces, err = laxScanner(raw).Bytes(); err != nil {
		return wrapBencode(field, err)
	}
	if len(in.pieces)%hashLenV1 != 0 {
		return invalidf(field, ReasonLength, "%d bytes", len(in.pieces))
	}
	n := (in.span + in.PieceLength - 1) / in.PieceLength
	if n > MaxPieces {
		return invalidf("info", ReasonLimit, "%d pieces", n)
	}
	if have := int64(len(in.pieces) / hashLenV1); have != n {
		return invalidf(field, ReasonPieceCount, "%d hashes, %d pieces", have, n)
	}
	return nil
}

func readSingleFile(d *infoDict) ([]File, error) {
	if d.length == nil {
		return nil, invalid("info.length", ReasonMissing)
	}
	n, err := readLength("info.length", d.length)
	if err != nil {
		return nil, err
	}
	f := File{Length: n}
	attr, _ := stringValue(d.attr)
	if f.attributes(attr); f.Pad {
		return nil, invalidf("info", ReasonPad, "the only file")
	}
	return []File{f}, nil
}

func readLength(field string, raw []byte) (int64, error) {
	n, err := laxScanner(raw).Int()
	if err != nil {
		return 0, wrapBencode(field, err)
	}
	if n < 0 {
		return 0, invalidf(field, ReasonRange, "%d", n)
	}
	if n > MaxSize {
		return 0, invalidf(field, ReasonLimit, "%d bytes", n)
	}
	return n, nil
}

// readFiles reads the list of a multi-file torrent.
func readFiles(d *infoDict, b *treeBuilder) ([]File, error) {
	n, err := countFiles(d.files)
	if err != nil {
		return nil, wrapBencode("info.files", err)
	}
	files := make([]File, 0, n)
	s := laxScanner(d.files)
	err = s.List(func() error {
		at := uint32(d.filesAt + s.Offset())
		f, err := readFile(s, b)
		if err != nil {
			return wrapBencode(fmt.Sprintf("info.files[%d]", len(files)), err)
		}
		f.at = at
		files = append(files, f)
		return nil
	})
	if err != nil {
		return nil, wrapBencode("info.files", err)
	}
	if len(files) == 0 {
		return nil, invalid("info.files", ReasonNoFiles)
	}
	return files, nil
}

// countFiles counts the elements of a list, so that it is refused, if it is too
// long, before anything was allocated for it.
func countFiles(raw []byte) (n int, err error) {
	err = laxScanner(raw).List(func() error {
		if n++; n > MaxFiles {
			return invalidf("info.files", ReasonLimit, "more than %d", MaxFiles)
		}
		return nil
	})
	return n, err
}

// fileDict is one element of "files", taken apart like an infoDict.
type fileDict struct {
	length, path, pathUTF8, attr, symlink []byte
}

func (d *fileDict) field(key []byte) *[]byte {
	switch string(key) {
	case "length":
		return &d.length
	case "path":
		return &d.path
	case "path.utf-8":
		return &d.pathUTF8
	case "attr":
		return &d.attr
	case "symlink path":
		return &d.symlink
	}
	return nil
}

// readFileDict takes the dictionary apart that starts at s.
func readFileDict(s *bencode.Scanner) (d fileDict, err error) {
	err = s.Dict(func(key []byte) error {
		v := d.field(key)
		if v == nil {
			return nil
		}
		if *v != nil {
			return invalidf("info.files", ReasonBencode, "key %q twice", key)
		}
		var err error
		*v, err = s.Raw()
		return err
	})
	return d, err
}

func readFile(s *bencode.Scanner, b *treeBuilder) (File, error) {
	d, err := readFileDict(s)
	if err != nil {
		return File{}, err
	}
	return d.file(b)
}

// isPath reports whether a checked value is a list that is not empty.
func isPath(raw []byte) bool { return len(raw) > 2 && raw[0] == 'l' }

// rawPath returns the encoding of the path, nil where there is none.
func (d *fileDict) rawPath() []byte {
	if isPath(d.pathUTF8) || d.path == nil {
		return d.pathUTF8
	}
	return d.path
}

func (d *fileDict) file(b *treeBuilder) (File, error) {
	var f File
	attr, _ := stringValue(d.attr)
	var err error
	link := f.attributes(attr)
	if link {
		if f.Pad {
			return f, invalidf("info.files", ReasonPad, "a link too")
		}
		if f.Link, err = b.paths.symlink(d.symlink); err != nil {
			return f, err
		}
	}
	switch {
	case f.Link || link && d.length == nil:
		// BEP 47: a symbolic link's length is 0, whatever it says.
	case d.length == nil:
		return f, invalid("info.files.length", ReasonMissing)
	default:
		if f.Length, err = readLength("info.files.length", d.length); err != nil {
			return f, err
		}
	}
	if f.Pad && d.path == nil && !isPath(d.pathUTF8) {
		return f, nil // BEP 47 lets the path of padding be left out
	}
	if d.rawPath() == nil {
		return f, invalid("info.files.path", ReasonMissing)
	}
	path, err := b.paths.read("info.files.path", d.rawPath())
	if err != nil {
		return f, err
	}
	f.Pad = f.Pad || b.paddingByName && !f.Link && namesPadding(path)
	if !f.Pad {
		f.dir, err = b.parent(path)
	}
	return f, err
}
