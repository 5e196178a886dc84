package metainfo

import (
	"slices"

	"github.com/btgw/btgw/metainfo/bencode"
)

// loadV2 reads the v2 half. Where there is a v1 half, that has filled in the
// files and their offsets already, and both have to agree.
func (in *Info) loadV2(d *infoDict) error {
	tree, err := readTree(d.tree)
	if err != nil {
		return err
	}
	end, err := align(tree, in.PieceLength)
	if err != nil {
		return err
	}
	if d.hasV1() {
		if err := in.joinHalves(tree, end); err != nil {
			return err
		}
	} else {
		in.Files, in.span = tree, end
		in.nameSingleFile()
	}
	for i := range in.Files {
		if f := &in.Files[i]; f.Length > 0 && !f.Pad {
			in.solid = append(in.solid, int32(i))
		}
	}
	return nil
}

// nameSingleFile recognises a torrent of one file: a file tree that is only a
// file. The file has its own name; the torrent's is advisory (BEP 52).
func (in *Info) nameSingleFile() {
	if len(in.Files) != 1 || len(in.Files[0].RawPath) != 1 {
		return
	}
	in.single = true
	in.Name = in.Files[0].RawPath[0]
	in.Files[0].Path, in.Files[0].RawPath = nil, nil
}

// align sets the index and offset of each file: one with content starts at a
// piece (BEP 52). It returns the end of the last one.
func align(files []File, pieceLength int64) (end int64, err error) {
	for i := range files {
		f := &files[i]
		f.Index = i
		if f.Length > 0 {
			end = (end + pieceLength - 1) &^ (pieceLength - 1)
		}
		f.Offset = end
		end += f.Length
		if end > MaxSize {
			return 0, invalidf("info", ReasonLimit, "more than %d bytes", int64(MaxSize))
		}
		if n := (end + pieceLength - 1) / pieceLength; n > MaxPieces {
			return 0, invalidf("info", ReasonLimit, "more than %d pieces", MaxPieces)
		}
	}
	return end, nil
}

// joinHalves checks that the v1 files, padding aside, are those of the tree,
// in its order and at the same offsets (BEP 52, "Upgrade Path"), and takes
// over their roots. Torrents whose halves differ are refused: which content
// one gets would depend on the peer (T8).
func (in *Info) joinHalves(tree []File, end int64) error {
	n := 0
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad {
			continue
		}
		if n == len(tree) {
			return invalidf("info.files", ReasonHybrid, "more files than in the tree")
		}
		if err := in.joinFile(f, &tree[n]); err != nil {
			return err
		}
		n++
	}
	if n != len(tree) {
		return invalidf("info.files", ReasonHybrid, "%d files, %d in the tree", n, len(tree))
	}
	// Padding after the last file may complete its piece, no more.
	if full := (end + in.PieceLength - 1) &^ (in.PieceLength - 1); in.span > full {
		return invalidf("info.files", ReasonHybrid, "%d bytes, %d in the tree", in.span, end)
	}
	return nil
}

func (in *Info) joinFile(f, t *File) error {
	path := f.RawPath
	if in.single {
		path = []string{in.Name}
	}
	switch {
	case !slices.Equal(path, t.RawPath):
		return invalidf("info.files", ReasonHybrid, "%q, in the tree %q", pathString(path), pathString(t.RawPath))
	case f.Length != t.Length:
		return invalidf("info.files", ReasonHybrid, "%q has %d bytes, in the tree %d", pathString(path), f.Length, t.Length)
	case !slices.Equal(f.Symlink, t.Symlink):
		return invalidf("info.files", ReasonHybrid, "%q links elsewhere in the tree", pathString(path))
	case f.Length > 0 && f.Offset != t.Offset:
		return invalidf("info.files", ReasonHybrid, "%q at byte %d, in the tree %d", pathString(path), f.Offset, t.Offset)
	}
	f.PiecesRoot = t.PiecesRoot
	f.Executable = f.Executable || t.Executable
	f.Hidden = f.Hidden || t.Hidden
	return nil
}

// treeReader walks a file tree in its order.
type treeReader struct {
	s     *bencode.Scanner
	paths pathReader
	path  []string // of the directory being read
	files []File
}

func readTree(raw []byte) ([]File, error) {
	t := &treeReader{s: bencode.NewScanner(raw)}
	err := t.s.Dict(t.entry)
	if err != nil {
		return nil, wrapBencode("info.file tree", err)
	}
	if len(t.files) == 0 {
		return nil, invalid("info.file tree", ReasonNoFiles)
	}
	return slices.Clip(t.files), nil
}

// entry reads the value of one name in a directory.
func (t *treeReader) entry(name []byte) error {
	if len(name) == 0 {
		return t.fail(ReasonTree, "a directory with the properties of a file")
	}
	t.path = append(t.path, string(name))
	if len(t.path) > MaxDepth {
		return t.fail(ReasonLimit, "deep path")
	}
	if t.s.Kind() != bencode.Dict {
		return t.fail(ReasonTree, "not a dictionary")
	}
	file := false
	err := t.s.Dict(func(key []byte) error {
		if file {
			return t.fail(ReasonTree, "a file with other entries beside it")
		}
		if file = len(key) == 0; file {
			return t.file()
		}
		return t.entry(key)
	})
	t.path = t.path[:len(t.path)-1]
	return wrapBencode("info.file tree", err)
}

// file reads the properties of the file at path.
func (t *treeReader) file() error {
	if len(t.files) == MaxFiles {
		return t.fail(ReasonLimit, "more files than may be")
	}
	var length, root, attr, link []byte
	err := t.s.Dict(func(key []byte) (err error) {
		switch string(key) {
		case "length":
			length, err = t.s.Raw()
		case "pieces root":
			root, err = t.s.Raw()
		case "attr":
			attr, err = t.s.Raw()
		case "symlink path":
			link, err = t.s.Raw()
		}
		return err
	})
	if err != nil {
		return err
	}
	t.paths.elements += len(t.path)
	if t.paths.elements > MaxElements {
		return t.fail(ReasonLimit, "more path elements than may be")
	}
	f := File{RawPath: slices.Clone(t.path)}
	f.Path = safePath(f.RawPath)
	letters, _ := stringValue(attr)
	isLink := f.attributes(letters)
	if isLink {
		if f.Symlink, err = t.paths.symlink(link); err != nil {
			return err
		}
	}
	switch {
	case f.Pad:
		return t.fail(ReasonPad, "padding in a file tree")
	case f.Symlink != nil || isLink && length == nil:
	case length == nil:
		return t.fail(ReasonMissing, "length")
	default:
		if f.Length, err = readLength("info.file tree.length", length); err == nil && f.Length > 0 {
			f.PiecesRoot, err = t.root(root)
		}
	}
	t.files = append(t.files, f)
	return err
}

func (t *treeReader) root(raw []byte) (root [hashLenV2]byte, err error) {
	if raw == nil {
		return root, t.fail(ReasonRoot, "missing")
	}
	b, ok := stringValue(raw)
	if !ok || len(b) != hashLenV2 {
		return root, t.fail(ReasonRoot, "not 32 bytes")
	}
	copy(root[:], b)
	if root == [hashLenV2]byte{} {
		return root, t.fail(ReasonRoot, "zero")
	}
	return root, nil
}

func (t *treeReader) fail(r Reason, detail string) error {
	return invalidf("info.file tree", r, "%q: %s", pathString(t.path), detail)
}
