package lab

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A Spread is a swarm of gateways alone: one has the content, the others come for
// all of it. It is about how they treat each other, where a [Scenario] is about how
// a reader fares.
type Spread struct {
	Name              string
	Seed              uint64
	Size, PieceLength int64
	Segment           int // simnet.Config.Segment
	Slots             int // peer.HostConfig.UploadSlots of all
	Origin            Node
	Super             bool // the origin super-seeds
	Publishes         bool // the origin is a publisher: it super-seeds crowds
	Nodes             []Node
	// Patience is how long anything may take.
	Patience time.Duration
}

// A Node is a gateway of a Spread. It reads everything, as fast as it comes.
type Node struct {
	Up, Down int64 // bytes a second
	RTT      time.Duration
	At       time.Duration // when it comes
	Rides    bool          // it uploads nothing, and the origin does not reach it
}

// A Spreading is what became of a Spread.
type Spreading struct {
	Done   []time.Duration // when each node had everything
	Counts []Count         // each second
	// Copied is what the origin had sent, in bytes, when every piece was with another
	// node as well, and CopiedAt when that was.
	Copied   int64
	CopiedAt time.Duration
}

// A Count is how many nodes have the rarest piece, the commonest one, and a piece
// on average, and what each has received, at a time.
type Count struct {
	At           time.Duration
	Rarest, Most int
	Mean, Spread float64 // the spread is the standard deviation
	Received     []int64 // bytes
}

// Ideal returns the least time in which all nodes can have everything (Kumar and Ross,
// "Peer-Assisted File Distribution: The Minimum Distribution Time"). It is the longest
// of three times: the origin sends one copy, the slowest node receives one, and all
// uplinks together send one to each node.
func (s *Spread) Ideal() time.Duration {
	up, slowest := float64(s.Origin.Up), float64(s.Nodes[0].Down)
	for _, n := range s.Nodes {
		slowest = min(slowest, float64(n.Down))
		if !n.Rides {
			up += float64(n.Up)
		}
	}
	size := float64(s.Size)
	return time.Duration(max(size/float64(s.Origin.Up), size/slowest, float64(len(s.Nodes))*size/up) * float64(time.Second))
}

// Play plays a Spread in virtual time. A wrong byte, a node that does not get
// everything, and anything that does not end fails the test.
func (s *Spread) Play(t *testing.T) *Spreading {
	t.Helper()
	var result *Spreading
	bubble.Test(t, func(t *testing.T) { result = s.play(t) })
	return result
}

// A spreading is a Spread that is being played.
type spreading struct {
	t       *testing.T
	s       *Spread
	start   time.Time
	torrent *metainfo.Torrent
	content []byte
	nodes   []*node // the origin first

	mu     sync.Mutex
	result Spreading
}

func (s *Spread) play(t *testing.T) *Spreading {
	w := &spreading{t: t, s: s, start: time.Now(), result: Spreading{Done: make([]time.Duration, len(s.Nodes))}}
	w.torrent, w.content = makeTorrent(t, "film.bin", s.Seed, s.Size, s.PieceLength)
	network := simnet.New(simnet.Config{Segment: s.Segment, Seed: s.Seed})
	for i, n := range append([]Node{s.Origin}, s.Nodes...) {
		where := network.Host(simnet.HostConfig{Up: n.Up, Down: n.Down, RTT: n.RTT})
		host := peer.HostConfig{UploadSlots: s.Slots, NoUpload: n.Rides}
		w.nodes = append(w.nodes, startNode(t, where, i, host, cache.Config{MemoryBytes: gatewayMemory}, 4*s.PieceLength, ""))
	}
	for i, n := range s.Nodes {
		if n.Rides {
			network.Block(w.nodes[0].net, w.nodes[1+i].net)
		}
	}
	w.offer()
	var readers, counter sync.WaitGroup
	over, end := context.WithCancel(context.Background())
	for i := range s.Nodes {
		readers.Go(func() { w.fetch(i) })
	}
	counter.Go(func() { w.count(over) })
	readers.Wait()
	end()
	counter.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	var all sync.WaitGroup
	for _, n := range w.nodes {
		all.Go(func() { n.close(ctx, t) })
	}
	all.Wait()
	return &w.result
}

// offer has the origin offer the content.
func (w *spreading) offer() {
	w.t.Helper()
	o := w.nodes[0]
	if w.s.Publishes {
		if err := o.session.Publish(w.torrent, files{w}); err != nil {
			w.t.Fatal(err)
		}
		return
	}
	o.fill(w.t, w.torrent, w.content)
	_, err := o.session.Add(context.Background(), w.torrent)
	if err == nil && w.s.Super {
		err = o.session.SetSuperSeed(w.torrent.Info.ID(), true)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// files are the content as a publisher has it.
type files struct{ w *spreading }

var _ cache.Origin = files{}

// Version is always the same.
func (f files) Version(int) uint64 { return 1 }

// ReadAt reads the content.
func (f files) ReadAt(piece int, p []byte, off int64) (uint64, error) {
	copy(p, f.w.content[f.w.torrent.Info.PieceOffset(piece)+off:])
	return 1, nil
}

// Lost fails the test: the files do not change.
func (f files) Lost(piece int, err error) { f.w.t.Errorf("piece %d is lost: %v", piece, err) }

// fetch is what node i does.
func (w *spreading) fetch(i int) {
	time.Sleep(w.s.Nodes[i].At)
	ctx, cancel := context.WithTimeout(context.Background(), w.s.Patience)
	defer cancel()
	session := w.nodes[1+i].session
	if _, err := session.Add(ctx, w.torrent); err != nil {
		w.t.Error(err)
		return
	}
	var h fetch.Hints
	for _, n := range w.nodes {
		if n != w.nodes[1+i] {
			h.Peers = append(h.Peers, n.net.AddrPort(peerPort).String())
		}
	}
	c, err := session.Open(context.Background(), w.torrent.Info.ID(), h, &w.torrent.Info.Files[0], 0, w.s.Size)
	if err != nil {
		w.t.Error(err)
		return
	}
	defer c.Close()
	got := &compared{content: w.content}
	for {
		if err = c.Wait(ctx); err != nil {
			break
		}
		if _, err = c.WriteNext(got); err != nil {
			break
		}
	}
	if err != io.EOF || got.pos != len(w.content) {
		w.t.Errorf("node %d has %d bytes: %v", i, got.pos, err)
	}
	w.mu.Lock()
	w.result.Done[i] = time.Since(w.start)
	w.mu.Unlock()
}

// A compared is a client that looks at each byte.
type compared struct {
	content []byte
	pos     int
}

// Write compares.
func (c *compared) Write(p []byte) (int, error) {
	if !bytes.HasPrefix(c.content[c.pos:], p) {
		return 0, errWrong
	}
	c.pos += len(p)
	return len(p), nil
}

// count looks at what all have each second.
func (w *spreading) count(over context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-over.Done():
			return
		case <-tick.C:
			w.look()
		}
	}
}

func (w *spreading) look() {
	pieces := w.torrent.Info.NumPieces()
	holders := make([]int, pieces)
	now := Count{At: time.Since(w.start)}
	for _, n := range w.nodes[1:] {
		for p := range holders {
			if n.has(w.torrent.Info, p) {
				holders[p]++
			}
		}
		now.Received = append(now.Received, n.status(w.torrent.Info).Downloaded)
	}
	sum := 0
	for _, n := range holders {
		sum += n
	}
	now.Rarest, now.Most, now.Mean = slices.Min(holders), slices.Max(holders), float64(sum)/float64(pieces)
	for _, n := range holders {
		d := float64(n) - now.Mean
		now.Spread += d * d
	}
	now.Spread = math.Sqrt(now.Spread / float64(pieces))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.result.Counts = append(w.result.Counts, now)
	if now.Rarest > 0 && w.result.CopiedAt == 0 {
		w.result.Copied, w.result.CopiedAt = w.nodes[0].status(w.torrent.Info).Uploaded, now.At
	}
}

// String says it in short.
func (c Count) String() string {
	return fmt.Sprintf("%v: %d / %.1f / %d ± %.2f", c.At.Round(time.Second), c.Rarest, c.Mean, c.Most, c.Spread)
}
