package cache

import (
	"bytes"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/metainfo"
)

var (
	powerSteps = flag.Int("power.steps", 4_000, "how many steps TestPowerCut takes")
	powerSeed  = flag.Uint64("power.seed", 1, "the seed of its first disk")
)

// powerFixtures are torrents of all shapes: pieces of whole blocks, of none, and large ones
// that are written past the page cache.
func powerFixtures(tb testing.TB) []*fixture {
	return []*fixture{
		single(tb, 16<<10, 21, 14*16<<10),
		odd(tb, 5_000, 22, 40*5_000-77),
		odd(tb, 20_000, 23, 9*20_000),
		single(tb, 64<<10, 24, 5*64<<10-1),
		makeFixture(tb, metainfo.V2, 16<<10, 25, 3*16<<10+5, 40_000),
	}
}

// gapsLine is logged after a power cut while records were written.
const gapsLine = "the journal has gaps"

// A powerTest plays with a store on a disk that loses its power, and knows what it promised.
type powerTest struct {
	t        *testing.T
	name     string
	rng      *rand.Rand
	fixtures []*fixture
	disk     *powerDisk
	cfg      Config
	logs     bytes.Buffer
	s        *Store
	tors     []*Torrent
	leases   []modelLease

	safe map[runPiece]bool // a Flush that returned nil had them; protected by s.mu
	must map[[2]int]bool   // pieces that the next start has to find
	may  map[[2]int]bool   // pieces that it may find
	less bool              // a start under way may have evicted some of them; protected by disk.mu
	kept map[int]bool      // torrents whose metainfo it has to find
}

// A runPiece is a piece in a run.
type runPiece struct {
	r *run
	i int
}

func newPowerTest(t *testing.T, seed uint64, fixtures []*fixture) *powerTest {
	x := &powerTest{
		t: t, name: fmt.Sprintf("seed %d", seed), rng: rand.New(rand.NewPCG(seed, 2)), fixtures: fixtures, disk: newPowerDisk(seed),
		must: make(map[[2]int]bool), may: make(map[[2]int]bool), kept: make(map[int]bool),
	}
	x.cfg = Config{
		Dir: "power", MemoryBytes: 1 << 20, DiskBytes: []int64{1 << 30, 400 << 10, 200 << 10}[x.rng.IntN(3)],
		runBytes: []int64{0, 1, 40 << 10, 64 << 10}[x.rng.IntN(4)],
		Log:      slog.New(slog.NewTextHandler(&x.logs, nil)), openFolder: x.disk.open,
	}
	return x
}

func (x *powerTest) fatal(format string, args ...any) {
	x.t.Helper()
	x.t.Fatalf("%s: %s\n%s", x.name, fmt.Sprintf(format, args...), x.logs.String())
}

// tight reports whether pieces have to make way.
func (x *powerTest) tight() bool { return x.cfg.DiskBytes < 1<<30 }

// run takes so many steps, with a power cut now and then.
func (x *powerTest) run(steps int) {
	x.t.Cleanup(func() {
		if x.s != nil {
			_ = x.s.Close()
		}
	})
	x.start()
	for range steps {
		x.step()
		if x.disk.off() {
			x.restart()
		}
	}
	x.release(0)
	if err := x.s.Close(); err != nil && !x.disk.off() {
		x.fatal("%v", err)
	}
}

// off reports whether the power is cut.
func (d *powerDisk) off() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cut
}

// start opens the store, over power cuts meanwhile, checks it, and says when the next cut is.
func (x *powerTest) start() {
	for {
		x.disk.mu.Lock()
		if x.less {
			clear(x.must)
			x.less = false
		}
		if x.rng.IntN(4) == 0 { // at once
			x.disk.cutAt = x.disk.steps + 1 + x.rng.IntN(12)
		}
		x.disk.onCut = func() {
			x.disk.mu.Lock()
			defer x.disk.mu.Unlock()
			x.less = x.tight() // the start evicts, since what is not claimed takes room too
		}
		x.disk.mu.Unlock()
		x.logs.Reset()
		s, err := Open(x.cfg)
		if err == nil && !x.disk.off() {
			x.s = s
			break
		}
		if !x.disk.off() {
			x.fatal("the start fails: %v", err)
		}
		if err == nil {
			_ = s.Close()
		}
		x.disk.powerOn()
	}
	x.safe = make(map[runPiece]bool)
	x.disk.mu.Lock()
	if x.disk.cutAt <= x.disk.steps {
		x.disk.cutAt = x.disk.steps + 1 + x.rng.IntN(150)
	}
	x.disk.mu.Unlock()
	x.s.disk.journal.mu.Lock()
	x.s.disk.journal.compact = x.rng.IntN(100)
	x.s.disk.journal.mu.Unlock()
	x.check()
	x.disk.mu.Lock()
	defer x.disk.mu.Unlock()
	if !x.disk.cut {
		x.disk.onCut = x.snapshot
	}
}

// snapshot notes what the next start has to find, at the moment of a power cut.
func (x *powerTest) snapshot() {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	clear(x.must)
	for p := range x.safe {
		if p.r.has(p.i) && !p.r.dead && !p.r.c.dead {
			x.must[[2]int{x.torrentOf(p.r.c), p.i}] = true
		}
	}
}

func (x *powerTest) torrentOf(c *content) int {
	for k, f := range x.fixtures {
		if geometryOf(f.info).hash == c.geo.hash {
			return k
		}
	}
	panic("a torrent of nobody's")
}

// restart starts the machine again.
func (x *powerTest) restart() {
	x.release(0)
	_ = x.s.Close()
	x.disk.powerOn()
	x.start()
}

// check compares what a start found with what it had to.
func (x *powerTest) check() {
	x.tors = nil
	var missing [][2]int
	if x.s.disk == nil {
		x.fatal("there is no disk")
	}
	for k, f := range x.fixtures {
		tor := f.open(x.t, x.s, nil)
		x.tors = append(x.tors, tor)
		for i := range f.info.NumPieces() {
			at := [2]int{k, i}
			held := tor.Has(i)
			if held && !x.may[at] && !x.disk.off() {
				x.fatal("torrent %d piece %d is back", k, i)
			}
			if !held && x.must[at] {
				missing = append(missing, at)
			}
			if x.rng.IntN(2) == 0 && tor.Has(i) {
				x.get(k, i)
			}
		}
		if _, ok := x.s.Kept(f.info.ID()); x.kept[k] && !ok && !x.disk.off() {
			x.fatal("the metainfo of torrent %d is gone", k)
		}
	}
	waiting := x.waiting()
	err := x.tors[0].Flush()
	if x.disk.off() {
		return
	}
	if n := int(x.s.Stats().Evictions); len(missing) > n || n > 0 && !x.tight() {
		x.fatal("torrents and pieces %d are lost, %d evicted", missing, n) // what is not claimed took room too
	}
	if st := x.s.Stats(); err != nil || st.VerifyFailures+st.ReadErrors+st.WriteErrors != 0 || st.DiskBytes > x.cfg.DiskBytes {
		x.fatal("%v, %+v", err, st)
	}
	if lines := strings.Count(x.logs.String(), "\n"); lines > strings.Count(x.logs.String(), gapsLine) {
		x.fatal("a power cut damages nothing")
	}
	clear(x.may)
	for k := range x.tors {
		x.mayHold(k)
	}
	x.note(waiting)
}

// mayHold notes what is held of a torrent.
func (x *powerTest) mayHold(k int) {
	for i := range x.fixtures[k].info.NumPieces() {
		if x.tors[k].Has(i) {
			x.may[[2]int{k, i}] = true
		}
	}
}

// waiting returns the pieces that a Flush from now on has to do with: all but those that there
// was no room for.
func (x *powerTest) waiting() (pieces []spot) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	for _, c := range x.s.contents {
		for i := range c.geo.pieces {
			if p := c.pieces[i]; c.onDisk(i) || p != nil && p.queued {
				pieces = append(pieces, spot{c, i})
			}
		}
	}
	return pieces
}

// note takes what a Flush had as safe, as far as it was not evicted since.
func (x *powerTest) note(waiting []spot) {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	for _, p := range waiting {
		if r := p.c.runOf(p.i); r != nil && r.is(p.i, placeClaimed) {
			x.safe[runPiece{r, p.i}] = true
		}
	}
}

// step does something with the store.
func (x *powerTest) step() {
	k := x.rng.IntN(len(x.tors))
	i := x.rng.IntN(x.fixtures[k].info.NumPieces())
	switch x.rng.IntN(24) {
	default:
		x.put(k, i)
	case 0, 1, 2:
		x.flush()
	case 3, 4, 5:
		x.get(k, i)
	case 6:
		if l, err := x.tors[k].Get(i); err == nil {
			x.leases = append(x.leases, modelLease{l, x.fixtures[k].piece(i)})
		}
	case 7:
		x.release(len(x.leases) / 2)
	case 8:
		x.remove(k)
	case 9:
		_ = x.s.PutMetainfo(x.fixtures[k].tor)
		if !x.disk.off() {
			x.kept[k] = true
		}
	case 10:
		x.closeAll()
	case 11, 12:
		time.Sleep(time.Duration(x.rng.IntN(600)) * time.Millisecond)
	case 13:
		for i := range x.fixtures[k].info.NumPieces() {
			x.put(k, i)
		}
	}
	if x.rng.IntN(2) == 0 {
		synctest.Wait()
	}
}

// put puts a piece. One that was not verified since the start it replaces, and that one is no
// longer promised.
func (x *powerTest) put(k, i int) {
	x.may[[2]int{k, i}] = true
	x.s.mu.Lock()
	if c := x.tors[k].c; c.unproven(i) {
		delete(x.safe, runPiece{c.runOf(i), i})
	}
	x.s.mu.Unlock()
	x.fixtures[k].put(x.tors[k], i)
}

// flush flushes. What was put before is then on disk, where there is room for all.
func (x *powerTest) flush() {
	waiting := x.waiting()
	err := x.tors[0].Flush()
	if x.disk.off() {
		return
	}
	if err != nil {
		x.fatal("%v", err)
	}
	x.note(waiting)
	if x.tight() {
		return
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	for _, c := range x.s.contents {
		for i := range c.geo.pieces {
			if c.held(i) && (!c.onDisk(i) || !c.runOf(i).is(i, placeClaimed)) && !x.disk.off() {
				x.fatal("piece %d of torrent %d is not on disk after Flush", i, x.torrentOf(c))
			}
		}
	}
}

// get reads a piece, which has to be right if it is held.
func (x *powerTest) get(k, i int) {
	l, err := x.tors[k].Get(i)
	if err != nil {
		return
	}
	x.leases = append(x.leases, modelLease{l, x.fixtures[k].piece(i)})
	x.release(len(x.leases) - 1)
}

// release reads and ends all leases but the first.
func (x *powerTest) release(from int) {
	for _, l := range x.leases[from:] {
		got := make([]byte, len(l.want))
		if _, err := l.l.ReadAt(got, 0); err != nil && !x.disk.off() || err == nil && !bytes.Equal(got, l.want) {
			x.fatal("a lease reads wrong: %v", err)
		}
		l.l.Release()
	}
	x.leases = x.leases[:from]
}

// remove removes a torrent, which then stays away.
func (x *powerTest) remove(k int) {
	x.tors[k].Remove()
	if !x.disk.off() {
		for i := range x.fixtures[k].info.NumPieces() {
			delete(x.may, [2]int{k, i})
		}
	}
	x.tors[k] = x.fixtures[k].open(x.t, x.s, nil)
}

// closeAll ends the store in order and starts it again: it then has what it had.
func (x *powerTest) closeAll() {
	if err := x.s.Close(); err != nil && !x.disk.off() {
		x.fatal("Close: %v", err)
	}
	if x.disk.off() {
		return
	}
	x.release(0)
	x.disk.mu.Lock()
	x.disk.onCut = nil
	x.disk.mu.Unlock()
	x.snapshot()
	x.start()
}

// TestPowerCut: whatever the power cut leaves of what was not synced, the next start works. It
// has all that a Flush had, nothing that was removed, and every piece that it claims is right.
func TestPowerCut(t *testing.T) {
	seed := *powerSeed
	fixtures := powerFixtures(t)
	const steps = 500
	for n := 0; n < *powerSteps; n += steps {
		bubble.Test(t, func(t *testing.T) { newPowerTest(t, seed, fixtures).run(steps) })
		seed++
	}
}
