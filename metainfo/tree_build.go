package metainfo

import (
	"fmt"
	"slices"
)

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

// buildTree makes the URL tree and settles the torrent's name.
func (in *Info) buildTree() error {
	if !isName(in.Name) {
		in.Name = in.ID().String()
	}
	in.Name = safeName(in.Name)
	top := &Node{Name: in.Name, Dir: !in.single}
	in.dirs = &Node{Dir: true, Children: []*Node{top}}
	if in.single {
		top.File, top.Size, top.Files = &in.Files[0], in.Files[0].Length, 1
	} else if err := in.buildDirs(top); err != nil {
		return err
	}
	in.dirs.Size, in.dirs.Files = top.Size, top.Files
	return nil
}

// buildDirs makes the tree below the torrent's name. Directories come first:
// where one has the path of a file, the file gives way. Then files in the
// order of the torrent, and those whose path is taken last, so that no file
// loses its own name to the substitute of another.
func (in *Info) buildDirs(top *Node) error {
	b := &treeBuilder{in: in, nodes: make(map[nodeKey]*Node, len(in.Files)), next: map[nodeKey]int{}}
	parents := make([]*Node, len(in.Files))
	for i := range in.Files {
		if f := &in.Files[i]; !f.Pad {
			var err error
			if parents[i], err = b.parent(top, f.Path); err != nil {
				return err
			}
		}
	}
	var late []int
	for i := range in.Files {
		if f := &in.Files[i]; !f.Pad && !b.add(parents[i], f, f.Path[len(f.Path)-1]) {
			late = append(late, i)
		}
	}
	if len(late) > MaxDuplicates {
		return invalidf("info", ReasonLimit, "%d files with the path of another", len(late))
	}
	for _, i := range late {
		b.addNumbered(parents[i], &in.Files[i])
	}
	for i := range in.Files {
		if f := &in.Files[i]; f.Symlink != nil {
			f.Symlink = b.linkTarget(top, parents[i], f)
		}
	}
	top.sum()
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
			next = &Node{Name: name, Dir: true}
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
	n := &Node{Name: name, File: f, Size: f.Length, Files: 1}
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

// linkTarget returns the path below the torrent's name that a symbolic link
// leads to; it may not exist. BEP 47 has targets from the torrent's root,
// without "..". Others are found from the link's own directory: those with
// "..", which libtorrent writes, and those that start with a name which is
// there and not at the root.
func (b *treeBuilder) linkTarget(top, dir *Node, f *File) []string {
	raw := f.Symlink
	if !slices.Contains(raw, "..") {
		first := safeName(raw[0])
		if b.nodes[nodeKey{top, first}] != nil || b.nodes[nodeKey{dir, first}] == nil {
			return safePath(raw)
		}
	}
	path := slices.Clone(f.Path[:len(f.Path)-1])
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
