package peer

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/wire"
)

// TestProspects: an address is left to ask until it was tried, and a peer that is connected
// is news, and no more than that.
func TestProspects(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(nil))
		is := func(what string, want Prospects) {
			t.Helper()
			synctest.Wait()
			if got := s.Prospects(); got != want {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
		}
		is("at first", Prospects{})
		time.Sleep(time.Second)
		named := time.Now()
		s.AddPeers(book.SourceTracker, w.net.Host(simnet.HostConfig{}).AddrPort(1))
		is("an address", Prospects{Untried: true, News: named})
		s.SetWanted(true)
		time.Sleep(time.Second)
		is("that is dead", Prospects{News: named})
		s.AddPeers(book.SourceTracker, w.net.Host(simnet.HostConfig{}).AddrPort(1))
		named = time.Now()
		time.Sleep(time.Second)
		is("another", Prospects{News: named})

		addr, accept := w.listen(tor)
		s.AddPeers(book.SourcePEX, addr)
		named = time.Now()
		f := accept()
		time.Sleep(time.Second)
		is("one that does not say hello yet", Prospects{Untried: true, News: named})
		f.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{Client: "clueless", Metadata: 3})...)
		joined := time.Now()
		time.Sleep(time.Second)
		p := s.Prospects()
		if late := p.News.Sub(joined); late < 0 || late > 10*time.Millisecond {
			t.Errorf("it joined at %v, news at %v", joined, p.News)
		}
		is("one that has not the metadata", Prospects{Peers: 1, News: p.News})
		f = w.call(tor)
		f.id[19] = 'm'
		f.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{Metadata: 3, MetadataSize: 1000})...)
		time.Sleep(time.Second)
		if p = s.Prospects(); p.Peers != 2 || p.Untried {
			t.Errorf("one that has: %+v", p)
		}
	})
}

// TestContentComesInParts: bytes of a block are seen long before it is whole.
func TestContentComesInParts(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(tor.Info))
		s.SetWanted(true)
		f := w.call(tor)
		f.greet(wire.AppendSimple(wire.AppendSimple(nil, wire.HaveAll), wire.Unchoke)...)
		for i := range 3 {
			b := metainfo.Block(wire.ParseBlock(f.expect(wire.Request)))
			at := tor.Info.PieceOffset(int(b.Piece)) + int64(b.Begin)
			block := data[at : at+int64(b.Length)]
			f.write(wire.AppendPieceHeader(nil, wire.Block(b)))
			for n := 0; n < len(block); n += 1000 {
				f.write(block[n:min(n+1000, len(block))])
				time.Sleep(time.Second)
				want := int64(i*metainfo.BlockLen + n + 1000)
				if n+1000 >= len(block) {
					want = int64((i + 1) * metainfo.BlockLen)
				}
				// What came in parts of the block before still counts: all that matters is
				// that it grows.
				if got := s.Prospects().Content; got < want || got > want+metainfo.BlockLen {
					t.Fatalf("%d bytes of block %d: %d, want %d", n+1000, i, got, want)
				}
			}
		}
	})
}

// TestMetadataComesInParts: so are bytes of the metadata, and who owes it is known.
func TestMetadataComesInParts(t *testing.T) {
	tor, _ := content(t, 64<<20, 16<<10)
	raw := tor.Info.Raw() // some 80 kB, six parts
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(nil))
		s.SetWanted(true)
		f := w.call(tor)
		f.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{Metadata: 33, MetadataSize: int64(len(raw))})...)
		last := int64(0)
		for part := range 2 {
			f.extended(33)
			m := wire.AppendMetadata(nil, wire.ExtMetadata, wire.MetadataMessage{Type: wire.MetadataData, Part: part, Total: int64(len(raw)),
				Data: raw[part*wire.MetadataPart : (part+1)*wire.MetadataPart]})
			for n := 0; n < len(m); n += 1000 {
				f.write(m[n:min(n+1000, len(m))])
				time.Sleep(time.Second)
				p := s.Prospects()
				if p.Content == last || p.Owing != 1 {
					t.Fatalf("%d bytes of part %d: %+v, %d before", n+1000, part, p, last)
				}
				last = p.Content
			}
		}
		for part := 2; part*wire.MetadataPart < len(raw); part++ {
			f.write(wire.AppendMetadata(nil, wire.ExtMetadata, wire.MetadataMessage{Type: wire.MetadataReject, Part: part}))
		}
		time.Sleep(time.Second)
		if p := s.Prospects(); p.Owing != 0 || p.Content != last {
			t.Errorf("rejected: %+v", p)
		}
	})
}
