package metainfo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Node is a file or directory in the URL tree of a torrent. It belongs to its
// Info and may not be written to.
type Node struct {
	// Name is one segment of a URL path, not yet percent-encoded: 1 to
	// MaxNameLen arbitrary bytes other than "." and "..". Empty at the root.
	Name string
	// Dir tells a directory.
	Dir bool
	// File is the file; nil for a directory. Never padding.
	File *File
	// Children of a directory in natural order: numbers by value, letters
	// without regard to case, so that "Part 2" comes before "part 10".
	Children []*Node
	// Size in bytes: the file's, or that of all files below.
	Size int64
	// Files is how many files are below, symbolic links included.
	Files int

	parent *Node // nil at the root
}

// Tree returns the root of the URL tree, a directory without a name that
// holds one entry: the torrent's, a file or a directory. Padding is not in it.
func (in *Info) Tree() *Node {
	in.sort.Do(in.dirs.sortChildren)
	return in.dirs
}

// nodeKey is a name in a directory.
type nodeKey struct {
	dir  *Node
	name string
}

// treeBuilder makes the tree, and settles which file has which path.
type treeBuilder struct {
	in    *Info
	nodes map[nodeKey]*Node
	next  map[nodeKey]int // the number to try for the next file of that name
	dirs  int
}

// buildTree makes the URL tree. Directories come first: where one has the path
// of a file, the file gives way. Then files in the order of the torrent, and
// those whose path is taken last, so that no file loses its own name to the
// substitute of another.
func (in *Info) buildTree() error {
	in.dirs = &Node{Dir: true}
	if !isName(in.Name) {
		in.Name = in.ID().String()
	}
	in.Name = safeName(in.Name)
	top := &Node{Name: in.Name, Dir: !in.single, parent: in.dirs}
	in.dirs.Children = []*Node{top}
	if in.single {
		top.File, top.Size, top.Files = &in.Files[0], in.Files[0].Length, 1
		in.dirs.Size, in.dirs.Files = top.Size, 1
		return nil
	}
	b := &treeBuilder{in: in, nodes: make(map[nodeKey]*Node, len(in.Files)), next: map[nodeKey]int{}}
	parents := make([]*Node, len(in.Files))
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad {
			continue
		}
		var err error
		if parents[i], err = b.parent(top, f.Path); err != nil {
			return err
		}
	}
	var late []int
	for i := range in.Files {
		if f := &in.Files[i]; !f.Pad && !b.add(parents[i], f, f.Path[len(f.Path)-1]) {
			late = append(late, i)
		}
	}
	if len(late) > MaxDuplicates {
		return invalidf("info", ReasonLimit, "%d paths that are taken", len(late))
	}
	for _, i := range late {
		b.addNumbered(parents[i], &in.Files[i])
	}
	in.dirs.sum()
	return nil
}

// parent returns the directory of a file, made if need be.
func (b *treeBuilder) parent(dir *Node, path []string) (*Node, error) {
	for _, name := range path[:len(path)-1] {
		key := nodeKey{dir, name}
		next := b.nodes[key]
		if next == nil {
			if b.dirs++; b.dirs > MaxDirs {
				return nil, invalidf("info", ReasonLimit, "more than %d directories", MaxDirs)
			}
			next = &Node{Name: name, Dir: true, parent: dir}
			b.nodes[key] = next
			dir.Children = append(dir.Children, next)
		}
		dir = next
	}
	return dir, nil
}

// add puts f into dir under name; false where that is taken.
func (b *treeBuilder) add(dir *Node, f *File, name string) bool {
	key := nodeKey{dir, name}
	if b.nodes[key] != nil {
		return false
	}
	n := &Node{Name: name, File: f, Size: f.Length, Files: 1, parent: dir}
	b.nodes[key] = n
	dir.Children = append(dir.Children, n)
	return true
}

// addNumbered puts f into dir under the first numbered name that is free. Each
// name's numbers are tried once, so many files of one name stay cheap.
func (b *treeBuilder) addNumbered(dir *Node, f *File) {
	name := f.Path[len(f.Path)-1]
	key := nodeKey{dir, name}
	for {
		b.next[key]++
		numbered := suffixName(name, fmt.Sprintf(".%d", b.next[key]))
		if b.add(dir, f, numbered) {
			f.Path = slices.Clone(f.Path)
			f.Path[len(f.Path)-1] = numbered
			return
		}
	}
}

// sum computes sizes and counts of directories, MaxDepth deep at most.
func (n *Node) sum() {
	for _, c := range n.Children {
		if c.Dir {
			c.sum()
		}
		n.Size += c.Size
		n.Files += c.Files
	}
}

func (n *Node) sortChildren() {
	slices.SortFunc(n.Children, func(a, b *Node) int { return compareNames(a.Name, b.Name) })
	for _, c := range n.Children {
		c.sortChildren()
	}
}

// target returns where a symbolic link leads: a directory to start in, and the
// path from there. BEP 47 has paths from the torrent's root; where that has no
// such entry, the path is taken from the link's directory, as in torrents of
// macOS frameworks.
func (in *Info) target(link *Node) (dir *Node, path []string) {
	top := in.dirs.Children[0]
	path = link.File.Symlink
	if top.child(path[0]) == nil && link.parent.child(path[0]) != nil {
		return link.parent, path
	}
	return top, path
}

// Lookup returns what a URL path names: path holds the decoded segments after
// the infohash, the torrent's name first; an empty one is the root. Symbolic
// links are followed, at most MaxSymlinkHops, and never out of the torrent.
// The error is ErrNotFound.
func (in *Info) Lookup(path []string) (*Node, error) {
	node := in.Tree()
	hops := 0
	for len(path) > 0 {
		next := node.child(path[0])
		if next == nil {
			return nil, ErrNotFound
		}
		path = path[1:]
		if next.File != nil && next.File.Symlink != nil {
			if hops++; hops > MaxSymlinkHops {
				return nil, ErrNotFound
			}
			dir, target := in.target(next)
			next, path = dir, slices.Concat(target, path)
		}
		node = next
	}
	return node, nil
}

// child finds an entry of a directory by name, nil if there is none.
func (n *Node) child(name string) *Node {
	i, ok := slices.BinarySearchFunc(n.Children, name, func(c *Node, name string) int {
		return compareNames(c.Name, name)
	})
	if !ok {
		return nil
	}
	return n.Children[i]
}

// compareNames is natural order. It is total: only equal names compare equal,
// so that a binary search finds the right one.
func compareNames(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		if isDigit(x[0]) && isDigit(y[0]) {
			var m, n string
			m, x = cutNumber(x)
			n, y = cutNumber(y)
			if c := cmp.Or(cmp.Compare(len(m), len(n)), strings.Compare(m, n)); c != 0 {
				return c
			}
			continue
		}
		if c := cmp.Compare(fold(x[0]), fold(y[0])); c != 0 {
			return c
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// cutNumber splits off the digits at the start, without leading zeros.
func cutNumber(s string) (number, rest string) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return strings.TrimLeft(s[:i], "0"), s[i:]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func fold(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
