package fetch

import (
	"context"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// What is here is told from what is not, for a torrent in use and for one that
// only the cache knows, and no torrent is begun for the answer.
func TestCached(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		if _, ok := gate.Known(s.hash()); ok {
			t.Error("known before anybody asked")
		}
		if len(gate.List()) != 0 {
			t.Error("Known began a torrent")
		}
		s.seed(simRate, false)
		c := s.open(0, 1)
		s.read(c, 0, 1)
		c.Close()
		info, ok := gate.Known(s.hash())
		if !ok {
			t.Fatal("not known while in use")
		}
		f := &info.Files[0]
		if held := gate.Cached(s.hash(), f, 0, 1); !held.All || !held.Any || held.Coming {
			t.Errorf("what was read: %+v", held)
		}
		if held := gate.Cached(s.hash(), f, 0, f.Length); held.All || !held.Any {
			t.Errorf("a part of it: %+v", held)
		}
		c = s.open(0, f.Length)
		s.read(c, 0, f.Length)
		c.Close()
		if held := gate.Cached(s.hash(), f, 0, f.Length); !held.All {
			t.Errorf("all of it: %+v", held)
		}

		// The same content as the cache alone has it.
		mt := make1(t, metainfo.MakeOptions{Version: metainfo.V1})
		if err := s.gate.store.PutMetainfo(mt); err != nil {
			t.Fatal(err)
		}
		ih, before := mt.Info.ID(), len(gate.List())
		if info, ok := gate.Known(ih); !ok || info.Name != "a.bin" {
			t.Error("kept metainfo is not known")
		}
		if held := gate.Cached(ih, &mt.Info.Files[0], 0, 10); held.Any || held.All {
			t.Errorf("nothing is held: %+v", held)
		}
		if len(gate.List()) != before {
			t.Error("Cached began a torrent")
		}
		if _, err := gate.Info(context.Background(), ih, Hints{}); err != nil {
			t.Errorf("afterwards it cannot be begun: %v", err)
		}
	})
}

// Two readers of one missing piece: the second one's is on its way.
func TestCachedComing(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.seed(simRate, false)
		c := s.open(0, 4<<10)
		defer c.Close()
		s.read(c, 0, 4<<10)
		next := s.open(700<<10, 4<<10)
		defer next.Close()
		info, _ := s.gate.session.Known(s.hash())
		if held := s.gate.session.Cached(s.hash(), &info.Files[0], 700<<10, 4<<10); held.All || !held.Coming {
			t.Errorf("%+v", held)
		}
		if held := s.gate.session.Cached(s.hash(), &info.Files[0], 0, 1<<20); held.All || !held.Any {
			t.Errorf("%+v", held)
		}
	})
}

// A torrent is not ended under a reader of what the cache has, who needs nobody of
// the swarm.
func TestReaderOfCachedBytesKeepsItsTorrent(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 1<<20)
		s.seed(simRate, false)
		c := s.open(0, 1<<20)
		s.read(c, 0, 1<<20)
		c.Close()
		time.Sleep(closeAfter - time.Minute)
		c = s.open(0, 1<<20)
		s.first(c, time.Now())
		time.Sleep(2 * closeAfter) // a player that was paused
		s.read(c, 0, 1<<20)
		c.Close()
		time.Sleep(closeAfter + 2*reapEvery)
		if all := s.gate.session.List(); len(all) > 0 {
			t.Errorf("%d torrents are in use by nobody", len(all))
		}
	})
}
