package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// manyHints are those of a URL with twenty trackers.
func manyHints(client netip.Prefix) Hints {
	h := Hints{Client: client, Peers: []string{"192.0.2.1:6881"}, Start: true}
	for i := range 20 {
		h.Trackers = append(h.Trackers, fmt.Sprintf("http://tracker%d.example/announce", i))
	}
	return h
}

// A range that the cache has is read without a swarm: none is begun for it, and one that is
// there is told of the peers alone: they may want what it has.
func TestCachedRangeNeedsNoSwarm(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.seed(simRate, false)
		c := s.open(0, 1<<20)
		s.read(c, 0, 1<<20)
		c.Close()
		gate, host := s.gate.session, s.gate.host
		visit := func() {
			t.Helper()
			h := manyHints(clientOf(1))
			info, err := gate.Info(t.Context(), s.hash(), h)
			if err != nil {
				t.Fatal(err)
			}
			c, err := gate.Open(context.Background(), s.hash(), h, &info.Files[0], 0, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			var got bytes.Buffer
			for got.Len() < 1<<20 {
				if err := c.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, err := c.WriteNext(&got); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(got.Bytes(), s.content) {
				t.Fatal("wrong bytes")
			}
		}
		tor := inUse(gate, s.hash())
		before := tor.Status()
		visit()
		after := tor.Status()
		if n := len(tor.swarm.Trackers()); n != 0 || after.Swarm.Known != before.Swarm.Known+1 || after.Readers != 0 {
			t.Errorf("the swarm was told of %d trackers; %d addresses, before %d", n, after.Swarm.Known, before.Swarm.Known)
		}
		if after.Served != before.Served+1<<20 {
			t.Errorf("%d bytes served, before %d", after.Served, before.Served)
		}

		time.Sleep(closeAfter + 2*reapEvery)
		if n := host.Stats().Swarms; n != 0 {
			t.Fatalf("%d swarms after the torrent ended", n)
		}
		dialled := s.gate.net.Stats().Dials
		for range 3 {
			visit()
		}
		if torrents, _ := inMemory(gate); host.Stats().Swarms != 0 || torrents != 0 {
			t.Errorf("%d swarms, %d torrents begun for what the cache has", host.Stats().Swarms, torrents)
		}
		if n := s.gate.net.Stats().Dials - dialled; n != 0 {
			t.Errorf("%d connections dialled", n)
		}
		if st, ok := gate.Status(s.hash()); !ok || st.Served != 3<<20 || st.Total.Served != after.Served+3<<20 || !st.HaveInfo {
			t.Errorf("status %v, %+v", ok, st)
		}
		time.Sleep(closeAfter + 2*reapEvery)
		if torrents, holdings := inMemory(gate); torrents+holdings+len(gate.List()) != 0 || gate.torrentBytes.Load() != 0 {
			t.Errorf("%d torrents in use long after, %d in memory, %d bytes", torrents, holdings, gate.torrentBytes.Load())
		}
		if totals, _ := gate.ledger.Of(s.hash()); totals.Served != after.Served+3<<20 {
			t.Errorf("%d bytes served in all are kept, not %d", totals.Served, after.Served+3<<20)
		}
	})
}

// A torrent that is removed under such a reader leaves no totals behind: neither those of before,
// nor what the reader got.
func TestRemovedUnderAReader(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.seed(simRate, false)
		c := s.open(0, 1<<20)
		s.read(c, 0, 1<<20)
		c.Close()
		time.Sleep(closeAfter + 2*reapEvery)
		gate := s.gate.session
		info, err := gate.Info(t.Context(), s.hash(), Hints{})
		if err != nil {
			t.Fatal(err)
		}
		if c, err = gate.Open(t.Context(), s.hash(), Hints{}, &info.Files[0], 0, 1<<20); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := c.WriteNext(io.Discard); n == 0 || err != nil {
			t.Fatalf("%d bytes, %v", n, err)
		}
		if torrents, _ := inMemory(gate); torrents != 0 {
			t.Fatal("it is not read out of the cache alone")
		}
		if err := gate.Remove(t.Context(), s.hash()); err != nil {
			t.Fatal(err)
		}
		c.Close()
		time.Sleep(closeAfter + 2*reapEvery)
		if totals, _ := gate.ledger.Of(s.hash()); totals.Served != 0 {
			t.Errorf("%d bytes served are kept of what was removed", totals.Served)
		}
	})
}

// A piece that the cache loses under such a reader is fetched again.
func TestCachedRangeFallsBackToTheSwarm(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.seed(simRate, false)
		c := s.open(0, 1<<20)
		s.read(c, 0, 1<<20)
		c.Close()
		c = s.open(0, 1<<20)
		defer c.Close()
		heldOf(s.gate.session, s.hash()).stored.Remove() // as a disk that fails
		s.read(c, 0, 1<<20)
		if st, _ := s.gate.session.Status(s.hash()); st.Downloaded < 2<<20 {
			t.Errorf("%d bytes downloaded", st.Downloaded)
		}
	})
}

// clientOf is one of many clients.
func clientOf(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}), 32)
}

// Junk that is waited for takes places of its own, each client its share: others read what is
// cached, and begin what is not.
func TestJunkShutsNobodyOut(t *testing.T) {
	t.Run("five clients", func(t *testing.T) { testJunk(t, func(i int) netip.Prefix { return clientOf(i % 5) }) })
	t.Run("a network of 256 clients", func(t *testing.T) { testJunk(t, householdOf) })
}

// householdOf is one of the 256 of an IPv6 /48.
func householdOf(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 0, 1, byte(i)}), 56)
}

func testJunk(t *testing.T, client func(i int) netip.Prefix) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		mt := make1(t, metainfo.MakeOptions{Version: metainfo.V1})
		if _, err := gate.Add(t.Context(), mt); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var waiting sync.WaitGroup
		defer waiting.Wait()
		defer cancel()
		for i := range 300 {
			waiting.Go(func() {
				ih := metainfo.NewV1([20]byte{byte(i), byte(i >> 8), 1})
				_, _ = gate.Info(ctx, ih, Hints{Client: client(i), Peers: []string{"192.0.2.7:1"}})
			})
		}
		time.Sleep(time.Second)
		if n := s.gate.host.Stats().Swarms; n > MaxUnresolved+1 {
			t.Errorf("%d swarms", n)
		}
		honest := Hints{Client: clientOf(77)}
		if _, err := gate.Info(ctx, mt.Info.ID(), honest); err != nil {
			t.Errorf("a torrent that is known: %v", err)
		}
		s.seed(simRate, false)
		honest.Peers = s.hints().Peers
		if _, err := gate.Info(ctx, s.hash(), honest); err != nil {
			t.Errorf("a torrent that is not: %v", err)
		}
		if _, ok := gate.Status(mt.Info.ID()); !ok {
			t.Error("junk ended an idle torrent that is known")
		}
		if load := gate.Load(); load.RefusedTorrents == 0 {
			t.Error("nothing was refused")
		}
	})
}
