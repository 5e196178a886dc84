package cache

import (
	"fmt"
	"os"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// dataSuffix ends the names of data files; before it is the infohash.
const dataSuffix = ".data"

// dataFiles keeps the data files used last open.
type dataFiles struct {
	root *os.Root

	mu       sync.Mutex
	open     *simplelru.LRU[*content, *dataFile]
	removals int // files deleted so far
}

// A dataFile is an open data file, shared by all who read and write at offsets.
type dataFile struct {
	f      *os.File
	direct *os.File // the same past the page cache; nil until needed, protected by dataFiles.mu
	refs   int      // protected by dataFiles.mu
	closed bool     // no longer in dataFiles.open; closed with the last reference
}

// close closes a file that nobody has.
func (d *dataFile) close() {
	_ = d.f.Close() // what matters was synced
	if d.direct != nil {
		_ = d.direct.Close()
	}
}

// newDataFiles opens files within root.
func newDataFiles(root *os.Root) *dataFiles {
	fs := &dataFiles{root: root}
	// The size is a constant above zero: no error.
	fs.open, _ = simplelru.NewLRU(maxOpenFiles, func(_ *content, d *dataFile) {
		d.closed = true
		if d.refs == 0 {
			d.close()
		}
	})
	return fs
}

// acquire returns a content's file, to be released. create makes it if need be.
func (fs *dataFiles) acquire(c *content, create bool) (*dataFile, error) {
	fs.mu.Lock()
	if d, ok := fs.open.Get(c); ok {
		d.refs++
		fs.mu.Unlock()
		return d, nil
	}
	removals := fs.removals
	fs.mu.Unlock()
	flag := os.O_RDWR
	if create {
		flag |= os.O_CREATE
	}
	f, err := fs.root.OpenFile(c.name, flag, filePerm)
	if err != nil {
		return nil, fmt.Errorf("cache: opening a data file: %w", err)
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if d, ok := fs.open.Get(c); ok { // somebody was faster
		_ = f.Close()
		d.refs++
		return d, nil
	}
	d := &dataFile{f: f, refs: 1}
	if d.closed = fs.removals != removals; !d.closed {
		fs.open.Add(c, d)
	} // else it may have been this one, and others must not find it
	return d, nil
}

// release gives a file back.
func (fs *dataFiles) release(d *dataFile) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if d.refs--; d.refs == 0 && d.closed {
		d.close()
	}
}

// remove deletes a content's file. Who has it still can read it.
func (fs *dataFiles) remove(c *content) error {
	c.guard.forget()
	if err := fs.root.Remove(c.name); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("cache: removing a data file: %w", err)
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.removals++
	fs.open.Remove(c)
	return nil
}

// forget has a content's file opened anew by its name.
func (fs *dataFiles) forget(c *content) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.open.Remove(c)
}

// close closes all files that nobody has.
func (fs *dataFiles) close() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.open.Purge()
}
