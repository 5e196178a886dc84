package metainfo

import (
	"slices"
	"strconv"
)

// The properties of a file that are seldom used are read from the info dictionary when
// they are asked for. So 100,000 files cost 36 bytes each besides it. The strings share
// the dictionary's memory.

// listed reports whether the files are those of a v1 list.
func (in *Info) listed() bool { return in.pieces != nil }

// RawPath returns the path of a file as the torrent has it: arbitrary bytes, not safe
// for any use as a path. It is nil in a single-file torrent.
func (in *Info) RawPath(f *File) []string {
	if in.single {
		return nil
	}
	if path := in.tree.rawPaths[f.Index]; path != nil {
		return path
	}
	if in.listed() {
		at := trustedField(in.raw, int(f.at), "path", "path.utf-8")
		if at == 0 { // BEP 47 names padding so
			return []string{".pad", strconv.FormatInt(f.Length, 10)}
		}
		return aliases(trustedList(nil, in.raw, at))
	}
	return in.tree.below(f.dir, alias(in.rawName(f)))
}

// rawName returns the last element of a file's path. The file is not padding without a
// path.
func (in *Info) rawName(f *File) []byte {
	if !in.listed() {
		name, _ := trustedString(in.raw, int(f.at))
		return name
	}
	return trustedLast(in.raw, trustedField(in.raw, int(f.at), "path", "path.utf-8"))
}

// Path returns a file's place in the URL tree below Info.Name; nil in a single-file
// torrent. It is RawPath, except where that cannot be a URL or another file has it. No
// two files but padding have the same Path.
func (in *Info) Path(f *File) []string {
	switch {
	case in.single:
		return nil
	case f.Pad:
		return safePath(in.RawPath(f))
	}
	return in.tree.below(f.dir, in.nameOf(f))
}

// FileName returns the last element of Path, or Info.Name in a single-file torrent.
func (in *Info) FileName(f *File) string {
	switch {
	case in.single:
		return in.Name
	case f.Pad:
		path := in.Path(f)
		return path[len(path)-1]
	}
	return in.nameOf(f)
}

// nameOf returns the name of a file in the tree.
func (in *Info) nameOf(f *File) string {
	if name, ok := in.tree.renamed[f.Index]; ok {
		return name
	}
	return safeName(alias(in.rawName(f)))
}

// Symlink returns the path below Info.Name that a symbolic link leads to, as in the URL
// tree, and nil for a file that is no symbolic link. The path may be dangling.
//
// BEP 47 has targets from the torrent's root, without "..". Other targets count from
// the link's own directory: those with "..", which libtorrent writes, and those whose
// first name exists there and not at the root.
func (in *Info) Symlink(f *File) []string {
	if !f.Link {
		return nil
	}
	raw := in.rawSymlink(f)
	if !slices.Contains(raw, "..") {
		first := safeName(raw[0])
		if in.has(0, first) || !in.has(f.dir, first) {
			return safePath(raw)
		}
	}
	path := in.Path(f)
	path = path[:len(path)-1]
	for _, e := range raw {
		switch {
		case e == "..":
			if len(path) == 0 {
				return safePath(raw) // out of the torrent: leads nowhere
			}
			path = path[:len(path)-1]
		case isName(e):
			path = append(path, safeName(e))
		}
	}
	if len(path) == 0 {
		return safePath(raw)
	}
	return path
}

// rawSymlink returns a link's target as the torrent has it.
func (in *Info) rawSymlink(f *File) []string {
	at := int(f.at)
	if !in.listed() {
		_, at = trustedString(in.raw, at)
		at = trustedField(in.raw, at, "", "") // the file's properties
	}
	return aliases(trustedList(nil, in.raw, trustedField(in.raw, at, "symlink path", "symlink path")))
}

// PiecesRoot returns the root of a file's Merkle tree (BEP 52). It is zero in a v1
// torrent and where the file is empty.
func (in *Info) PiecesRoot(f *File) (root [32]byte) {
	if int(f.Index) < len(in.roots) {
		if at := in.roots[f.Index]; at != 0 {
			copy(root[:], in.raw[at:])
		}
	}
	return root
}
