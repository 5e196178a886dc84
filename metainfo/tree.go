package metainfo

import (
	"iter"
	"math"
	"slices"
)

// A tree is the URL tree of a torrent below its name, as indices. It takes 4 bytes for
// each file, and 40 for each directory besides its name. Names share the memory of the
// info dictionary. The tree of a single-file torrent is empty.
type tree struct {
	dirs     []directory // the first one is the torrent's
	order    []int32     // the entries of all directories: files, and ^i for directories
	renamed  map[int32]string
	rawPaths map[int32][]string // of v2 files in directories whose name is not the torrent's
}

// A directory is a directory of a tree.
type directory struct {
	name     string
	size     int64
	parent   int32
	files    int32 // below it
	first, n int32 // its entries in order, sorted by compareNames
}

// below returns the path of a name in a directory.
func (t *tree) below(dir int32, name string) []string {
	depth := 1
	for d := dir; d != 0; d = t.dirs[d].parent {
		depth++
	}
	path := make([]string, depth)
	path[depth-1] = name
	for d := dir; d != 0; d = t.dirs[d].parent {
		depth--
		path[depth-1] = t.dirs[d].name
	}
	return path
}

// entries returns the entries of a directory.
func (t *tree) entries(dir int32) []int32 {
	d := &t.dirs[dir]
	return t.order[d.first : d.first+d.n]
}

// Node is a file or directory in the URL tree of a torrent. It is made when it is asked
// for. Callers must not write to it.
type Node struct {
	// Name is one segment of a URL path, not yet percent-encoded: 1 to MaxNameLen
	// arbitrary bytes other than "." and "..". It is empty at the root.
	Name string
	// Dir marks a directory.
	Dir bool
	// File is the file, which is never padding. It is nil for a directory.
	File *File
	// Size is the size of the file, or of all files below the directory, in bytes.
	Size int64
	// Files is the number of files below, symbolic links included.
	Files int

	in    *Info
	entry int32 // as in tree.order, or rootEntry
}

// rootEntry is that of the root.
const rootEntry = math.MinInt32

// Tree returns the root of the URL tree, a directory without a name that
// holds one entry: the torrent's, a file or a directory. Padding is not in it.
func (in *Info) Tree() *Node {
	top := in.Top()
	return &Node{Dir: true, Size: top.Size, Files: top.Files, in: in, entry: rootEntry}
}

// Top returns the torrent's entry in its URL tree: the file of a single-file torrent, the
// directory that holds all others.
func (in *Info) Top() Node {
	if in.single {
		return in.node(0)
	}
	return in.node(^0)
}

// node makes the node of an entry.
func (in *Info) node(entry int32) Node {
	if entry >= 0 {
		f := &in.Files[entry]
		return Node{Name: in.FileName(f), File: f, Size: f.Length, Files: 1, in: in, entry: entry}
	}
	d := &in.tree.dirs[^entry]
	return Node{Name: in.entryName(entry), Dir: true, Size: d.size, Files: int(d.files), in: in, entry: entry}
}

// entryName returns the name of an entry.
func (in *Info) entryName(entry int32) string {
	switch {
	case entry >= 0:
		return in.FileName(&in.Files[entry])
	case entry == ^0:
		return in.Name
	}
	return in.tree.dirs[^entry].name
}

// Len returns how many entries a directory has.
func (n Node) Len() int {
	switch {
	case n.entry == rootEntry:
		return 1
	case n.entry >= 0:
		return 0
	}
	return int(n.in.tree.dirs[^n.entry].n)
}

// Children returns the entries of a directory in natural order: numbers by value, letters
// without regard to case, so that "Part 2" comes before "part 10".
func (n Node) Children() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		switch {
		case n.entry == rootEntry:
			yield(n.in.Top())
		case n.entry < 0:
			for _, e := range n.in.tree.entries(^n.entry) {
				if !yield(n.in.node(e)) {
					return
				}
			}
		}
	}
}

// Lookup returns the node that a URL path names. path holds the decoded segments after
// the infohash, the torrent's name first; an empty path is the root. Symbolic links are
// followed, at most MaxSymlinkHops, and never out of the torrent. The error is
// ErrNotFound.
func (in *Info) Lookup(path []string) (*Node, error) {
	if len(path) == 0 {
		return in.Tree(), nil
	}
	entry, hops := int32(rootEntry), 0
	for len(path) > 0 {
		next, ok := in.child(entry, path[0])
		if !ok {
			return nil, ErrNotFound
		}
		path = path[1:]
		if next >= 0 && in.Files[next].Link {
			if hops++; hops > MaxSymlinkHops {
				return nil, ErrNotFound
			}
			next, path = ^0, slices.Concat(in.Symlink(&in.Files[next]), path)
		}
		entry = next
	}
	node := in.node(entry)
	return &node, nil
}

// child finds an entry of another by name.
func (in *Info) child(entry int32, name string) (child int32, ok bool) {
	switch {
	case entry == rootEntry:
		if in.single {
			return 0, name == in.Name
		}
		return ^0, name == in.Name
	case entry >= 0:
		return 0, false
	}
	entries := in.tree.entries(^entry)
	i, ok := slices.BinarySearchFunc(entries, name, func(e int32, name string) int {
		return compareNames(in.entryName(e), name)
	})
	if !ok {
		return 0, false
	}
	return entries[i], true
}

// Rank returns a file's place in the order of all listings: the files of a directory
// one after another as Children has them. It returns -1 for padding, which no listing
// shows.
func (in *Info) Rank(f *File) int {
	switch {
	case f.Pad:
		return -1
	case in.single:
		return 0
	}
	dir := &in.tree.dirs[f.dir]
	i, ok := slices.BinarySearchFunc(in.tree.entries(f.dir), in.nameOf(f), func(e int32, name string) int {
		return compareNames(in.entryName(e), name)
	})
	if !ok {
		return -1
	}
	return int(dir.first) + i
}

// Ranked returns the file of a rank, or nil where a directory has the rank. ok is false
// from the end of the order on.
func (in *Info) Ranked(rank int) (f *File, ok bool) {
	switch {
	case in.single || rank < 0 || rank >= len(in.tree.order):
		return nil, false
	case in.tree.order[rank] < 0:
		return nil, true
	}
	return &in.Files[in.tree.order[rank]], true
}

// has reports whether a directory has an entry of a name.
func (in *Info) has(dir int32, name string) bool {
	_, ok := in.child(^dir, name)
	return ok
}
