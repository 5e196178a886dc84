package cache

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/metainfo"
)

// A watchedFolder has a test act when a name in a folder was made durable.
type watchedFolder struct {
	folder
	synced func()
}

func (w watchedFolder) Sync() error {
	err := w.folder.Sync()
	w.synced()
	return err
}

// piecesWatched has synced called when a name in the folder of pieces was made durable.
type piecesWatched struct {
	folder
	synced func()
}

func (p piecesWatched) Folder(name string) (folder, error) {
	f, err := p.folder.Folder(name)
	if name == piecesDir && err == nil {
		f = watchedFolder{f, p.synced}
	}
	return f, err
}

// A data file that goes and comes back while its name is being made durable has a new name,
// which is not.
func TestFileComesBackDuringSync(t *testing.T) {
	f, g := single(t, 16<<10, 1, 4*16<<10), single(t, 16<<10, 2, 4*16<<10)
	bubble.Test(t, func(t *testing.T) {
		disk := newPowerDisk(1)
		var synced func()
		s := openStore(t, Config{Dir: "power", DiskBytes: 16 << 10, runBytes: 64 << 10, openFolder: func(string) (folder, error) {
			return piecesWatched{powerFolder{disk, disk.root}, func() { synced() }}, nil
		}})
		one, other := f.open(t, s, nil), g.open(t, s, nil)
		synced = func() {
			synced = func() {}
			g.put(other, 0)         // the file of the one goes
			time.Sleep(time.Second) // the time is virtual
			f.put(one, 1)           // and comes back
			time.Sleep(time.Second)
		}
		f.store(t, one, 0)
		flush(t, one)
		disk.mu.Lock()
		pieces := disk.root.names[piecesDir]
		name := runName(one.c.geo.hash, 0)
		now, kept := pieces.names[name], pieces.kept[name]
		disk.mu.Unlock()
		if now == nil || now != kept {
			t.Errorf("the file is %p, the disk has %p", now, kept)
		}
		f.mustRead(t, one, 1)
		closeStore(t, s)
	})
}

// powerCalls are the calls that a Store makes.
var powerCalls = []string{
	"open", "create", "opendir", "mkdir", "readdir", "unlink", "rename", "syncdir", "utimes", "lock",
	"statfs", "read", "write", "truncate", "allocate", "sync", "stat",
}

// powerErrors are the ways in which they fail.
var powerErrors = []syscall.Errno{
	syscall.EIO, syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EMFILE, syscall.EACCES, syscall.ENODEV, syscall.ESTALE,
}

// fail makes the next calls of one kind fail, and counts them.
func (d *powerDisk) fail(call string, err error, times int) (failed *int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	failed = new(int)
	d.fails = func(c, _ string) error {
		if c != call || *failed >= times {
			return nil
		}
		*failed++
		return err
	}
	return failed
}

// mend makes all calls work.
func (d *powerDisk) mend() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fails = nil
}

// Each call of a running store may fail in each way, once or for a while. Readers get right
// bytes or none, and what was just put; nothing else fails. When the disk works again it is
// used again, and what a Flush had is there after a restart.
func TestCallsFail(t *testing.T) {
	f, g := single(t, 16<<10, 1, 14*16<<10), odd(t, 5_000, 2, 12*5_000)
	for _, times := range []int{1, 1 << 30} {
		hit := make(map[string]int)
		for _, call := range powerCalls {
			for _, errno := range powerErrors {
				bubble.Test(t, func(t *testing.T) {
					disk := newPowerDisk(1)
					cfg := Config{Dir: "power", DiskBytes: 200 << 10, MinFree: 1, MemoryBytes: 4 << 20, openFolder: disk.open}
					x := &failTest{t: t, name: fmt.Sprintf("%s fails with %v %d times", call, errno, times), f: f, g: g, disk: disk}
					x.open(cfg)
					g.putAll(x.other)
					flush(t, x.other)
					failed := disk.fail(call, errno, times)
					x.act()
					disk.mend()
					hit[call] += *failed
					x.again(cfg)
				})
			}
		}
		for _, call := range powerCalls {
			if hit[call] == 0 && !slices.Contains([]string{"opendir", "mkdir", "readdir", "lock", "truncate"}, call) { // at the start alone
				t.Errorf("%s was never called", call)
			}
		}
	}
}

// A failTest is a store on a disk that fails, with two torrents.
type failTest struct {
	t          *testing.T
	name       string
	f, g       *fixture
	disk       *powerDisk
	s          *Store
	one, other *Torrent
}

func (x *failTest) open(cfg Config) {
	x.s = openStore(x.t, cfg)
	x.one, x.other = x.f.open(x.t, x.s, nil), x.g.open(x.t, x.s, nil)
}

// act does everything once.
func (x *failTest) act() {
	x.s.disk.journal.mu.Lock()
	x.s.disk.journal.compact = 0
	x.s.disk.journal.mu.Unlock()
	for i := range x.f.info.NumPieces() {
		x.f.put(x.one, i)
		if !x.f.read(x.t, x.one, i) {
			x.t.Errorf("%s: piece %d is not there at once", x.name, i)
		}
	}
	_ = x.one.Flush()
	x.readAll()
	_ = x.s.PutMetainfo(x.g.tor)
	_, _ = x.s.Metainfo(x.g.info.ID())
	x.other.Remove()
	x.s.Forget(x.g.info.ID())
	x.other = x.g.open(x.t, x.s, nil)
	x.g.putAll(x.other)
	_ = x.other.Flush()
	x.readAll()
}

func (x *failTest) readAll() {
	for i := range x.f.info.NumPieces() {
		x.f.read(x.t, x.one, i)
	}
	for i := range x.g.info.NumPieces() {
		x.g.read(x.t, x.other, i)
	}
}

// again checks that a disk that works again is used again, and what a restart finds.
func (x *failTest) again(cfg Config) {
	x.t.Helper()
	time.Sleep(2 * maxRetryDelay) // the time is virtual
	x.f.putAll(x.one)
	x.g.putAll(x.other)
	if err := x.s.PutMetainfo(x.g.tor); err != nil {
		x.t.Errorf("%s: %v", x.name, err)
	}
	if err := x.one.Flush(); err != nil {
		x.t.Errorf("%s: %v when the disk works again", x.name, err)
	}
	if st := x.s.Stats(); st.Degraded || st.DiskPieces < 10 || st.DiskBytes > cfg.DiskBytes {
		x.t.Errorf("%s: %+v when the disk works again", x.name, st)
	}
	one, other := x.disked(x.one), x.disked(x.other)
	closeStore(x.t, x.s)
	x.open(cfg)
	x.readAll()
	if !slices.Equal(x.one.Have(), one) || !slices.Equal(x.other.Have(), other) {
		x.t.Errorf("%s: after a restart %08b %08b are held, not %08b %08b", x.name, x.one.Have(), x.other.Have(), one, other)
	}
	if _, ok := x.s.Kept(x.g.info.ID()); !ok {
		x.t.Errorf("%s: the metainfo is gone", x.name)
	}
	if st := x.s.Stats(); st.VerifyFailures+st.ReadErrors+st.WriteErrors != 0 {
		x.t.Errorf("%s: %+v", x.name, st)
	}
	closeStore(x.t, x.s)
}

// disked is the set of a torrent's pieces that are on disk.
func (x *failTest) disked(tor *Torrent) metainfo.Bitfield {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	set := tor.c.have.Clone()
	for i := range tor.c.geo.pieces {
		if !tor.c.onDisk(i) || !tor.c.runOf(i).is(i, placeClaimed) {
			set.Clear(i)
		}
	}
	return set
}

// Each call may fail in each way at the start. It then works, or keeps all in memory, or is
// refused; nothing of what was there is lost.
func TestCallsFailAtStart(t *testing.T) {
	g := odd(t, 5_000, 2, 12*5_000)
	for _, call := range powerCalls {
		for _, errno := range powerErrors {
			bubble.Test(t, func(t *testing.T) {
				name := fmt.Sprintf("%s fails with %v", call, errno)
				disk := newPowerDisk(1)
				cfg := Config{Dir: "power", openFolder: disk.open, Log: slog.New(slog.DiscardHandler)}
				s := openStore(t, cfg)
				g.putAll(g.open(t, s, nil))
				closeStore(t, s)
				failed := disk.fail(call, errno, 1<<30)
				s, err := Open(cfg)
				disk.mend()
				if err == nil {
					closeStore(t, s)
				}
				refuses := []string{"open", "create", "opendir", "lock", "read"}
				if want := *failed > 0 && slices.Contains(refuses, call) && !failing(errno); want != (err != nil) || err != nil && !errors.Is(err, errno) {
					t.Errorf("%s: %v", name, err)
				}
				s = openStore(t, cfg)
				tor := g.open(t, s, nil)
				for i := range g.info.NumPieces() {
					if !g.read(t, tor, i) {
						t.Errorf("%s: piece %d is lost", name, i)
					}
				}
				closeStore(t, s)
			})
		}
	}
}
