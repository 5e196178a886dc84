package cache

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// dataFiles keeps the data files used last open, at most most of them. A goroutine that
// needs another file waits until one is released.
type dataFiles struct {
	dir   folder
	most  int
	hurry <-chan struct{} // closed when no one is to wait for a file any more

	mu       sync.Mutex
	count    int           // files that are open, or about to be
	freed    chan struct{} // closed when there may be room; nil: nobody waits
	open     *simplelru.LRU[*run, *dataFile]
	removals int // files deleted so far
}

// A dataFile is an open data file. All its users share it and read and write at
// offsets.
type dataFile struct {
	f      file
	direct file         // the same past the page cache; nil until needed, protected by dataFiles.mu
	refs   int          // protected by dataFiles.mu
	closed bool         // no longer in dataFiles.open; closed with the last reference
	looked atomic.Int64 // when a lease found it to be ours, since beginning; 0: none did
}

// close closes a file that nobody uses.
func (d *dataFile) close() {
	_ = d.f.Close() // what matters was synced
	if d.direct != nil {
		_ = d.direct.Close()
	}
}

// newDataFiles opens files within dir, at most so many at a time. Once hurry is closed, a
// caller that finds all of them in use does not wait.
func newDataFiles(dir folder, most int, hurry <-chan struct{}) *dataFiles {
	fs := &dataFiles{dir: dir, most: most, hurry: hurry}
	// The size is above zero: no error. There are never more.
	fs.open, _ = simplelru.NewLRU(most, func(_ *run, d *dataFile) {
		d.closed = true
		if d.refs == 0 {
			fs.shut(d)
		}
	})
	return fs
}

// shut closes a file that nobody uses, and lets others open theirs. The caller holds
// mu.
func (fs *dataFiles) shut(d *dataFile) {
	d.close()
	fs.gone()
}

// gone makes room for one more file. The caller holds mu.
func (fs *dataFiles) gone() {
	fs.count--
	fs.tell()
}

// tell wakes the goroutines that wait for room. The caller holds mu.
func (fs *dataFiles) tell() {
	if fs.freed != nil {
		close(fs.freed)
		fs.freed = nil
	}
}

// enter waits for room for one more file, and closes the one that was unused for the
// longest time to make it. The caller holds mu, which enter releases meanwhile.
func (fs *dataFiles) enter(r *run) error {
	if fs.hasRoom(r) {
		return nil // without a timer, which costs more than the look
	}
	timeout := time.NewTimer(fileWait)
	defer timeout.Stop()
	for !fs.hasRoom(r) {
		if fs.closeIdle() {
			continue
		}
		if fs.freed == nil {
			fs.freed = make(chan struct{})
		}
		if !fs.wait(timeout.C) {
			return fmt.Errorf("cache: opening a data file: all %d that may be open are in use: %w", fs.most, syscall.EMFILE)
		}
	}
	return nil
}

// hasRoom reports whether a run's file is open, or may be. The caller holds mu.
func (fs *dataFiles) hasRoom(r *run) bool { return fs.count < fs.most || fs.open.Contains(r) }

// wait waits until there may be room. It returns false where it is not to wait any longer. The caller
// holds mu, which wait releases meanwhile.
func (fs *dataFiles) wait(timeout <-chan time.Time) bool {
	freed := fs.freed
	fs.mu.Unlock()
	defer fs.mu.Lock()
	select {
	case <-freed:
		return true
	case <-timeout:
	case <-fs.hurry:
	}
	return false
}

// closeIdle closes a file that nobody uses, if there is one. The caller holds mu.
func (fs *dataFiles) closeIdle() bool {
	if r, d, ok := fs.open.GetOldest(); ok && d.refs == 0 {
		return fs.open.Remove(r)
	}
	for _, r := range fs.open.Keys() { // the oldest first
		if d, _ := fs.open.Peek(r); d.refs == 0 {
			return fs.open.Remove(r)
		}
	}
	return false
}

// acquire returns a run's file, to be released. create makes it if need be.
func (fs *dataFiles) acquire(r *run, create bool) (*dataFile, error) {
	fs.mu.Lock()
	if err := fs.enter(r); err != nil {
		fs.mu.Unlock()
		return nil, err
	}
	if d, ok := fs.open.Get(r); ok {
		d.refs++
		fs.mu.Unlock()
		return d, nil
	}
	fs.count++
	removals := fs.removals
	fs.mu.Unlock()
	flag := os.O_RDWR
	if create {
		flag |= os.O_CREATE
	}
	f, err := fs.dir.OpenFile(r.name(), flag)
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if err != nil {
		fs.gone()
		return nil, fmt.Errorf("cache: opening a data file: %w", err)
	}
	if d, ok := fs.open.Get(r); ok { // somebody was faster
		_ = f.Close()
		fs.gone()
		d.refs++
		return d, nil
	}
	d := &dataFile{f: f, refs: 1}
	if d.closed = fs.removals != removals; !d.closed {
		fs.open.Add(r, d)
	} // else it may have been this one, and others must not find it
	return d, nil
}

// release gives a file back.
func (fs *dataFiles) release(d *dataFile) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if d.refs--; d.refs > 0 {
		return
	}
	if d.closed {
		fs.shut(d)
	} else {
		fs.tell()
	}
}

// remove deletes a run's file. A holder of the open file can still read it.
func (fs *dataFiles) remove(r *run) error {
	if g := r.guard.Load(); g != nil {
		g.forget()
	}
	if err := fs.dir.Remove(r.name()); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("cache: removing a data file: %w", err)
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.removals++
	fs.open.Remove(r)
	return nil
}

// forget makes the next acquire open a run's file anew by its name.
func (fs *dataFiles) forget(r *run) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.open.Remove(r)
}

// close closes all files that nobody uses.
func (fs *dataFiles) close() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.open.Purge()
}
