package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
)

// large makes the metadata of a torrent of many files, about 200 KiB of it.
func large(t *testing.T, n int) *metainfo.Torrent {
	t.Helper()
	raw := []byte("d5:filesl")
	for i := range 4000 {
		raw = fmt.Appendf(raw, "d6:lengthi1e4:pathl11:%05d-%05dee", n%100_000, i)
	}
	raw = fmt.Appendf(raw, "e4:name4:%04d12:piece lengthi16384e6:pieces20:%020de", n, 0)
	info, err := metainfo.ParseInfo(raw)
	if err != nil {
		t.Fatal(err)
	}
	return &metainfo.Torrent{Info: info}
}

// bring has a client's torrent taken into memory, and let go of unless it is to be held.
func bring(t *testing.T, s *Session, n int, client netip.Prefix) (*holding, error) {
	t.Helper()
	h, err := s.holdingOf(t.Context(), large(t, n), asker{client: client})
	if limit := s.torrentLimit(); s.torrentBytes.Load() > limit {
		t.Fatalf("%d bytes of torrents, at most %d", s.torrentBytes.Load(), limit)
	}
	return h, err
}

// Torrents are bounded in bytes, what was used the longest ago goes first, and a client's
// newcomers push out its own once it has more than its share.
func TestTorrentsAreBoundedInBytes(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		one := sizeOf(large(t, 0))
		gate.budget = 2 * 10 * one // ten torrents
		mine, yours := clientOf(1), clientOf(2)
		for n := range 4 {
			h, err := bring(t, gate, n, yours)
			if err != nil {
				t.Fatal(err)
			}
			h.release()
		}
		for n := range 50 {
			h, err := bring(t, gate, 100+n, mine)
			if err != nil {
				t.Fatal(err)
			}
			h.release()
		}
		for n := range 4 {
			if h := gate.lookHolding(large(t, n).Info.ID(), yours); h == nil {
				t.Errorf("torrent %d of another client was pushed out", n)
			} else {
				h.release()
			}
		}
		if h := gate.lookHolding(large(t, 149).Info.ID(), mine); h == nil {
			t.Error("the newest is not there")
		} else {
			h.release()
		}
		if h := gate.lookHolding(large(t, 100).Info.ID(), mine); h != nil {
			t.Error("the one that was used the longest ago is there")
			h.release()
		}

		// What is in use stays, and then there is no room.
		var held []*holding
		var err error
		for n := 200; err == nil; n++ {
			var h *holding
			if h, err = bring(t, gate, n, mine); err == nil {
				held = append(held, h)
			}
		}
		if !errors.Is(err, ErrBusy) || gate.Load().RefusedMemory == 0 {
			t.Errorf("%v", err)
		}
		if n := len(held); n < 4 || n > 6 {
			t.Errorf("one client has %d torrents in use of ten", n)
		}
		h, err := bring(t, gate, 300, yours)
		if err != nil {
			t.Errorf("another client: %v", err)
		} else {
			h.release()
		}
		for _, h := range held {
			h.release()
		}
	})
}

// What is counted for torrents is what the heap grows by.
func TestTorrentBytesAreTrue(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		heap := func() int64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.GC()
			runtime.ReadMemStats(&m)
			return int64(m.HeapAlloc)
		}
		before := heap()
		for n := range 40 {
			if _, err := gate.Add(t.Context(), large(t, n)); err != nil {
				t.Fatal(err)
			}
		}
		gate.recount()
		grown, counted := heap()-before, gate.torrentBytes.Load()
		if counted < grown*2/3 || counted > grown*3/2 {
			t.Errorf("%d bytes counted for 40 torrents in use, the heap grew by %d", counted, grown)
		}
		t.Logf("%d bytes counted, the heap grew by %d", counted, grown)
	})
}

// The addresses of a torrent's peers count as its memory, before its metadata is known and after,
// and make what nobody uses go.
func TestAddressesAreCounted(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		hints := func(n int) (h Hints) {
			for i := range 60 {
				h.Peers = append(h.Peers, fmt.Sprintf("60.%d.%d.1:1", n, i))
			}
			return h
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		const size = 10 * 60 * book.EntrySize
		for n := range 10 {
			sought, cancel := context.WithCancel(ctx)
			cancel()
			_, _ = gate.Info(sought, metainfo.NewV1([20]byte{1}), hints(n)) // nobody has it
		}
		gate.recount()
		if n := gate.torrentBytes.Load(); n != size {
			t.Errorf("%d bytes for a torrent that is looked for, want %d", n, size)
		}
		for i := range 2 {
			if _, err := gate.Add(t.Context(), large(t, i)); err != nil {
				t.Fatal(err)
			}
		}
		used, err := gate.torrent(ctx, large(t, 0).Info.ID(), hints(0))
		if err != nil {
			t.Fatal(err)
		}
		before := gate.torrentBytes.Load()
		for n := range 10 {
			used.hint(hints(n))
		}
		gate.recount()
		if grown := gate.torrentBytes.Load() - before; grown < size || grown > 2*size {
			t.Errorf("%d bytes for the addresses of a torrent in use, want %d", grown, size)
		}
		gate.budget = 2 * (gate.torrentBytes.Load() - 1)
		gate.recount()
		time.Sleep(2 * closeTime) // what makes way ends
		if h := gate.lookHolding(large(t, 1).Info.ID(), netip.Prefix{}); h != nil {
			t.Error("what nobody uses stays, though addresses take its memory")
			h.release()
		}
		if n := gate.torrentBytes.Load(); n > gate.torrentLimit() {
			t.Errorf("%d bytes, at most %d", n, gate.torrentLimit())
		}
		used.unhold()
		time.Sleep(3 * closeAfter)
		if n := gate.torrentBytes.Load(); n != 0 {
			t.Errorf("%d bytes are counted long after", n)
		}
	})
}

// Metadata on its way is bounded in all torrents together; a client that gathers no more than
// its part goes on where others have taken theirs.
func TestGatheredMetadataIsBounded(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		gate.budget = minMemory
		limit := gate.gatherLimit()
		var all []*Torrent
		kept := int64(0)
		for i := range 100 {
			x := &Torrent{client: clientOf(i % 4)}
			all = append(all, x)
			if !gate.gather(x, 1<<20) {
				gate.gather(x, 0) // as the swarm gives the copy up
				continue
			}
			kept += 1 << 20
		}
		if kept < limit-1<<20 || kept > limit+limit/4 || gate.gathered() != kept {
			t.Errorf("%d bytes kept, %d counted, the limit is %d", kept, gate.gathered(), limit)
		}
		honest := &Torrent{client: clientOf(50)}
		if !gate.gather(honest, 1<<20) {
			t.Error("a client that gathers little is refused")
		}
		for _, x := range append(all, honest) {
			gate.gather(x, 0)
		}
		if n := gate.gathered(); n != 0 || len(gate.gathering.by) != 0 || len(gate.gathering.of) != 0 {
			t.Errorf("%d bytes are left", n)
		}
	})
}

// Much metadata is parsed in its client's turn, little at once; who gives up leaves no place
// taken.
func TestParsingTakesTurns(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		gate.work = cpushare.New()
		enter := func(size int64) (func(), error) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return gate.parse(ctx, clientOf(1), size)
		}
		var turns []*cpushare.Turn
		for {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			turn, err := gate.work.Enter(ctx, clientOf(2))
			cancel()
			if err != nil {
				break
			}
			turns = append(turns, turn)
		}
		if _, err := enter(dearMetadata); !errors.Is(err, ErrBusy) {
			t.Errorf("while others have their turns: %v", err)
		}
		if parsed, err := enter(dearMetadata - 1); err != nil {
			t.Errorf("little: %v", err)
		} else {
			parsed()
		}
		for _, turn := range turns {
			turn.Leave()
		}
		for range 2 * maxParsing {
			parsed, err := enter(dearMetadata)
			if err != nil {
				t.Fatal(err)
			}
			parsed()
		}
	})
}
