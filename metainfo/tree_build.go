package metainfo

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A dirKey is a name in a directory.
type dirKey struct {
	dir  int32
	name string
}

// A treeBuilder makes the tree while the files are read, and settles the path of each
// file.
type treeBuilder struct {
	in    *Info
	paths pathReader
	dirs  map[dirKey]int32
	names []string // of the files, once they are read; "" for padding
	last  [][]byte // where the last file was
	found int32    // the directory of that

	paddingByName bool // a v1 file may be padding by its name (namesPadding)
}

func newTreeBuilder(in *Info) *treeBuilder {
	in.tree.dirs = []directory{{}}
	return &treeBuilder{in: in, dirs: map[dirKey]int32{}}
}

// parent returns the directory of a file, made if need be.
func (b *treeBuilder) parent(path [][]byte) (dir int32, err error) {
	path = path[:len(path)-1]
	if slices.EqualFunc(path, b.last, bytes.Equal) {
		return b.found, nil // as mostly
	}
	for _, e := range path {
		name := safeName(alias(e))
		next, ok := b.dirs[dirKey{dir, name}]
		if !ok {
			if next = int32(len(b.in.tree.dirs)); next > MaxDirs {
				return 0, invalidf("info", ReasonLimit, "more than %d directories", MaxDirs)
			}
			b.dirs[dirKey{dir, name}] = next
			b.in.tree.dirs = append(b.in.tree.dirs, directory{name: name, parent: dir})
		}
		dir = next
	}
	b.last, b.found = append(b.last[:0], path...), dir
	return dir, nil
}

// build makes the tree of the files that were read. A file that has the path of a
// directory gives way. Of several files with one path the first keeps its name. The
// others are numbered last, so that no file loses its name to the substitute of
// another.
func (b *treeBuilder) build() error {
	t := &b.in.tree
	if b.in.single {
		*t = tree{}
		return nil
	}
	t.dirs = exact(t.dirs)
	b.nameFiles()
	b.list()
	late := b.late()
	if len(late) > MaxDuplicates {
		return invalidf("info", ReasonLimit, "%d files with the path of another", len(late))
	}
	b.number(late)
	b.sum()
	return nil
}

// nameFiles reads the names of all files: they are compared often.
func (b *treeBuilder) nameFiles() {
	b.names = make([]string, len(b.in.Files))
	for i := range b.in.Files {
		if f := &b.in.Files[i]; !f.Pad {
			b.names[i] = safeName(alias(b.in.rawName(f)))
		}
	}
}

// list puts each file and directory into its directory, and sorts them.
func (b *treeBuilder) list() {
	t, files := &b.in.tree, b.in.Files
	entries := len(t.dirs) - 1
	for d := range t.dirs[1:] {
		t.dirs[t.dirs[d+1].parent].n++
	}
	for i := range files {
		if !files[i].Pad {
			t.dirs[files[i].dir].n++
			entries++
		}
	}
	first := int32(0)
	for d := range t.dirs {
		t.dirs[d].first = first
		first += t.dirs[d].n
		t.dirs[d].n = 0
	}
	t.order = make([]int32, entries)
	put := func(dir, entry int32) {
		d := &t.dirs[dir]
		t.order[d.first+d.n] = entry
		d.n++
	}
	for d := range t.dirs[1:] {
		put(t.dirs[d+1].parent, ^int32(d+1))
	}
	for i := range files {
		if !files[i].Pad {
			put(files[i].dir, int32(i))
		}
	}
	for d := range t.dirs {
		b.sort(int32(d))
	}
}

// sort sorts the entries of a directory; of one name the directory comes first, then files
// as in the torrent.
func (b *treeBuilder) sort(dir int32) {
	slices.SortFunc(b.in.tree.entries(dir), func(x, y int32) int {
		return cmp.Or(compareNames(b.name(x), b.name(y)), cmp.Compare(x, y))
	})
}

// name is that of an entry, as far as it is settled.
func (b *treeBuilder) name(entry int32) string {
	if entry < 0 {
		return b.in.tree.dirs[^entry].name
	}
	return b.names[entry]
}

// late returns the files whose path is taken, in the order of the torrent.
func (b *treeBuilder) late() (late []int32) {
	for d := range b.in.tree.dirs {
		entries := b.in.tree.entries(int32(d))
		for i := 1; i < len(entries); i++ {
			if b.name(entries[i]) == b.name(entries[i-1]) {
				late = append(late, entries[i])
			}
		}
	}
	slices.Sort(late)
	return late
}

// number gives each of these files the first numbered name that is free in its directory.
// Each name's numbers are tried once.
func (b *treeBuilder) number(late []int32) {
	if len(late) == 0 {
		return
	}
	t, files := &b.in.tree, b.in.Files
	t.renamed = make(map[int32]string, len(late))
	taken, next := map[dirKey]bool{}, map[dirKey]int{}
	for _, i := range late {
		dir, name := files[i].dir, b.names[i]
		for {
			key := dirKey{dir, name}
			next[key]++
			numbered := suffixName(name, fmt.Sprintf(".%d", next[key]))
			if taken[dirKey{dir, numbered}] || b.listed(dir, numbered) {
				continue
			}
			taken[dirKey{dir, numbered}] = true
			t.renamed[i] = strings.Clone(numbered)
			break
		}
	}
	for i, name := range t.renamed {
		b.names[i] = name
	}
	for _, i := range late {
		b.sort(files[i].dir)
	}
}

// listed reports whether a directory has an entry of a name.
func (b *treeBuilder) listed(dir int32, name string) bool {
	_, ok := slices.BinarySearchFunc(b.in.tree.entries(dir), name, func(e int32, name string) int {
		return compareNames(b.name(e), name)
	})
	return ok
}

// sum computes sizes and counts of directories: each comes after its parent.
func (b *treeBuilder) sum() {
	t := &b.in.tree
	for i := range b.in.Files {
		if f := &b.in.Files[i]; !f.Pad {
			t.dirs[f.dir].size += f.Length
			t.dirs[f.dir].files++
		}
	}
	for d := len(t.dirs) - 1; d > 0; d-- {
		parent := &t.dirs[t.dirs[d].parent]
		parent.size += t.dirs[d].size
		parent.files += t.dirs[d].files
	}
}
