package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// session plays fn with a gateway alone in a network, in virtual time.
func session(t *testing.T, fn func(t *testing.T, s *sim)) {
	t.Helper()
	bubble.Test(t, func(t *testing.T) {
		fn(t, newSim(t, simnet.Ideal, simRTT, 256<<10, 1<<20))
	})
}

func make1(t *testing.T, opts metainfo.MakeOptions) *metainfo.Torrent {
	t.Helper()
	opts.FS = fstest.MapFS{"a.bin": {Data: bytes.Repeat([]byte("btgw"), 10_000)}}
	opts.Root = "a.bin"
	mt, err := metainfo.Make(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return mt
}

func TestHybridIsOneTorrentByBothItsHashes(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		mt := make1(t, metainfo.MakeOptions{Version: metainfo.Hybrid})
		if _, err := s.gate.session.Add(t.Context(), mt); err != nil {
			t.Fatal(err)
		}
		for _, ih := range mt.Info.Hashes() {
			info, err := s.gate.session.Info(context.Background(), ih, Hints{})
			if err != nil || info.Name != "a.bin" {
				t.Errorf("%v: %v", ih, err)
			}
		}
		if n := len(s.gate.session.List()); n != 1 {
			t.Errorf("%d torrents", n)
		}
	})
}

func TestRemovedTorrentIsGone(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.seed(simRate, false)
		c := s.open(0, 1<<20)
		s.read(c, 0, 1<<20)
		// A reader is in the way, and is cut off.
		if err := s.gate.session.Remove(t.Context(), s.hash()); err != nil {
			t.Fatal(err)
		}
		c.Close()
		if err := s.gate.session.Remove(t.Context(), s.hash()); !errors.Is(err, ErrUnknown) {
			t.Errorf("removed twice: %v", err)
		}
		if _, ok := s.gate.session.Status(s.hash()); ok {
			t.Error("it still has a status")
		}
		if _, ok := s.gate.store.Metainfo(s.hash()); ok {
			t.Error("its metainfo is still there")
		}
		c = s.open(0, 1<<20)
		defer c.Close()
		s.read(c, 0, 1<<20)
		if st, _ := s.gate.session.Status(s.hash()); st.Downloaded < 1<<20 {
			t.Errorf("%d bytes were fetched again: the cache had kept the rest", st.Downloaded)
		}
	})
}

// A tracker that does not answer what has stopped holds up a torrent's end, but nobody who has left.
func TestWhoLeavesDoesNotWaitForTheEnd(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.torrent.Trackers = [][]string{{s.silentTracker()}}
		gate := s.gate.session
		if _, err := gate.Add(t.Context(), s.torrent); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second) // the tracker has heard of it
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := gate.Remove(ctx, s.hash()); !errors.Is(err, ErrBusy) || time.Since(begun) != time.Second {
			t.Errorf("removed: %v after %v", err, time.Since(begun))
		}
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := gate.Add(ctx, s.torrent); !errors.Is(err, context.Canceled) || time.Since(begun) != 2*time.Second {
			t.Errorf("added while it ends: %v after %v", err, time.Since(begun))
		}
		if err := gate.Remove(t.Context(), s.hash()); err != nil || time.Since(begun) != closeTime {
			t.Errorf("removed once more: %v after %v", err, time.Since(begun))
		}
		if _, ok := s.gate.store.Metainfo(s.hash()); ok {
			t.Error("its metainfo is still there")
		}
	})
}

// silentTracker is a tracker that has no peers, and does not answer who stops.
func (s *sim) silentTracker() string {
	base, _ := s.site(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("event") == "stopped" {
			<-r.Context().Done()
		}
		_, _ = io.WriteString(w, "d8:intervali1800e5:peers0:e")
	})
	return base + "/announce"
}

// What the cache gave up long ago does not stay known for ever.
func TestKeptTorrentsAreBounded(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		x := s.gate.session
		for i := range 10 * MaxTorrents {
			x.kept[[20]byte{byte(i), byte(i >> 8)}] = metainfo.InfoHash{}
		}
		s.seed(simRate, false)
		c := s.open(0, 1<<20)
		defer c.Close()
		s.read(c, 0, 1<<20)
		x.mu.Lock()
		defer x.mu.Unlock()
		if len(x.kept) != 1 || x.kept[s.hash().Wire()] != s.hash() {
			t.Errorf("%d torrents are known, not the one that there is", len(x.kept))
		}
	})
}

func TestPrivateTorrentIsNotTakenFromASwarm(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		mt := make1(t, metainfo.MakeOptions{Version: metainfo.V1, Private: true})
		// Ours keep the metadata of a private torrent to themselves.
		seeder, err := simnet.NewSeed(s.net.Host(simnet.HostConfig{}), simnet.SeedConfig{
			InfoHash: mt.Info.ID().Wire(), Info: mt.Info.Raw(), Size: mt.Info.Size(), PieceLength: int(mt.Info.PieceLength),
			Content: bytes.NewReader(bytes.Repeat([]byte("btgw"), 10_000)), Behaviour: simnet.Libtorrent(),
		})
		if err != nil {
			t.Fatal(err)
		}
		defer seeder.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, err = s.gate.session.Info(ctx, mt.Info.ID(), Hints{Peers: []string{seeder.Addr()}})
		if !errors.Is(err, ErrPrivate) {
			t.Errorf("%v", err)
		}
		if _, err := s.gate.session.Open(context.Background(), mt.Info.ID(), Hints{}, &mt.Info.Files[0], 0, 1); !errors.Is(err, ErrPrivate) {
			t.Errorf("%v", err)
		}
	})
}

func TestTorrentV2ByItsPieceLayers(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.torrent = make1(t, metainfo.MakeOptions{Version: metainfo.V2, PieceLength: 16 << 10})
		s.content = bytes.Repeat([]byte("btgw"), 10_000)
		s.seed(simRate, false)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		// Without them no piece can be verified, but much is known.
		if info, err := s.gate.session.Info(ctx, s.hash(), Hints{Peers: s.hints().Peers}); err != nil || info.Size() != 40_000 {
			t.Errorf("%v", err)
		}
		if layers, ok := s.gate.session.Layers(s.hash()); len(layers) > 0 || !ok {
			t.Errorf("%d layers, %v", len(layers), ok)
		}
		s.know() // an upload has them
		if layers, ok := s.gate.session.Layers(s.hash()); len(layers) != 1 || !ok {
			t.Errorf("%d layers, %v, after an upload", len(layers), ok)
		}
		c := s.open(5, 39_990)
		defer c.Close()
		s.read(c, 5, 39_990)
	})
}

func TestOpenRefusesWhatIsNotThere(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		f := &s.torrent.Info.Files[0]
		if _, err := s.gate.session.Open(context.Background(), s.hash(), Hints{}, f, 0, 1); !errors.Is(err, ErrUnknown) {
			t.Errorf("without metadata: %v", err)
		}
		s.know()
		for _, r := range [][2]int64{{-1, 1}, {0, 0}, {0, -1}, {1 << 20, 1}, {0, 1<<20 + 1}, {1, 1<<63 - 1}} {
			if c, err := s.gate.session.Open(context.Background(), s.hash(), Hints{}, f, r[0], r[1]); err == nil {
				c.Close()
				t.Errorf("%d bytes at %d were opened", r[1], r[0])
			}
		}
	})
}

func TestClosedContentAndSession(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.know()
		c := s.open(0, 1000)
		waited := make(chan error, 1)
		go func() { waited <- c.Wait(context.Background()) }()
		synctest.Wait()
		c.Close()
		c.Close()
		if err := <-waited; !errors.Is(err, ErrClosed) {
			t.Errorf("a wait ended with %v", err)
		}
		if _, err := c.WriteNext(io.Discard); err == nil {
			t.Error("a closed content writes")
		}

		c = s.open(0, 1000)
		defer c.Close()
		go func() { waited <- c.Wait(context.Background()) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.gate.session.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := <-waited; !errors.Is(err, ErrClosed) {
			t.Errorf("a wait ended with %v", err)
		}
		if _, err := s.gate.session.Info(ctx, s.hash(), Hints{}); !errors.Is(err, ErrClosed) && err != nil {
			t.Errorf("%v", err)
		}
	})
}

func TestCancelledWaitIsNotUnavailable(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		ctx, cancel := context.WithCancel(context.Background())
		go func() { time.Sleep(time.Second); cancel() }()
		if _, err := s.gate.session.Info(ctx, s.hash(), Hints{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

func TestUnusedSwarmCools(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.seed(simRate, false)
		c := s.open(0, 1<<20)
		s.first(c, time.Now())
		c.Close()
		tor := inUse(s.gate.session, s.hash())
		time.Sleep(warmFor - time.Second)
		if !tor.isWarm() {
			t.Error("cold while it should be kept warm")
		}
		time.Sleep(time.Second + 2*reapEvery)
		if tor.isWarm() {
			t.Error("still dialled")
		}
		time.Sleep(closeAfter + reapEvery)
		if _, ok := s.gate.session.Status(s.hash()); ok {
			t.Error("not ended after nobody read it for long")
		}
		c = s.open(0, 1<<20) // and back it is
		defer c.Close()
		s.read(c, 0, 1<<20)
	})
}

func (t *Torrent) isWarm() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.warm
}
