package peer

import (
	"context"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/choke"
	"github.com/btgw/btgw/peer/wire"
)

// TestSuperSeed: a peer is told of one piece, may have that alone, and is told of the
// next when another has announced it. With the first copy it is over.
func TestSuperSeed(t *testing.T) {
	tor, data := content(t, 6*64<<10, 64<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, seed(tor.Info, data))
		s.SetSuperSeed(true)
		if st := s.Stats(); !st.SuperSeeding {
			t.Errorf("%+v", st)
		}
		a := w.call(tor)
		a.greet()
		told := func(f *fake) (pieces []uint32) {
			t.Helper()
			all, _ := f.quiet(time.Second)
			for _, m := range all {
				switch m.id {
				case wire.Have:
					pieces = append(pieces, wire.ParseIndex(m.payload))
				case wire.HaveAll, wire.Bitfield, wire.AllowedFast:
					t.Errorf("told %v", m.id)
				}
			}
			return pieces
		}
		has := func(f *fake, piece uint32) { f.write(wire.AppendIndex(nil, wire.Have, piece)) }
		if got := told(a); len(got) != 1 || got[0] != 0 {
			t.Fatalf("the first is told of %v", got)
		}
		b := w.call(tor).named(2)
		b.greet()
		if got := told(b); len(got) != 1 || got[0] != 1 {
			t.Fatalf("the second is told of %v", got)
		}
		a.write(wire.AppendSimple(nil, wire.Interested))
		a.quiet(time.Second)
		a.write(request(tor.Info.Block(1, 0)))
		a.expectBlock(wire.Reject, tor.Info.Block(1, 0))
		a.write(request(tor.Info.Block(0, 0)))
		a.expect(wire.Piece)
		has(a, 0)
		if got := told(a); got != nil {
			t.Fatalf("told of %v though nobody has the last one", got)
		}
		has(b, 0)
		if got := told(a); len(got) != 1 || got[0] != 2 {
			t.Fatalf("told of %v after the first was given on", got)
		}
		has(b, 1)
		b.quiet(superPatience + choke.Round)
		if got := told(b); got != nil {
			t.Errorf("told of %v again", got)
		}
		for p := range uint32(6) {
			has(b, p)
		}
		if got := told(a); len(got) != 4 { // and nothing twice
			t.Errorf("told of %v at the end", got)
		}
		if st := s.Stats(); st.SuperSeeding {
			t.Error("it goes on with the first copy out")
		}
		c := w.call(tor).named(3)
		c.greet()
		c.expect(wire.HaveAll)
	})
}

// TestSuperSeedEnds: what is switched off is told as by any seed, and so is what one
// alone fetches in the end.
func TestSuperSeedEnds(t *testing.T) {
	tor, data := content(t, 6*64<<10, 64<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, seed(tor.Info, data))
		s.SetSuperSeed(true)
		f := w.call(tor)
		f.greet()
		f.quiet(time.Second)
		s.SetSuperSeed(false)
		if all, _ := f.quiet(time.Second); len(all) != 6 || all[5].id != wire.Extended { // that we only upload
			t.Errorf("told %v", kinds(all))
		}
		s.SetSuperSeed(true)
		f.nc.Close()
		there := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig("11.1.1.1"))})
		down := leech(tor.Info)
		far := swarm(t, there, tor, down)
		down.complete = far.Have
		far.AddPeers(book.SourceUser, w.here.AddrPort(ourPort))
		far.SetWanted(true)
		<-down.done
		far.Close(context.Background())
		closeHost(there)
	})
}

// TestSuperSeedToClients: two libtorrents and a Transmission get everything of one
// that super-seeds.
func TestSuperSeedToClients(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Size: 5<<20 + 333, PieceLength: 256 << 10})
	h := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	s := swarm(t, h, &metainfo.Torrent{Info: p.Info}, seed(p.Info, payload(t, p)))
	s.SetSuperSeed(true)
	lt := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	tr := clients.StartTransmission(t)
	dirs := [2]string{t.TempDir(), t.TempDir()}
	addr := loopbackAddr(h).String()
	lt.DownloadMagnet(p.Magnet(addr, tr.Addr()), dirs[0], addr, tr.Addr())
	tr.DownloadMagnet(p.Magnet(addr, lt.Addr()), dirs[1])
	s.AddHostPorts(book.SourceUser, lt.Addr(), tr.Addr())
	s.SetWanted(true)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	lt.WaitFinished(ctx)
	tr.WaitFinished(ctx)
	for _, dir := range dirs {
		p.CheckCopy(t, dir)
	}
}
