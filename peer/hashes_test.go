package peer

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// hashing is a swarm of a v2 torrent of 64 pieces that has everything, and a peer.
func hashing(t *testing.T, test func(tree *metainfo.LayerTree, st *store, s *Swarm, f *fake)) {
	t.Helper()
	tor, data := content(t, 1<<20-5, 16<<10, func(o *metainfo.MakeOptions) { o.Version = metainfo.V2 })
	root := tor.Info.PiecesRoot(&tor.Info.Files[0])
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		st := seed(tor.Info, data)
		tree := tor.Info.FullLayerTree(root, tor.Layers[root])
		s, err := w.host.NewSwarm(SwarmConfig{Hashes: tor.Info.Hashes(), Info: tor.Info, Demand: st, Supply: st, ServeHashes: tree.Append})
		if err != nil {
			t.Fatal(err)
		}
		f := w.call(tor)
		f.greet()
		f.expect(wire.Unchoke)
		test(tree, st, s, f)
	})
}

func hashMessage(id wire.ID, r metainfo.HashRange, hashes []byte) []byte {
	b := append(wire.AppendHashRange(nil, id, wire.HashRange(r)), hashes...)
	wire.EndHashes(b)
	return b
}

func hashRequest(r metainfo.HashRange) []byte { return hashMessage(wire.HashRequest, r, nil) }

func TestHashesAreServed(t *testing.T) {
	hashing(t, func(tree *metainfo.LayerTree, st *store, s *Swarm, f *fake) {
		for _, r := range []metainfo.HashRange{tree.Request(0), {Root: tree.Request(0).Root, Index: 4, Length: 4, Proof: 5}} {
			f.write(hashRequest(r))
			got, hashes := wire.ParseHashes(f.expect(wire.Hashes))
			want, ok := tree.Append(nil, r)
			if metainfo.HashRange(got) != r || !ok || !bytes.Equal(hashes, want) {
				t.Errorf("%+v was answered by %d bytes for %+v", r, len(hashes), got)
			}
		}
	})
}

// A peer that asks for the same again as soon as it is rejected, as libtorrent does, is
// answered once a second.
func TestHashRejectsTakeTheirTime(t *testing.T) {
	hashing(t, func(tree *metainfo.LayerTree, st *store, s *Swarm, f *fake) {
		r := metainfo.HashRange{Root: [32]byte{1}, Length: 2}
		start := time.Now()
		for i := range 4 {
			f.write(hashRequest(r))
			if got := wire.ParseHashRange(f.expect(wire.HashReject)); metainfo.HashRange(got) != r {
				t.Errorf("a reject of %+v", got)
			}
			if d, want := time.Since(start), time.Duration(i)*rejectPause+10*time.Millisecond; d < want || d > want+20*time.Millisecond {
				t.Errorf("reject %d after %v, want %v", i, d, want)
			}
		}
	})
}

// A peer gets so many hashes a second, and what is more than it may have waiting is
// rejected.
func TestHashesAreRationed(t *testing.T) {
	hashing(t, func(tree *metainfo.LayerTree, st *store, s *Swarm, f *fake) {
		const asks = 8 * maxHashQueue
		start := time.Now()
		var flood []byte
		for range asks {
			flood = append(flood, hashRequest(tree.Request(0))...)
		}
		f.write(flood)
		served, rejected := 0, 0
		for served+rejected < asks {
			m, err := f.next()
			if err != nil {
				t.Fatal(err)
			}
			switch m.id {
			case wire.Hashes:
				served++
			case wire.HashReject:
				rejected++
			}
		}
		// All hashes of the torrent are one answer.
		if most := (hashesServed + hashesMore) * (1 + time.Since(start).Minutes()); float64(served) > most+1 || served < hashesServed+hashesMore {
			t.Errorf("%d answers in %v, %d rejected", served, time.Since(start), rejected)
		}
		synctest.Wait()
		if c := one(t, s); c.cause() != nil {
			t.Errorf("the connection ended: %v", c.cause())
		}
	})
}

// Only answers to what was asked are taken, each once.
func TestAskHashes(t *testing.T) {
	hashing(t, func(tree *metainfo.LayerTree, st *store, s *Swarm, f *fake) {
		synctest.Wait()
		c, l := one(t, s), st.link(t)
		answers := func() (all []*HashAnswer) {
			f.quiet(100 * time.Millisecond)
			st.mu.Lock()
			defer st.mu.Unlock()
			for _, e := range l.events {
				if e.Kind == Hashed {
					all = append(all, e.Hashes)
				}
			}
			return all
		}
		r := tree.Request(0)
		long := bytes.Repeat([]byte{7}, wire.MaxHashes*32)
		f.write(bytes.Repeat(hashMessage(wire.Hashes, r, long), 50)) // unasked, and too long for the buffer
		if got := answers(); len(got) != 0 {
			t.Fatalf("%d answers before anything was asked", len(got))
		}
		for i := range MaxHashAsks {
			r.Index = uint32(i)
			if !c.AskHashes(r) {
				t.Fatalf("ask %d was refused", i)
			}
		}
		if c.AskHashes(r) {
			t.Error("more was asked than may be")
		}
		if got := wire.ParseHashRange(f.expect(wire.HashRequest)); got.Root != r.Root || got.Index != 0 || got.Length != r.Length || got.Proof != r.Proof {
			t.Errorf("asked for %+v", got)
		}
		r.Index = 1
		f.write(bytes.Repeat(hashMessage(wire.Hashes, r, long), 3))
		r.Index = 2
		f.write(hashMessage(wire.HashReject, r, nil))
		r.Index = 99
		f.write(hashMessage(wire.Hashes, r, long[:32]))
		got := answers()
		if len(got) != 2 || got[0].Range.Index != 1 || !bytes.Equal(got[0].Hashes, long) || got[1].Range.Index != 2 || got[1].Hashes != nil {
			t.Fatalf("%d answers", len(got))
		}
		r.Index = 5
		if !c.AskHashes(r) {
			t.Error("there is room for one more")
		}
		if c.cause() != nil {
			t.Errorf("the connection ended: %v", c.cause())
		}
	})
}

// Hashes are a matter of v2.
func TestNoHashesOfV1(t *testing.T) {
	seeding(t, HostConfig{}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.expect(wire.Unchoke)
		if one(t, s).AskHashes(metainfo.HashRange{Length: 2}) {
			t.Error("a v1 peer was asked for hashes")
		}
	})
}

// TestUploadBeyondAFile: libtorrent's requests for the last block of a v2 file run into the
// gap behind it.
func TestUploadBeyondAFile(t *testing.T) {
	hashing(t, func(tree *metainfo.LayerTree, st *store, s *Swarm, f *fake) {
		b := metainfo.Block{Piece: 63, Length: 16 << 10}
		f.write(request(b))
		got := f.expect(wire.Piece)[8:]
		want := append(bytes.Clone(st.data[63<<14:1<<20-5]), make([]byte, 5)...)
		if !bytes.Equal(got, want) {
			t.Error("it is not the piece, and zeros")
		}
		f.write(request(metainfo.Block{Piece: 63, Begin: 1<<14 - 5, Length: 5}))
		f.expectBlock(wire.Reject, metainfo.Block{Piece: 63, Begin: 1<<14 - 5, Length: 5})
	})
}
