package cache

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"
)

// errPower is what every call returns once the power is cut.
var errPower = errors.New("the power is cut")

// sectorLen is what a disk writes whole or not at all, in bytes. What a power cut leaves of one
// that was just being written is anybody's guess.
const sectorLen = 512

// A powerDisk is a disk with a file system in memory that loses its power. Until it is synced, a
// change may be on the disk or not, in any order with others, sector by sector. Names are
// durable once their folder is synced.
//
// Every call that changes or syncs something is a step. Power goes off within step cutAt.
type powerDisk struct {
	mu    sync.Mutex
	rng   *rand.Rand
	root  *powerNode
	steps int
	cutAt int // 0: never
	cut   bool
	onCut func() // called once, without mu
	lock  bool
	nodes uint64
	clock int64

	// fails, if not nil, decides on the outcome of each call before it is carried out.
	fails func(call, name string) error
}

// A powerNode is a file or folder.
type powerNode struct {
	inode   uint64
	links   int
	changed int64

	// Of a folder: its names, those on disk, and what made the difference since.
	names, kept map[string]*powerNode
	moves       []powerMove

	// Of a file: its bytes, those on disk, and what made the difference since.
	data, disk []byte
	changes    []powerChange
	torn       bool // the last change was under way when the power went
}

// A powerMove is a change of names: to gets the file that from named, or a new one, and from
// is a name no more.
type powerMove struct {
	from, to string
	node     *powerNode
}

// A powerChange is a change of a file's bytes or of its length. A file that has to be longer
// for it becomes so.
type powerChange struct {
	off  int64
	data []byte // nil: size alone changes
	size int64
}

func newPowerDisk(seed uint64) *powerDisk {
	d := &powerDisk{rng: rand.New(rand.NewPCG(seed, 1))}
	d.root = d.newNode(true)
	return d
}

func (d *powerDisk) newNode(folder bool) *powerNode {
	d.nodes++
	n := &powerNode{inode: d.nodes, links: 1}
	if folder {
		n.names, n.kept = make(map[string]*powerNode), make(map[string]*powerNode)
	}
	return n
}

// open is a Config's openFolder.
func (d *powerDisk) open(string) (folder, error) { return powerFolder{d, d.root}, nil }

// call begins a call that changes nothing. The caller unlocks mu unless there is an error.
func (d *powerDisk) call(call, name string) error {
	d.mu.Lock()
	err := errPower
	if !d.cut {
		err = nil
		if d.fails != nil {
			err = d.fails(call, name)
		}
	}
	if err != nil {
		d.mu.Unlock()
		return &fs.PathError{Op: call, Path: name, Err: err}
	}
	return nil
}

// step carries a call out that changes something. fn is told if the power goes off meanwhile.
func (d *powerDisk) step(call, name string, fn func(cut bool) error) error {
	if err := d.call(call, name); err != nil {
		return err
	}
	d.steps++
	d.cut = d.steps == d.cutAt
	cut, onCut := d.cut, d.onCut
	d.clock++
	err := fn(cut)
	turns := d.rng.IntN(4)
	d.mu.Unlock()
	for range turns { // others do something in between
		runtime.Gosched()
	}
	if !cut {
		return err
	}
	if onCut != nil {
		onCut()
	}
	return errPower
}

// powerOn starts the disk again: what it has is what the power cut left.
func (d *powerDisk) powerOn() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cut, d.cutAt, d.onCut, d.lock = false, 0, nil, false
	d.settle(d.root, make(map[*powerNode]bool))
}

// settle decides what a power cut left of a node.
func (d *powerDisk) settle(n *powerNode, done map[*powerNode]bool) {
	if done[n] {
		return
	}
	done[n] = true
	if n.names == nil {
		d.settleFile(n)
		return
	}
	stuck := make(map[string]bool) // names whose earlier change is not on disk
	odds := d.odds()
	for _, m := range n.moves {
		if stuck[m.from] || stuck[m.to] || d.rng.Float64() >= odds {
			stuck[m.from], stuck[m.to] = m.from != "", m.to != ""
			continue
		}
		m.carryOut(n.kept)
	}
	n.names, n.moves = maps.Clone(n.kept), nil
	for _, name := range slices.Sorted(maps.Keys(n.names)) {
		child := n.names[name]
		child.links = 1
		d.settle(child, done)
	}
}

// odds are those of a change to be on disk: often all or nothing.
func (d *powerDisk) odds() float64 { return []float64{0, 0.5, 0.9, 1}[d.rng.IntN(4)] }

func (m powerMove) carryOut(names map[string]*powerNode) {
	if m.from != "" {
		delete(names, m.from)
	}
	if m.to != "" {
		names[m.to] = m.node
	}
}

// settleFile chooses for each sector which of the changes it has seen, and for the length too.
func (d *powerDisk) settleFile(n *powerNode) {
	if n.torn { // of the write under way the disk has as much as it likes, or noise
		last := &n.changes[len(n.changes)-1]
		switch d.rng.IntN(3) {
		case 0:
			last.data = last.data[:d.rng.IntN(len(last.data)+1)]
		case 1:
			at := d.rng.IntN(len(last.data)+1) / sectorLen * sectorLen
			for i := at; i < min(at+sectorLen, len(last.data)); i++ {
				last.data[i] = byte(d.rng.Uint32())
			}
		}
	}
	odds, all := d.odds(), len(n.changes)
	sees := func() int {
		if d.rng.Float64() < odds {
			return all
		}
		return d.rng.IntN(all + 1)
	}
	size := len(n.disk)
	for _, c := range n.changes[:sees()] {
		size = c.sizeAfter(size)
	}
	seen := make(map[int]int)
	for i, c := range n.changes {
		c.eachSector(len(n.disk), func(from, to int, data []byte) {
			at := from / sectorLen
			if _, ok := seen[at]; !ok {
				seen[at] = sees()
			}
			if i >= seen[at] {
				return
			}
			n.disk = grown(n.disk, to)
			copy(n.disk[from:to], data)
		})
	}
	n.disk = resized(n.disk, size)
	n.data, n.changes, n.torn = slices.Clone(n.disk), nil, false
}

// sizeAfter returns the length that a file of a length has after a change.
func (c powerChange) sizeAfter(size int) int {
	if c.data == nil {
		return int(c.size)
	}
	return max(size, int(c.size))
}

// eachSector calls fn with each part of a change that lies in one sector. length is that of the
// file: what is cut off of it becomes zeros.
func (c powerChange) eachSector(length int, fn func(from, to int, data []byte)) {
	data := c.data
	off := int(c.off)
	if data == nil {
		off = int(c.size)
		data = make([]byte, max(0, length-off))
	}
	for len(data) > 0 {
		n := min(len(data), sectorLen-off%sectorLen)
		fn(off, off+n, data[:n])
		off, data = off+n, data[n:]
	}
}

// apply carries a change out on bytes.
func (c powerChange) apply(b []byte) []byte {
	if c.data == nil {
		return resized(b, int(c.size))
	}
	b = resized(b, c.sizeAfter(len(b)))
	copy(b[min(int(c.off), len(b)):], c.data)
	return b
}

func grown(b []byte, size int) []byte {
	if len(b) < size {
		return resized(b, size)
	}
	return b
}

func resized(b []byte, size int) []byte {
	if size <= len(b) {
		clear(b[size:])
		return b[:size]
	}
	return append(b, make([]byte, size-len(b))...)
}

// allocated returns how many bytes of whole blocks are not zeros.
func (n *powerNode) allocated() (sum int64) {
	for block := range slices.Chunk(n.data, int(blockLen())) {
		if slices.ContainsFunc(block, func(b byte) bool { return b != 0 }) {
			sum += blockLen()
		}
	}
	return sum
}

type powerFolder struct {
	d *powerDisk
	n *powerNode
}

func (f powerFolder) move(m powerMove) {
	m.carryOut(f.n.names)
	f.n.moves = append(f.n.moves, m)
}

func (f powerFolder) OpenFile(name string, flag int) (file, error) {
	if err := f.d.call("open", name); err != nil {
		return nil, err
	}
	n := f.n.names[name]
	f.d.mu.Unlock()
	switch {
	case n != nil && flag&os.O_EXCL != 0:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrExist}
	case n != nil:
		return powerFile{f.d, n, name}, nil
	case flag&os.O_CREATE == 0:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	err := f.d.step("create", name, func(bool) error {
		if n = f.n.names[name]; n == nil {
			n = f.d.newNode(false)
			f.move(powerMove{to: name, node: n})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return powerFile{f.d, n, name}, nil
}

func (f powerFolder) Folder(name string) (folder, error) {
	if err := f.d.call("opendir", name); err != nil {
		return nil, err
	}
	n := f.n.names[name]
	f.d.mu.Unlock()
	if n == nil {
		err := f.d.step("mkdir", name, func(bool) error {
			n = f.d.newNode(true)
			f.move(powerMove{to: name, node: n})
			return nil
		})
		if err == nil {
			err = f.Sync()
		}
		if err != nil {
			return nil, err
		}
	}
	return powerFolder{f.d, n}, nil
}

func (f powerFolder) Walk() (walk, error) {
	if err := f.d.call("readdir", ""); err != nil {
		return nil, err
	}
	defer f.d.mu.Unlock()
	return &powerWalk{f, slices.Sorted(maps.Keys(f.n.names))}, nil
}

// A powerWalk lists the names that there were when it began, as far as they are still there.
type powerWalk struct {
	powerFolder
	names []string
}

func (w *powerWalk) Next(n int) (files []fileInfo, err error) {
	if err := w.d.call("readdir", ""); err != nil {
		return nil, err
	}
	defer w.d.mu.Unlock()
	n = min(n, 1+w.d.rng.IntN(8))
	for ; n > 0 && len(w.names) > 0; n-- {
		name := w.names[0]
		w.names = w.names[1:]
		if n := w.n.names[name]; n != nil && n.names == nil {
			files = append(files, fileInfo{name, int64(len(n.data)), n.allocated(), time.Unix(0, n.changed)})
		}
	}
	if len(w.names) == 0 {
		err = io.EOF
	}
	return files, err
}

func (f powerFolder) Remove(name string) error {
	return f.d.step("unlink", name, func(bool) error {
		n := f.n.names[name]
		if n == nil {
			return &fs.PathError{Op: "unlink", Path: name, Err: fs.ErrNotExist}
		}
		n.links--
		f.move(powerMove{from: name})
		return nil
	})
}

func (f powerFolder) Rename(from, to string) error {
	return f.d.step("rename", to, func(bool) error {
		if old := f.n.names[to]; old != nil {
			old.links--
		}
		f.move(powerMove{from: from, to: to, node: f.n.names[from]})
		return nil
	})
}

func (f powerFolder) Touch(name string, at time.Time) error {
	if err := f.d.call("utimes", name); err != nil {
		return err
	}
	defer f.d.mu.Unlock()
	return nil
}

func (f powerFolder) Sync() error {
	return f.d.step("syncdir", "", func(cut bool) error {
		if !cut {
			f.n.kept, f.n.moves = maps.Clone(f.n.names), nil
		}
		return nil
	})
}

func (f powerFolder) Lock() (unlock func() error, err error) {
	if err := f.d.call("lock", ""); err != nil {
		return nil, err
	}
	defer f.d.mu.Unlock()
	if f.d.lock {
		return nil, ErrInUse
	}
	f.d.lock = true
	return func() error {
		f.d.mu.Lock()
		defer f.d.mu.Unlock()
		f.d.lock = false
		return nil
	}, nil
}

func (f powerFolder) Free() (int64, error) {
	if err := f.d.call("statfs", ""); err != nil {
		return 0, err
	}
	defer f.d.mu.Unlock()
	return 1 << 40, nil
}

func (f powerFolder) Size() (int64, error) { return f.Free() }

func (f powerFolder) Close() error { return nil }

type powerFile struct {
	d    *powerDisk
	n    *powerNode
	name string
}

func (f powerFile) change(call string, c powerChange) error {
	return f.d.step(call, f.name, func(cut bool) error {
		f.n.changed = f.d.clock
		f.n.data = c.apply(f.n.data)
		f.n.changes = append(f.n.changes, c)
		f.n.torn = cut && len(c.data) > 0
		return nil
	})
}

func (f powerFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.d.call("read", f.name); err != nil {
		return 0, err
	}
	defer f.d.mu.Unlock()
	n := copy(p, f.n.data[min(off, int64(len(f.n.data))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f powerFile) WriteAt(p []byte, off int64) (int, error) {
	err := f.change("write", powerChange{off: off, data: slices.Clone(p), size: off + int64(len(p))})
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

func (f powerFile) WriteParts(parts [][]byte, off int64) error {
	_, err := f.WriteAt(slices.Concat(parts...), off)
	return err
}

func (f powerFile) Truncate(size int64) error { return f.change("truncate", powerChange{size: size}) }

func (f powerFile) Allocate(off, n int64) error {
	return f.d.step("allocate", f.name, func(bool) error { return nil })
}

func (f powerFile) Sync() error {
	err := f.d.step("sync", f.name, func(cut bool) error {
		if cut {
			return nil
		}
		for _, c := range f.n.changes {
			f.n.disk = c.apply(f.n.disk)
		}
		f.n.changes = nil
		return nil
	})
	if err != nil && !f.d.off() {
		f.d.mu.Lock()
		defer f.d.mu.Unlock()
		data := f.n.data
		f.d.settleFile(f.n)
		f.n.data = data // it reads as before: the kernel forgets what it could not write
	}
	return err
}

func (f powerFile) Stamp() (stamp, error) {
	if err := f.d.call("stat", f.name); err != nil {
		return stamp{}, err
	}
	defer f.d.mu.Unlock()
	return stamp{device: 1, inode: f.n.inode, size: int64(len(f.n.data)), changed: f.n.changed, gone: f.n.links == 0}, nil
}

func (f powerFile) Close() error { return nil }
