package peer

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/choke"
	"github.com/btgw/btgw/peer/wire"
)

// inCallingWorld has a swarm that has all of a torrent, nobody waits for, and calls leechers.
func inCallingWorld(t *testing.T, cfg HostConfig, run func(w *world, s *Swarm, tor *metainfo.Torrent)) {
	t.Helper()
	tor, data := content(t, 4*64<<10, 64<<10)
	inWorld(t, 10*time.Millisecond, cfg, func(w *world) {
		s := swarm(t, w.host, tor, seed(tor.Info, data))
		s.CallLeechers()
		run(w, s, tor)
	})
}

// dialled counts the connections that peers accept.
type dialled struct {
	w *world
	n atomic.Int64
}

// peer has one more peer listen. It shakes hands, says something, and takes what comes until the connection ends.
func (d *dialled) peer(tor *metainfo.Torrent, id int, say ...byte) netip.AddrPort {
	t := d.w.t
	t.Helper()
	h := d.w.net.Host(simnet.HostConfig{})
	l, err := h.Listen(context.Background(), "tcp", ":6881")
	if err != nil {
		t.Fatal(err)
	}
	hello := wire.NewHandshake(tor.Info.Hashes()[0].Wire(), [20]byte(fmt.Appendf(nil, "-XX0001-%012d", id)))
	say = append(wire.AppendHandshake(nil, hello), say...)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			d.n.Add(1)
			all.Go(func() {
				defer nc.Close()
				if _, err := nc.Write(say); err == nil {
					_, _ = io.Copy(io.Discard, nc)
				}
			})
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return h.AddrPort(6881)
}

func (d *dialled) count() int { return int(d.n.Load()) }

// TestLeecherIsCalled: a seed dials a leecher that it hears of, and uploads to it.
func TestLeecherIsCalled(t *testing.T) {
	inCallingWorld(t, HostConfig{}, func(w *world, s *Swarm, tor *metainfo.Torrent) {
		addr, accept := w.listen(tor)
		s.AddPeers(book.SourceTracker, addr)
		f := accept()
		f.greet(wire.AppendSimple(nil, wire.HaveNone)...)
		f.write(wire.AppendSimple(nil, wire.Interested))
		f.expect(wire.Unchoke)
		b := tor.Info.Block(1, 0)
		f.write(wire.AppendBlock(nil, wire.Request, wire.Block(b)))
		f.expect(wire.Piece)
	})
}

// TestNobodyIsCalled: a seed that does not call leechers dials nobody, nor does one that may not upload.
func TestNobodyIsCalled(t *testing.T) {
	tor, data := content(t, 4*64<<10, 64<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		d := &dialled{w: w}
		s := swarm(t, w.host, tor, seed(tor.Info, data))
		s.AddPeers(book.SourceTracker, d.peer(tor, 1, wire.AppendSimple(nil, wire.HaveNone)...))
		time.Sleep(10 * time.Minute)
		w.host.StopUploads(true)
		s.CallLeechers()
		time.Sleep(10 * time.Minute)
		if got := d.count(); got != 0 {
			t.Errorf("%d dials", got)
		}
		w.host.StopUploads(false)
		time.Sleep(2 * choke.Round)
		if got := d.count(); got != 1 {
			t.Errorf("%d dials once it may upload", got)
		}
	})
}

// TestLeecherThatLeftIsCalled: one that came and went, as qBittorrent does once it has the metadata, is called soon.
func TestLeecherThatLeftIsCalled(t *testing.T) {
	inCallingWorld(t, HostConfig{}, func(w *world, s *Swarm, tor *metainfo.Torrent) {
		h := w.net.Host(simnet.HostConfig{})
		l, err := h.Listen(context.Background(), "tcp", ":6881")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		f := w.callFrom(h, tor)
		f.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{Port: 6881})...)
		f.expect(wire.Extended)
		time.Sleep(time.Second)
		f.nc.Close()
		begun := time.Now()
		nc, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		nc.Close()
		if took := time.Since(begun); took > book.Backoff(1)+time.Second {
			t.Errorf("called after %v", took)
		}
	})
}

// TestSeedIsCalledOnce: seeds, and those that say that they only upload, are hung up on and not called again for an hour.
func TestSeedIsCalledOnce(t *testing.T) {
	for name, say := range map[string][]byte{
		"seed":        wire.AppendSimple(nil, wire.HaveAll),
		"upload only": wire.AppendExtendedHandshake(wire.AppendSimple(nil, wire.HaveNone), &wire.ExtendedHandshake{UploadOnly: wire.Yes}),
	} {
		t.Run(name, func(t *testing.T) {
			inCallingWorld(t, HostConfig{}, func(w *world, s *Swarm, tor *metainfo.Torrent) {
				d := &dialled{w: w}
				addr := d.peer(tor, 1, say...)
				s.AddPeers(book.SourceTracker, addr)
				time.Sleep(2 * choke.Round)
				if n := s.Stats().Connected; n != 0 || d.count() != 1 {
					t.Fatalf("%d connections after %d dials", n, d.count())
				}
				for range 5 {
					time.Sleep(11 * time.Minute)
					s.AddPeers(book.SourceTracker, addr)
				}
				if got := d.count(); got != 1 {
					t.Errorf("%d dials within the hour", got)
				}
				time.Sleep(10 * time.Minute)
				if got := d.count(); got != 2 {
					t.Errorf("%d dials after an hour", got)
				}
				s.SetWanted(true) // a reader is told nothing that is not so: seeds are dialled for it
				s.DontHave(0)
				time.Sleep(time.Minute)
				if got := d.count(); got != 3 {
					t.Errorf("%d dials once a piece is wanted", got)
				}
			})
		})
	}
}

// TestCallsAreFew: of many leechers a few are dialled a minute, within half of the connections of the torrent and of the host.
func TestCallsAreFew(t *testing.T) {
	for name, c := range map[string]struct {
		cfg   HostConfig
		conns int // after a minute
	}{
		"pause":   {HostConfig{MaxSwarmConns: 200}, callBurst + int(time.Minute/callPause)},
		"torrent": {HostConfig{MaxSwarmConns: 20}, 10},
		"host":    {HostConfig{MaxConns: 12}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			inCallingWorld(t, c.cfg, func(w *world, s *Swarm, tor *metainfo.Torrent) {
				d := &dialled{w: w}
				for i := range 60 {
					s.AddPeers(book.SourceTracker, d.peer(tor, i+1, wire.AppendSimple(nil, wire.HaveNone)...))
				}
				time.Sleep(time.Minute + time.Second)
				if n := s.Stats().Connected; n != c.conns || d.count() != n {
					t.Errorf("%d connections after %d dials, want %d", n, d.count(), c.conns)
				}
			})
		})
	}
}

// TestReadersDialBesideCalls: what nobody waits for gives way to a reader's dials.
func TestReadersDialBesideCalls(t *testing.T) {
	inCallingWorld(t, HostConfig{MaxConns: 12}, func(w *world, s *Swarm, tor *metainfo.Torrent) {
		d := &dialled{w: w}
		for i := range 12 {
			s.AddPeers(book.SourceTracker, d.peer(tor, i+1, wire.AppendSimple(nil, wire.HaveNone)...))
		}
		time.Sleep(10 * time.Minute)
		other, _ := content(t, 3*64<<10, 64<<10)
		r := swarm(t, w.host, other, leech(other.Info))
		r.AddClient(netip.MustParsePrefix("192.0.2.1/32"))
		r.SetWanted(true)
		read := &dialled{w: w}
		for i := range 10 {
			r.AddPeers(book.SourceTracker, read.peer(other, 100+i, wire.AppendSimple(nil, wire.HaveNone)...))
		}
		time.Sleep(time.Second)
		if got := read.count(); got < 8 {
			t.Errorf("a reader dials %d of 10 peers beside calls", got)
		}
	})
}
