package lab

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

const (
	peerPort = 6881
	// gatewayMemory is fetch.Config.Memory of a gateway and the size of its cache, in
	// bytes. It is more than any scenario's content. With less, evicted and downloaded
	// content would blur the cost of the picker.
	gatewayMemory = 1 << 30
	// closeTime bounds the end of a gateway.
	closeTime = time.Minute
)

// A world is a scenario that is being played.
type world struct {
	t        *testing.T
	s        *Scenario
	start    time.Time
	net      *simnet.Network
	content  []byte
	torrent  *metainfo.Torrent
	gateways []*gateway
	peers    []*seed
	fair     *judge

	mu     sync.Mutex
	result Result
}

// A gateway is a running Gateway.
type gateway struct {
	*node
	spec *Gateway

	mu      sync.Mutex
	readers []census
}

// A seed is a Peer, running from the time when it comes.
type seed struct {
	spec *Peer
	net  *simnet.Host

	mu   sync.Mutex
	seed *simnet.Seed // nil: it has not come yet
	gone bool
}

// Run plays a scenario and returns what everybody had of it. A wrong byte, and
// anything that does not end, fails the test.
func Run(t *testing.T, s Scenario) *Result {
	t.Helper()
	began := time.Now()
	var result *Result
	bubble.Test(t, func(t *testing.T) { result = play(t, &s) })
	if result != nil {
		result.Wall = time.Since(began)
	}
	return result
}

// play is Run inside the bubble.
func play(t *testing.T, s *Scenario) *Result {
	w := &world{t: t, s: s, start: time.Now()}
	w.result.Scenario, w.result.Seed = s.Name, s.Seed
	w.torrent, w.content = makeTorrent(t, "film.mkv", s.Seed, s.Size, s.PieceLength)
	w.net = simnet.New(simnet.Config{Mode: s.Mode, Segment: s.Segment, Seed: s.Seed})
	for i := range s.Peers {
		p := &s.Peers[i]
		w.peers = append(w.peers, &seed{spec: p, net: w.net.Host(simnet.HostConfig{Up: p.Up, Down: p.Down, RTT: p.RTT})})
	}
	for i := range s.Gateways {
		w.startGateway(i)
	}
	w.fair = newJudge(w)
	over, end := context.WithCancel(context.Background())
	var peers, readers sync.WaitGroup
	for _, p := range w.peers {
		peers.Go(func() { w.live(over, p) })
	}
	synctest.Wait() // who is there from the start listens
	for i := range s.Readers {
		readers.Go(func() { w.read(&s.Readers[i]) })
	}
	readers.Wait()
	w.result.Virtual = time.Since(w.start)
	w.collect()
	end()
	peers.Wait()
	w.close()
	return &w.result
}

func (w *world) hash() metainfo.InfoHash { return w.torrent.Info.ID() }

// startGateway starts gateway i.
func (w *world) startGateway(i int) {
	spec := &w.s.Gateways[i]
	where := w.net.Host(simnet.HostConfig{Up: spec.Up, Down: spec.Down, RTT: spec.RTT})
	cfg := cache.Config{MemoryBytes: gatewayMemory}
	w.gateways = append(w.gateways, &gateway{spec: spec, node: startNode(w.t, where, i, peer.HostConfig{}, cfg, 4*w.s.PieceLength, "")})
}

// hints are what a reader that comes now knows of the swarm.
func (w *world) hints(g *gateway) fetch.Hints {
	var h fetch.Hints
	for _, i := range g.spec.Peers {
		if p := w.peers[i]; p.here() {
			h.Peers = append(h.Peers, p.net.AddrPort(peerPort).String())
		}
	}
	for _, i := range g.spec.Gateways {
		h.Peers = append(h.Peers, w.gateways[i].net.AddrPort(peerPort).String())
	}
	return h
}

func (p *seed) here() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seed != nil && !p.gone
}

// live is a peer's time in the swarm.
func (w *world) live(over context.Context, p *seed) {
	if !w.sleep(over, p.spec.At) {
		return
	}
	x, err := simnet.NewSeed(p.net, simnet.SeedConfig{
		InfoHash: w.hash().Wire(), Info: w.torrent.Info.Raw(), Content: bytes.NewReader(w.content),
		Size: w.s.Size, PieceLength: int(w.s.PieceLength), Pieces: p.spec.Pieces, Behaviour: p.spec.Behaviour,
		Addr: fmt.Sprintf(":%d", peerPort),
	})
	if err != nil {
		w.t.Error(err)
		return
	}
	defer x.Close()
	p.mu.Lock()
	p.seed = x
	p.mu.Unlock()
	var dials sync.WaitGroup
	defer dials.Wait()
	ctx, cancel := context.WithCancel(over)
	defer cancel()
	for _, i := range p.spec.Dials {
		// One that finds no place is as a stranger is: it goes elsewhere.
		dials.Go(func() { _ = x.Dial(ctx, w.gateways[i].net.AddrPort(peerPort).String()) })
	}
	s := p.spec
	dials.Go(func() { w.turns(ctx, s.At+s.ChokeFirst, s.ChokeEvery, s.ChokeFor, 0, x.Choke) })
	dials.Go(func() { w.turns(ctx, s.At+s.StallFirst, s.StallEvery, s.StallFor, s.StallTimes, x.Stall) })
	if p.spec.Until == 0 {
		<-over.Done()
		return
	}
	if !w.sleep(over, p.spec.Until) {
		return
	}
	p.mu.Lock()
	p.gone = true
	p.mu.Unlock()
	if p.spec.Vanishes {
		p.net.Vanish()
	} else {
		p.net.Leave()
	}
}

// turns switches something of a peer on for a while from at on, time and again; the
// last of so many times it stays on, 0 having no last.
func (w *world) turns(ctx context.Context, at, every, long time.Duration, times int, turn func(on bool)) {
	for n := 1; every > 0 && w.sleep(ctx, at); n++ {
		turn(true)
		if n == times || !w.sleep(ctx, at+long) {
			return
		}
		turn(false)
		at += every
	}
}

// sleep waits for a time of the scenario; false means that it was over before.
func (w *world) sleep(over context.Context, at time.Duration) bool {
	d := at - time.Since(w.start)
	if d <= 0 {
		return over.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-over.Done():
		return false
	}
}

// close ends the gateways, and sees that nothing of theirs is left.
func (w *world) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	var all sync.WaitGroup
	for _, g := range w.gateways {
		all.Go(func() { g.close(ctx, w.t) })
	}
	all.Wait()
}
