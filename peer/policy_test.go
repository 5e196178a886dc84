package peer

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/choke"
	"github.com/btgw/btgw/peer/wire"
)

// ask has the fake ask for the n-th block of the content, and reads the answer:
// whether it is the block.
func (f *fake) ask(tor *metainfo.Torrent, n int) bool {
	f.t.Helper()
	b := tor.Info.Block(n/16, n%16)
	f.write(request(b))
	for {
		m, err := f.next()
		if err != nil {
			f.t.Fatal(err)
		}
		switch m.id {
		case wire.Piece:
			return true
		case wire.Reject:
			return false
		}
	}
}

// TestNoUpload: nobody gets anything, granted pieces included, a reader or not.
func TestNoUpload(t *testing.T) {
	seeding(t, HostConfig{NoUpload: true}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		s.SetWanted(true)
		f.write(wire.AppendSimple(nil, wire.Interested))
		all, _ := f.quiet(time.Minute)
		for _, m := range all {
			if m.id == wire.Unchoke || m.id == wire.AllowedFast {
				t.Errorf("%s", m.id)
			}
		}
		for p := range 4 {
			if f.ask(tor, 16*p) {
				t.Errorf("a block of piece %d", p)
			}
		}
		if n := s.Stats().Uploaded; n != 0 {
			t.Errorf("%d bytes uploaded", n)
		}
	})
}

// TestSeedTime: a torrent is uploaded for so long after its last reader, and at
// once when there is one again.
func TestSeedTime(t *testing.T) {
	seeding(t, HostConfig{SeedTime: 2 * time.Minute}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.write(wire.AppendSimple(nil, wire.Interested))
		f.quiet(time.Second)
		if s.Stats().Unchoking != 0 {
			t.Error("uploaded before there was a reader")
		}
		for range 2 {
			s.SetWanted(true)
			begun := time.Now()
			f.expect(wire.Unchoke)
			if took := time.Since(begun); took > w.rtt {
				t.Errorf("unchoked after %v", took)
			}
			f.none(wire.Choke, 2*time.Minute)
			f.write(wire.AppendKeepAlive(nil))
			s.SetWanted(false)
			begun = time.Now()
			f.expect(wire.Choke)
			if took := time.Since(begun); took < 2*time.Minute || took > 2*time.Minute+choke.Round+w.rtt {
				t.Errorf("choked %v after the last reader", took)
			}
			f.write(wire.AppendKeepAlive(nil))
		}
	})
}

// TestSeedRatio: so much is uploaded of what we have, once nobody reads.
func TestSeedRatio(t *testing.T) {
	seeding(t, HostConfig{SeedRatio: 0.5}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.write(wire.AppendSimple(nil, wire.Interested))
		f.expect(wire.Unchoke)
		for n := range 31 {
			if !f.ask(tor, n) {
				t.Fatalf("block %d refused", n)
			}
		}
		f.none(wire.Choke, 2*choke.Round)
		if !f.ask(tor, 31) || !f.ask(tor, 32) {
			t.Fatal("a block refused before its time")
		}
		f.expect(wire.Choke)
		s.SetWanted(true)
		f.expect(wire.Unchoke)
		f.none(wire.Choke, 5*choke.Round)
	})
}

// TestTorrentUploadRate: of two torrents each has its limit, to all its peers.
func TestTorrentUploadRate(t *testing.T) {
	const rate = 512 << 10
	tor, data := content(t, 4<<20, 256<<10)
	other, more := content(t, 4<<20, 512<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{TorrentUploadRate: rate, UploadSlots: 8}, func(w *world) {
		swarm(t, w.host, tor, seed(tor.Info, data))
		swarm(t, w.host, other, seed(other.Info, more))
		begun := time.Now()
		var all []*store
		for _, tt := range []*metainfo.Torrent{tor, tor, other} {
			h := newTestHost(t, HostConfig{Network: w.net.Host(simnet.HostConfig{})})
			defer closeHost(h)
			st := leech(tt.Info)
			s := swarm(t, h, tt, st)
			s.AddPeers(book.SourceTracker, w.here.AddrPort(ourPort))
			s.SetWanted(true)
			all = append(all, st)
		}
		for i, want := range []float64{16, 16, 8} { // seconds for 2 copies, and for 1
			all[i].wait(t, time.Minute)
			if took := time.Since(begun).Seconds(); i != 2 && (took < want*0.8 || took > want*1.1) {
				t.Errorf("leecher %d done after %.1f s, want about %.0f", i, took, want)
			}
		}
		if took := time.Since(begun).Seconds(); took > 18 {
			t.Errorf("all done after %.1f s: the torrents share a limit", took)
		}
	})
}

// TestSlowLineIsShared: at a low limit the unchoked peers take turns by the block:
// none waits for seconds of another's.
func TestSlowLineIsShared(t *testing.T) {
	const rate = 128 << 10
	tor, data := content(t, 4<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{UploadRate: rate}, func(w *world) {
		swarm(t, w.host, tor, seed(tor.Info, data))
		var all []*fake
		for i := range 4 {
			f := w.call(tor)
			f.id[19] = byte('0' + i)
			f.greet(wire.AppendSimple(nil, wire.Interested)...)
			f.expect(wire.Unchoke)
			for n := range 64 {
				f.write(request(tor.Info.Block(n/16, n%16)))
			}
			all = append(all, f)
		}
		gaps := make([]time.Duration, len(all))
		var read sync.WaitGroup
		for i, f := range all {
			read.Go(func() {
				for n, last := 0, time.Now(); n < 48; {
					m, err := f.next()
					if err != nil {
						t.Error(err)
						return
					}
					if m.id != wire.Piece {
						continue
					}
					if n++; n > 16 { // beyond what may go at once
						gaps[i] = max(gaps[i], time.Since(last))
					}
					last = time.Now()
				}
			})
		}
		read.Wait()
		for i, gap := range gaps {
			if gap > time.Second {
				t.Errorf("peer %d waited %v for a block; 4 share 8 of them a second", i, gap)
			}
		}
	})
}

// TestUploadPolicy: a torrent's own rules go before the host's, and a change is
// obeyed at once.
func TestUploadPolicy(t *testing.T) {
	yes, hour, none := true, int64(3600), 0.0
	seeding(t, HostConfig{SeedTime: time.Minute, SeedRatio: 0.01}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.write(wire.AppendSimple(nil, wire.Interested))
		f.quiet(time.Second)
		s.SetWanted(true)
		f.expect(wire.Unchoke)
		s.SetUploadPolicy(UploadPolicy{SeedTime: &hour, SeedRatio: &none})
		s.SetWanted(false)
		f.none(wire.Choke, 90*time.Second)
		for n := range 20 {
			if !f.ask(tor, n) {
				t.Fatalf("block %d refused", n)
			}
		}
		f.none(wire.Choke, 2*choke.Round)

		begun := time.Now()
		s.SetUploadPolicy(UploadPolicy{Stopped: &yes})
		f.expect(wire.Choke)
		if took := time.Since(begun); took > w.rtt {
			t.Errorf("stopped after %v", took)
		}
		if f.ask(tor, 21) {
			t.Error("a block after uploads were stopped")
		}
		s.SetWanted(true)
		f.none(wire.Unchoke, 3*choke.Round)
		s.SetUploadPolicy(UploadPolicy{})
		f.expect(wire.Unchoke)

		w.host.StopUploads(true)
		f.expect(wire.Choke)
		s.SetUploadPolicy(UploadPolicy{SeedTime: &hour})
		f.none(wire.Unchoke, 3*choke.Round)
		w.host.StopUploads(false)
		f.expect(wire.Unchoke)
	})
}

// TestUploadPolicyRate: a new limit holds from its beginning, and who waits for
// what a slow one grants goes on at once when it is lifted.
func TestUploadPolicyRate(t *testing.T) {
	slow, fast, least := int64(512<<10), int64(0), int64(MinUploadRate)
	seeding(t, HostConfig{UploadSlots: 4}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.write(wire.AppendSimple(nil, wire.Interested))
		f.expect(wire.Unchoke)
		s.SetUploadPolicy(UploadPolicy{Rate: &slow})
		begun := time.Now()
		for n := range 48 {
			f.ask(tor, n)
		}
		// A quarter of a MiB goes at once, the other half at half a MiB a second.
		if took := time.Since(begun); took < 900*time.Millisecond || took > 1600*time.Millisecond {
			t.Errorf("768 KiB at 512 KiB/s took %v", took)
		}
		s.SetUploadPolicy(UploadPolicy{Rate: &least})
		for n := range 17 { // what may go at once, and one block more
			f.write(request(tor.Info.Block(n/16, n%16)))
		}
		f.quiet(time.Second)
		begun = time.Now()
		s.SetUploadPolicy(UploadPolicy{Rate: &fast})
		f.expect(wire.Piece)
		if took := time.Since(begun); took > w.rtt {
			t.Errorf("a block came %v after the limit was lifted", took)
		}
	})
}

// TestRatioOfAllRuns: what earlier runs uploaded counts.
func TestRatioOfAllRuns(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{SeedRatio: 2}, func(w *world) {
		for before, slots := range map[int64]int{1 << 20: choke.DefaultSlots, 3 << 20: 0} {
			st := seed(tor.Info, data)
			s, err := w.host.NewSwarm(SwarmConfig{Hashes: tor.Info.Hashes(), Info: tor.Info, Demand: st, Supply: st, Before: Before{Uploaded: before}})
			if err != nil {
				t.Fatal(err)
			}
			s.mu.Lock()
			got := s.slotsNow(time.Now())
			s.mu.Unlock()
			if got != slots {
				t.Errorf("%d slots after %d bytes uploaded of 1 MiB, want %d", got, before, slots)
			}
			s.Close(context.Background())
		}
	})
}
