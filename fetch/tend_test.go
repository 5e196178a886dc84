package fetch

import (
	"context"
	"errors"
	"net/netip"
	"testing"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// An operator sees what the cache has, pins it, has it verified and evicts it. No torrent is begun for any of it, and
// a piece that turned out wrong is fetched again.
func TestTendCache(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := newSim(t, simnet.Ideal, 20*ms, damagedPiece, 4<<20)
		s.gate = s.nodeWith(simnet.HostConfig{}, cache.Config{Dir: dir})
		gate, ctx := s.gate.session, context.Background()
		if err := gate.Pin(s.hash(), true); !errors.Is(err, ErrUnknown) {
			t.Errorf("a torrent of which nothing is known is pinned: %v", err)
		}
		if err := gate.Evict(ctx, s.hash()); !errors.Is(err, ErrUnknown) {
			t.Errorf("it is evicted: %v", err)
		}
		s.seed(simRate, false)
		c := s.open(0, 4<<20)
		s.read(c, 0, 4<<20)
		c.Close()
		h := gate.lookHolding(s.hash(), netip.Prefix{})
		if err := h.stored.Flush(); err != nil {
			t.Fatal(err)
		}
		h.release()

		if err := gate.Pin(s.hash(), true); err != nil {
			t.Fatal(err)
		}
		if got, ok := gate.CachedTorrent(s.hash()); !ok || !got.Pinned || got.PiecesHave != 16 || got.Pieces != 16 || got.DiskBytes < 4<<20 || got.Size != 4<<20 || got.Name == "" {
			t.Errorf("what is cached: %+v", got)
		}
		if all := gate.CachedTorrents(); len(all) != 1 || all[0].Hash != s.hash().String() {
			t.Errorf("the list: %+v", all)
		}
		if err := gate.Evict(ctx, s.hash()); !errors.Is(err, cache.ErrPinned) {
			t.Errorf("what is pinned is evicted: %v", err)
		}
		if got, err := gate.VerifyCached(ctx, s.hash()); err != nil || got != (Checked{Right: 16}) {
			t.Errorf("verified: %+v, %v", got, err)
		}
		rewrite(t, s.dataFiles(dir), func(b []byte) []byte { b[3<<20] ^= 1; return b })
		if got, err := gate.VerifyCached(ctx, s.hash()); err != nil || got != (Checked{Right: 15, Wrong: 1}) {
			t.Errorf("with a damaged piece: %+v, %v", got, err)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if got, err := gate.VerifyCached(ended, s.hash()); !errors.Is(err, context.Canceled) {
			t.Errorf("verified for nobody: %+v, %v", got, err)
		}
		if err := gate.Pin(s.hash(), false); err != nil {
			t.Fatal(err)
		}
		if err := gate.Evict(ctx, s.hash()); err != nil {
			t.Fatal(err)
		}
		if got, ok := gate.CachedTorrent(s.hash()); ok && got.PiecesHave > 0 {
			t.Errorf("left: %+v", got)
		}
		c = s.open(0, 4<<20) // the metadata is here, and the rest comes again
		s.read(c, 0, 4<<20)
		c.Close()
		if err := gate.Pin(s.hash(), true); err != nil {
			t.Fatal(err)
		}
		if err := gate.Remove(t.Context(), s.hash()); err != nil {
			t.Fatal(err)
		}
		if s.gate.store.Pinned(s.hash()) {
			t.Error("a torrent that was removed is pinned")
		}
	})
}
