package lab

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/fetch/ledger"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A Day is 24 hours of a public gateway, and shows what a gateway fails to free.
// Readers come by a day's curve. Torrents and their seeds come and go, seeds restart,
// and leechers take what the gateway has. The cache on disk has room for a part of the
// content. From dayQuiet before the hours 2 and 24 on no reader comes, so that the
// gateway should hold nothing then.
type Day struct {
	Seed              uint64
	Swarms            int // at a time
	Size, PieceLength int64
	Visits, Leeches   float64       // readers and leechers an hour, on average
	Life              time.Duration // of a swarm, on average: then another takes its place
	Uptime            time.Duration // of a seed between its restarts, on average
	UploadRate        int64         // of the gateway, in bytes a second
	CacheBytes        int64
}

const (
	dayLength = 24 * time.Hour
	// dayStart is the first hour that counts: all that is made once has been made.
	dayStart = 2 * time.Hour
	// dayPeak is the hour at which most readers come, 1.8 times the average. dayStart
	// and the end of the day are equally far from it.
	dayPeak = 13 * time.Hour
	// dayQuiet is how long no reader comes before the gateway's resources are counted.
	// The gateway ends torrents half an hour after their last use, and a reader takes
	// less than the rest.
	dayQuiet = 45 * time.Minute
	// dayShifts is how many places of a swarm's content there are, of 4 bytes each.
	dayShifts = 1000
	// daySeeds is the seeds of a swarm.
	daySeeds = 2
	// dayPatience is how long a reader waits for anything.
	dayPatience = 2 * time.Minute
)

// A Load is what a gateway holds at a time. The goroutines of the simulated peers are
// not among those counted.
type Load struct {
	At         time.Duration
	Heap       int64 // bytes in use after a collection, the simulation's included
	Goroutines int
	Files      int // descriptors of the process
	Torrents   int // in use
	Conns      int
	Readers    int
	Disk       int64 // bytes of the cache on disk
	Buffers    int64 // bytes of buffers that are not in the pool
}

// String is a row of a table.
func (l Load) String() string {
	return fmt.Sprintf("| %2.0f h | %d | %d | %d | %d | %d | %.1f | %.1f | %.1f |", l.At.Hours(), l.Readers, l.Torrents, l.Conns,
		l.Goroutines, l.Files, float64(l.Heap)/miB, float64(l.Buffers)/miB, float64(l.Disk)/miB)
}

// A DayResult is what a Day came to. Bytes are of content.
type DayResult struct {
	Loads                []Load // at each full hour, from dayStart on
	Visits, Short        int    // readers that came, and of these those that left early
	Failed               int    // readers that gave up
	Swarms, Early        int    // that there were, and that there were until dayStart
	Removed              int    // of these, torrents that the operator dropped
	Restarts             int    // of seeds
	Got                  int64  // what readers took
	Distinct             int64  // bytes of the pieces that readers had something of, each once
	Total                fetch.Totals
	Sent                 int64 // what the seeds sent
	Taken                int64 // what the leechers had of the gateway
	Evictions            int64
	MostTorrents         int
	MostDisk, MostUpload int64 // bytes on disk; bytes that left the gateway in a minute
}

// Play plays a Day in virtual time. A wrong byte, and anything that does not end,
// fails the test.
func (s *Day) Play(t *testing.T) *DayResult {
	t.Helper()
	dir := t.TempDir()
	var result *DayResult
	bubble.Test(t, func(t *testing.T) { result = s.play(t, dir) })
	return result
}

// A day is a Day that is being played.
type day struct {
	t       *testing.T
	s       *Day
	start   time.Time
	gate    *node
	content []byte // of which all contents are parts
	over    context.Context

	mu     sync.Mutex // guards what follows
	draw   *rand.Rand
	swarms []*daySwarm
	up     int // seeds that run
	result DayResult
}

// A daySwarm is one swarm in its time. The day's lock guards what changes.
type daySwarm struct {
	torrent *metainfo.Torrent
	content []byte
	hosts   []*simnet.Host
	touched map[int]bool // pieces that a reader had something of
	guests  int          // readers and leechers
	over    bool
}

func (s *Day) play(t *testing.T, dir string) *DayResult {
	d := &day{t: t, s: s, start: time.Now(), draw: rand.New(rand.NewPCG(s.Seed, 0x646179)), content: make([]byte, 2*s.Size)}
	r := rand.NewChaCha8([32]byte{byte(s.Seed), byte(s.Seed >> 8)})
	r.Read(d.content)
	network := simnet.New(simnet.Config{Segment: 16 * kiB, Seed: s.Seed, RTT: 40 * time.Millisecond})
	state := filepath.Join(dir, "state.json")
	host := peer.HostConfig{UploadRate: s.UploadRate}
	d.gate = startNode(t, network.Host(simnet.HostConfig{}), 0, host,
		cache.Config{Dir: filepath.Join(dir, "cache"), DiskBytes: s.CacheBytes, MemoryBytes: s.CacheBytes / 2}, 0, state) // no idle buffers: all are counted
	var end context.CancelFunc
	d.over, end = context.WithCancel(context.Background())
	d.swarms = make([]*daySwarm, s.Swarms)
	var all sync.WaitGroup
	for i := range d.swarms {
		var hosts []*simnet.Host
		for range daySeeds {
			hosts = append(hosts, network.Host(simnet.HostConfig{Up: 2 * mB}))
		}
		leech := network.Host(simnet.HostConfig{Down: 4 * mB})
		all.Go(func() { d.place(i, hosts) })
		all.Go(func() { d.leeches(i, leech) })
	}
	all.Go(d.visits)
	d.watch()
	end()
	all.Wait()
	d.result.Evictions = d.gate.store.Stats().Evictions
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	d.gate.close(ctx, t)
	d.addTotals(state)
	return &d.result
}

// exp draws a time with a mean.
func (d *day) exp(mean time.Duration) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Duration(d.draw.ExpFloat64() * float64(mean))
}

// float draws from 0 to 1.
func (d *day) float() float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.draw.Float64()
}

// pause sleeps; false means that the day is over.
func (d *day) pause(t time.Duration) bool {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-d.over.Done():
		return false
	}
}

// place has one swarm after another at place i.
func (d *day) place(i int, hosts []*simnet.Host) {
	for n := 0; d.over.Err() == nil; n++ {
		w := d.found(i, n, hosts)
		var seeds sync.WaitGroup
		ctx, end := context.WithCancel(d.over)
		for _, h := range hosts {
			seeds.Go(func() { d.seed(ctx, w, h) })
		}
		d.pause(d.exp(d.s.Life))
		for d.mourn(w) && d.pause(time.Minute) {
		}
		d.retire(w)
		end()
		seeds.Wait()
	}
}

// found makes the n-th swarm at place i. Its pieces are those of no other swarm, so the gateway
// has none of them from another torrent.
func (d *day) found(i, n int, hosts []*simnet.Host) *daySwarm {
	off := d.s.Size*int64(i)/int64(d.s.Swarms)&^3 + 4*int64((n*d.s.Swarms+i)%dayShifts)
	w := &daySwarm{content: d.content[off:][:d.s.Size], hosts: hosts, touched: make(map[int]bool)}
	w.torrent = torrentOf(d.t, fmt.Sprintf("film-%d-%d.bin", i, n), w.content, d.s.PieceLength)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.swarms[i] = w
	d.result.Swarms++
	return w
}

// mourn lets nobody come to a swarm any more, and reports whether somebody is there.
func (d *day) mourn(w *daySwarm) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	w.over = true
	return w.guests > 0
}

// retire is the end of a swarm: every other time the operator drops the torrent, else
// the gateway is to find out by itself.
func (d *day) retire(w *daySwarm) {
	st, used := d.gate.session.Status(w.torrent.Info.ID())
	d.mu.Lock()
	drops := used && d.over.Err() == nil && d.result.Swarms%2 == 0
	for p := range w.touched {
		d.result.Distinct += int64(w.torrent.Info.PieceSize(p))
	}
	d.mu.Unlock()
	if !drops {
		return
	}
	if err := d.gate.session.Remove(context.Background(), w.torrent.Info.ID()); err != nil {
		d.t.Error(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.result.Removed++
	d.result.add(st.Total)
}

// seed is a peer with everything, which restarts from time to time.
func (d *day) seed(ctx context.Context, w *daySwarm, h *simnet.Host) {
	for ctx.Err() == nil {
		x := d.peer(h, w, nil, simnet.Libtorrent(), "")
		d.count(1)
		life, end := context.WithTimeout(ctx, d.exp(d.s.Uptime))
		<-life.Done()
		end()
		x.Close()
		d.count(-1)
		d.mu.Lock()
		d.result.Sent += x.Stats().Bytes
		d.result.Restarts++
		d.mu.Unlock()
		down, end := context.WithTimeout(ctx, 10*time.Second)
		<-down.Done()
		end()
	}
}

func (d *day) count(by int) {
	d.mu.Lock()
	d.up += by
	d.mu.Unlock()
}

// peer starts a simulated peer of a swarm.
func (d *day) peer(h *simnet.Host, w *daySwarm, pieces []int, b simnet.Behaviour, addr string) *simnet.Seed {
	x, err := simnet.NewSeed(h, simnet.SeedConfig{
		InfoHash: w.torrent.Info.ID().Wire(), Info: w.torrent.Info.Raw(), Content: bytes.NewReader(w.content),
		Size: d.s.Size, PieceLength: int(d.s.PieceLength), Pieces: pieces, Behaviour: b, Addr: addr,
	})
	if err != nil {
		panic(err) // of the test's own making: the address is taken
	}
	return x
}

// leeches has a leecher come to the gateway now and then, for what it has of the swarm
// at place i.
func (d *day) leeches(i int, h *simnet.Host) {
	for d.pause(d.exp(time.Duration(float64(time.Hour) * float64(d.s.Swarms) / d.s.Leeches))) {
		if quiet(time.Since(d.start)) {
			continue
		}
		w := d.enter(i)
		if w == nil {
			continue
		}
		x := d.peer(h, w, []int{}, simnet.Behaviour{Leech: 16, Unchoke: simnet.NeverUnchoke}, "none")
		// One that the gateway does not know the torrent of goes away.
		_ = x.Dial(d.over, d.gate.net.AddrPort(peerPort).String())
		d.pause(5 * time.Minute)
		x.Close()
		d.mu.Lock()
		w.guests--
		d.result.Taken += x.Stats().Uploaded
		d.mu.Unlock()
	}
}

// addTotals adds what the gateway has kept of the torrents that were not removed.
func (d *day) addTotals(state string) {
	kept, err := ledger.Open(state)
	if err != nil {
		d.t.Error(err)
	}
	for _, t := range kept.Torrents() {
		d.result.add(t)
	}
}

func (r *DayResult) add(t fetch.Totals) {
	r.Total.Downloaded += t.Downloaded
	r.Total.Uploaded += t.Uploaded
	r.Total.Served += t.Served
	r.Total.Wasted += t.Wasted
}
