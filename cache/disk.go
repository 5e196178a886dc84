package cache

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// These are names within the cache folder, beside the journal.
const (
	piecesDir   = "pieces"
	metainfoDir = "metainfo"
	lockName    = "lock"
)

// errFailing means that the disk is left alone for a while after a fault.
var errFailing = errors.New("cache: the disk is failing, pieces stay in memory")

// A disk is the disk tier. In memory-only mode it is nil: a nil disk takes nothing and
// has nothing to do.
type disk struct {
	s       *Store
	dir     folder // the cache folder
	unlock  func() error
	journal *journal
	audit   *audit // the writer's own; nil: it has ended
	files   *dataFiles
	budget  int64
	free    func() (int64, error) // bytes of the file system that we may still take

	room     int64 // what may be had on disk at most: the budget, or the file system's size
	maxIndex int64 // how many bytes the index may take

	writing sync.WaitGroup // the writer
	syncing sync.WaitGroup // the syncer

	warms      bool         // warmer runs
	buffered   atomic.Bool  // the file system cannot read and write past the page cache
	async      *asyncWriter // the writer's own; nil: its thread waits for the disk
	asyncAgain time.Time    // when the kernel may be asked for async again

	hurried chan struct{} // closed closeWait after the Store began to close

	queueWake chan struct{} // there is something in queue
	syncWake  chan struct{} // there may be reason to sync

	// Protected by Store.mu.
	queue    []op
	queued   time.Time // when the first op of queue came
	hurry    bool      // there is an op in queue that is no write
	stopping bool      // the writer is to end when the queue is empty
	lastTry  bool      // a disk that is left alone was tried once more, since it is
	used     int64     // bytes charged to data files
	indexed  int64     // bytes that the index takes
	unsynced []*run    // with pieces that were written; to be claimed after the next sync
	pending  int64     // bytes of these
	since    time.Time // when the first of unsynced was written
	flushes  []chan<- error
	syncStop bool // the syncer is to end when all is synced
	limit    int64
	limitEnd time.Time // until when limit is below budget; zero: it is not
	stranded []*run    // whose files could not be deleted; some may have pieces again
	fault    fault
	patience patience
	warmer   warmer
	retry    time.Time // not before that is written what there was no room for
}

// openDisk opens a cache folder and takes over what its journal claims.
func openDisk(s *Store, dir string) (*disk, error) {
	root, err := s.cfg.openFolder(dir)
	if err != nil {
		return nil, err
	}
	d := &disk{
		s: s, dir: root,
		budget: s.cfg.DiskBytes, limit: s.cfg.DiskBytes,
		free:      root.Free,
		maxIndex:  max(s.cfg.MemoryBytes, s.cfg.DiskBytes/placeLength*(runCost+2), minIndex),
		room:      s.cfg.DiskBytes,
		hurried:   make(chan struct{}),
		queueWake: make(chan struct{}, 1), syncWake: make(chan struct{}, 1),
		warmer: warmer{wake: make(chan struct{}, 1)},
	}
	_, system := root.(osFolder)
	d.warms = system && directFlag != 0 && !s.cfg.stayCold
	if err := d.load(); err != nil {
		_ = d.close()
		return nil, fmt.Errorf("cache folder %s: %w", dir, err)
	}
	return d, nil
}

// load locks the folder and reads what is in it.
func (d *disk) load() (err error) {
	if d.unlock, err = d.dir.Lock(); err != nil {
		return err
	}
	if size, err := d.dir.Size(); err == nil {
		d.room = min(d.room, size)
	}
	pieces, err := d.dir.Folder(piecesDir)
	if err != nil {
		return err
	}
	d.s.loadPins()
	d.files = newDataFiles(pieces, d.s.cfg.OpenFiles, d.hurried)
	return d.recover()
}

// start begins to write and sync.
func (d *disk) start() {
	if d == nil {
		return
	}
	d.writing.Go(d.write)
	d.syncing.Go(d.sync)
	if d.warms {
		d.s.workers.Go(d.warm)
	}
}

// stop writes and syncs everything that waits and ends the goroutines. What would need a data file
// while all that may be open are leased is given up after closeWait.
func (d *disk) stop() error {
	if d == nil {
		return nil
	}
	late := time.AfterFunc(closeWait, func() { close(d.hurried) })
	defer late.Stop()
	d.s.mu.Lock()
	d.stopping = true
	d.s.mu.Unlock()
	wake(d.queueWake)
	d.writing.Wait()

	d.s.mu.Lock()
	d.syncStop = true
	d.s.mu.Unlock()
	wake(d.syncWake)
	d.syncing.Wait()
	return d.finish()
}

// finish rewrites the journal in the order of last use and reports what could not
// be written.
func (d *disk) finish() error {
	d.journal.mu.Lock()
	defer d.journal.mu.Unlock()
	err := d.journal.rewrite(d.snapshot)
	if err != nil { // the old one is as right, but for the order
		err = d.journal.sync()
	}
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return errors.Join(err, d.fault.err)
}

// close unlocks the folder. The disk must have been stopped, or never started.
func (d *disk) close() error {
	if d == nil {
		return nil
	}
	var err error
	d.endAudit()
	if d.files != nil {
		d.files.close()
		err = d.files.dir.Close()
	}
	if d.journal != nil {
		err = errors.Join(err, d.journal.close())
	}
	err = errors.Join(err, d.dir.Close())
	if d.unlock != nil {
		err = errors.Join(err, d.unlock())
	}
	return err
}

// An op is one job for the writer.
type op struct {
	kind opKind
	p    *piece // of opWrite
	r    *run   // of opDrop and opClear
	i    int    // of opDrop: the piece
	c    *content
	done chan<- error
	last bool // of opFlush: all that it waits for was queued before it
}

type opKind uint8

const (
	opWrite  opKind = iota // write piece p
	opDrop                 // withdraw the claim on piece i of run r, and delete its file if that was all
	opClear                // delete run r's file if nothing is in it
	opRemove               // delete content c's files
	opAudit                // compare data files with the journal's claims
	opEvict                // evict all of content c that nobody reads
	opTrim                 // evict until the budget is kept
	opFlush                // have all that is written synced
)

// push queues an op. s.mu is held.
func (d *disk) push(o op) {
	first := len(d.queue) == 0
	if first {
		d.queued = d.s.now()
	}
	d.queue = append(d.queue, o)
	d.hurry = d.hurry || o.kind != opWrite
	if first || d.hurry || d.s.queueBytes >= writeBytes {
		wake(d.queueWake)
	}
}

// wake makes the receiver of ch look again; one signal is enough.
func wake(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// enqueue queues a piece for the writer. It returns false where the piece should stay
// in memory: the disk fails, or is behind and its queue is full. The caller holds s.mu.
func (d *disk) enqueue(p *piece) bool {
	if d == nil || d.fault.active(d.s.now()) || p.c.cost(p.index, p.size) > d.budget {
		return false
	}
	s := d.s
	if d.patience.behind && s.queueBytes > 0 && s.queueBytes+int64(p.size) > s.recentLimit() {
		s.count.Overflows++
		return false
	}
	p.queued = true
	s.queueBytes += int64(p.size)
	d.push(op{kind: opWrite, p: p})
	return true
}

// remove makes the writer delete the files of a removed content. The caller holds s.mu.
func (d *disk) remove(c *content) <-chan error {
	if d == nil {
		return nil
	}
	done := make(chan error, 1)
	d.push(op{kind: opRemove, c: c, done: done})
	return done
}

// trim makes the writer evict pieces until the budget is kept.
func (d *disk) trim() {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if !d.stopping {
		d.push(op{kind: opTrim})
	}
}

// flush waits until the pieces queued by now are written, synced and in the journal.
func (d *disk) flush() error {
	if d == nil {
		return nil
	}
	done := make(chan error, 1)
	d.s.mu.Lock()
	if d.stopping {
		d.s.mu.Unlock()
		return ErrClosed
	}
	d.push(op{kind: opFlush, done: done, last: d.s.unwritten.Len() == 0})
	d.s.mu.Unlock()
	return <-done
}
