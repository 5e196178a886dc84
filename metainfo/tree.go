package metainfo

import "slices"

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
}

// Tree returns the root of the URL tree, a directory without a name that
// holds one entry: the torrent's, a file or a directory. Padding is not in it.
func (in *Info) Tree() *Node {
	in.sort.Do(in.dirs.sortChildren)
	return in.dirs
}

func (n *Node) sortChildren() {
	slices.SortFunc(n.Children, func(a, b *Node) int { return compareNames(a.Name, b.Name) })
	for _, c := range n.Children {
		c.sortChildren()
	}
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
			next, path = in.dirs.Children[0], slices.Concat(next.File.Symlink, path)
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
