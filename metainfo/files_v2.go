package metainfo

import (
	"slices"
	"strconv"

	"github.com/btgw/btgw/metainfo/bencode"
)

// loadV2 reads the v2 half. A v1 half has filled in the files and their offsets
// already, if there is one, and both have to agree.
func (in *Info) loadV2(d *infoDict, b *treeBuilder) error {
	t := &treeReader{in: in, b: b, s: bencode.NewScanner(d.tree), at: d.treeAt}
	take := t.add
	if d.hasV1() {
		in.roots = make([]uint32, len(in.Files))
		take = t.join
	}
	t.take = take
	if err := t.read(); err != nil {
		return err
	}
	if d.hasV1() {
		return t.joined()
	}
	in.Files, in.roots, in.span = exact(in.Files), exact(in.roots), t.end
	in.nameSingleFile()
	return nil
}

// nameSingleFile recognises a torrent of one file: a file tree that is only a
// file. The file has its own name; the torrent's is advisory (BEP 52).
func (in *Info) nameSingleFile() {
	if len(in.Files) == 1 && len(in.tree.dirs) == 1 {
		in.single = true
		in.Name = string(in.rawName(&in.Files[0]))
	}
}

// A treeFile is a file of a file tree.
type treeFile struct {
	File
	root uint32 // where in the dictionary
	link []byte // the encoding of a link's target
}

// treeReader walks a file tree in its order.
type treeReader struct {
	in   *Info
	b    *treeBuilder
	s    *bencode.Scanner
	at   int      // where the tree is in the dictionary
	path [][]byte // of what is being read
	take func(f *treeFile) error
	n    int   // files so far
	end  int64 // of the last one
	next int   // hybrid: how many v1 files have their counterpart, and padding
}

// read walks the whole tree.
func (t *treeReader) read() error {
	if err := t.s.Dict(t.entry); err != nil {
		return wrapBencode("info.file tree", err)
	}
	if t.n == 0 {
		return invalid("info.file tree", ReasonNoFiles)
	}
	return nil
}

// align sets the offset of the next file: a file with content starts at a piece (BEP
// 52).
func (t *treeReader) align(f *treeFile) error {
	pieceLength := t.in.PieceLength
	if f.Length > 0 {
		t.end = (t.end + pieceLength - 1) &^ (pieceLength - 1)
	}
	f.Offset = t.end
	t.end += f.Length
	if t.end > MaxSize {
		return invalidf("info", ReasonLimit, "more than %d bytes", int64(MaxSize))
	}
	if n := (t.end + pieceLength - 1) / pieceLength; n > MaxPieces {
		return invalidf("info", ReasonLimit, "more than %d pieces", MaxPieces)
	}
	return nil
}

// add takes a file of a torrent without a v1 half.
func (t *treeReader) add(f *treeFile) (err error) {
	in := t.in
	f.Index = int32(len(in.Files))
	if f.dir, err = t.b.parent(t.path); err != nil {
		return err
	}
	in.Files, in.roots = append(in.Files, f.File), append(in.roots, f.root)
	dir := f.dir
	for _, e := range slices.Backward(t.path[:len(t.path)-1]) {
		if in.tree.dirs[dir].name != alias(e) {
			if in.tree.rawPaths == nil {
				in.tree.rawPaths = make(map[int32][]string)
			}
			in.tree.rawPaths[f.Index] = aliases(t.path)
			break
		}
		dir = in.tree.dirs[dir].parent
	}
	return nil
}

// join checks that the next of the v1 files, padding aside, is this file of the tree,
// at the same offset (BEP 52, "Upgrade Path"), and takes over its root. A torrent whose
// halves differ is refused: the peer would decide which content a client gets.
func (t *treeReader) join(f *treeFile) error {
	t.skipPadding()
	if t.next == len(t.in.Files) {
		return invalidf("info.files", ReasonHybrid, "%d files, more in the tree", t.n)
	}
	listed := &t.in.Files[t.next]
	if err := t.joinFile(listed, f); err != nil {
		return err
	}
	t.in.roots[t.next] = f.root
	listed.Executable = listed.Executable || f.Executable
	listed.Hidden = listed.Hidden || f.Hidden
	t.next++
	return nil
}

// skipPadding goes to the next v1 file that is not padding.
func (t *treeReader) skipPadding() {
	for t.next < len(t.in.Files) && t.in.Files[t.next].Pad {
		t.next++
	}
}

// joined checks the rest of the v1 half.
func (t *treeReader) joined() error {
	in := t.in
	if t.skipPadding(); t.next < len(in.Files) {
		return invalidf("info.files", ReasonHybrid, "more files than in the tree")
	}
	// Padding after the last file may complete its piece, no more.
	if full := (t.end + in.PieceLength - 1) &^ (in.PieceLength - 1); in.span > full {
		return invalidf("info.files", ReasonHybrid, "%d bytes, %d in the tree", in.span, t.end)
	}
	return nil
}

func (t *treeReader) joinFile(f *File, tf *treeFile) error {
	in := t.in
	path := in.RawPath(f)
	if in.single {
		path = []string{in.Name}
	}
	switch {
	case !slices.EqualFunc(path, t.path, func(a string, b []byte) bool { return a == string(b) }):
		return invalidf("info.files", ReasonHybrid, "%q, in the tree %q", pathString(path), pathString(aliases(t.path)))
	case f.Length != tf.Length:
		return invalidf("info.files", ReasonHybrid, "%q has %d bytes, in the tree %d", pathString(path), f.Length, tf.Length)
	case f.Link != tf.Link || f.Link && !slices.Equal(in.rawSymlink(f), aliases(trustedList(nil, tf.link, 0))):
		return invalidf("info.files", ReasonHybrid, "%q links elsewhere in the tree", pathString(path))
	case f.Length > 0 && f.Offset != tf.Offset:
		return invalidf("info.files", ReasonHybrid, "%q at byte %d, in the tree %d", pathString(path), f.Offset, tf.Offset)
	}
	return nil
}

// entry reads the value of one name in a directory.
func (t *treeReader) entry(name []byte) error {
	if len(name) == 0 {
		return t.fail(ReasonTree, "a directory with the properties of a file")
	}
	at := t.at + t.s.Offset() - len(name) - len(strconv.Itoa(len(name))) - 1
	t.path = append(t.path, name)
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
			return t.file(uint32(at))
		}
		return t.entry(key)
	})
	t.path = t.path[:len(t.path)-1]
	return wrapBencode("info.file tree", err)
}

// file reads the properties of the file at path.
func (t *treeReader) file(at uint32) error {
	if t.n == MaxFiles {
		return t.fail(ReasonLimit, "more files than may be")
	}
	var length, root, attr, link []byte
	var rootAt int
	err := t.s.Dict(func(key []byte) (err error) {
		switch string(key) {
		case "length":
			length, err = t.s.Raw()
		case "pieces root":
			rootAt = t.at + t.s.Offset()
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
	if t.b.paths.elements += len(t.path); t.b.paths.elements > MaxElements {
		return t.fail(ReasonLimit, "more path elements than may be")
	}
	f := treeFile{File: File{at: at}, link: link}
	letters, _ := stringValue(attr)
	isLink := f.attributes(letters)
	if isLink {
		if f.Link, err = t.b.paths.symlink(link); err != nil {
			return err
		}
	}
	switch {
	case f.Pad:
		return t.fail(ReasonPad, "padding in a file tree")
	case f.Link || isLink && length == nil:
	case length == nil:
		return t.fail(ReasonMissing, "length")
	default:
		if f.Length, err = readLength("info.file tree.length", length); err == nil && f.Length > 0 {
			f.root, err = t.root(root, rootAt)
		}
	}
	if err == nil {
		err = t.align(&f)
	}
	if err == nil {
		err = t.take(&f)
	}
	t.n++
	return err
}

// root returns the offset in the dictionary of the root whose encoding raw is at at.
func (t *treeReader) root(raw []byte, at int) (uint32, error) {
	if raw == nil {
		return 0, t.fail(ReasonRoot, "missing")
	}
	b, ok := stringValue(raw)
	if !ok || len(b) != hashLenV2 {
		return 0, t.fail(ReasonRoot, "not 32 bytes")
	}
	if [hashLenV2]byte(b) == [hashLenV2]byte{} {
		return 0, t.fail(ReasonRoot, "zero")
	}
	return uint32(at + len(raw) - hashLenV2), nil
}

func (t *treeReader) fail(r Reason, detail string) error {
	return invalidf("info.file tree", r, "%q: %s", pathString(aliases(t.path)), detail)
}
