package metainfo

import "unsafe"

// The memory that torrents take is counted, so that many can be held within a bound.

// exact returns s in memory that has no room to spare.
func exact[E any](s []E) []E {
	out := make([]E, len(s))
	copy(out, s)
	return out
}

// mapEntry is about what an entry of a map takes besides its key and value, in bytes:
// tables are half empty after they grew.
const mapEntry = 48

// MemorySize returns the bytes of memory that the Info takes, the dictionary included.
func (in *Info) MemorySize() int64 {
	t := &in.tree
	n := int64(unsafe.Sizeof(*in)) + int64(len(in.Name)) + int64(cap(in.raw)) + int64(cap(in.Files))*int64(unsafe.Sizeof(File{})) +
		int64(cap(in.roots)+cap(t.order))*4 + int64(cap(t.dirs))*int64(unsafe.Sizeof(directory{}))
	for i := range t.dirs {
		if name := t.dirs[i].name; len(name) == MaxNameLen || name == "_" {
			n += int64(len(name)) // made, where it is not the torrent's own
		}
	}
	for _, name := range t.renamed {
		n += mapEntry + int64(len(name))
	}
	for _, path := range t.rawPaths {
		n += mapEntry + int64(len(path))*int64(unsafe.Sizeof(""))
	}
	return n
}

// MemorySize returns the bytes of memory that the layers take.
func (l PieceLayers) MemorySize() (n int64) {
	for _, layer := range l {
		n += mapEntry + hashLenV2 + int64(unsafe.Sizeof(layer)) + int64(cap(layer))
	}
	return n
}

// MemorySize returns the bytes of memory that the torrent takes: its Info, its layers and
// the hints around them.
func (t *Torrent) MemorySize() int64 {
	n := int64(unsafe.Sizeof(*t)) + t.Info.MemorySize() + t.Layers.MemorySize() + int64(len(t.Comment)+len(t.CreatedBy))
	texts := func(list []string) {
		for _, s := range list {
			n += int64(unsafe.Sizeof(s)) + int64(len(s))
		}
	}
	for _, tier := range t.Trackers {
		n += int64(unsafe.Sizeof(tier))
		texts(tier)
	}
	texts(t.WebSeeds)
	texts(t.Nodes)
	return n
}
