package fetch

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// A twinSim is a hybrid torrent whose peers know one of its infohashes each.
type twinSim struct {
	*sim
	v1, v2 metainfo.InfoHash
}

func newTwinSim(t *testing.T) *twinSim {
	s := newSimOf(t, metainfo.Hybrid, simnet.Ideal, simRTT, 256<<10, 1<<20)
	hashes := s.torrent.Info.Hashes()
	return &twinSim{s, hashes[0], hashes[1]}
}

// only starts a seed that knows the torrent by one infohash alone, and returns its address.
func (s *twinSim) only(ih metainfo.InfoHash) string {
	info := s.torrent.Info
	seed, err := simnet.NewSeed(s.net.Host(simnet.HostConfig{}), simnet.SeedConfig{
		InfoHash: ih.Wire(), Info: info.Raw(), Size: info.Size(), PieceLength: int(info.PieceLength),
		Content: bytes.NewReader(s.content), Behaviour: simnet.Libtorrent(),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(seed.Close)
	return seed.Addr()
}

// wantAll reads all of the torrent by one of its infohashes.
func (s *twinSim) wantAll(ih metainfo.InfoHash, h Hints) {
	s.t.Helper()
	c, err := s.gate.session.Open(context.Background(), ih, h, &s.torrent.Info.Files[0], 0, 1<<20)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	s.read(c, 0, 1<<20)
}

// wantOne checks that the torrent is one, by both its infohashes.
func (s *twinSim) wantOne() {
	s.t.Helper()
	if n := len(s.gate.session.List()); n != 1 {
		s.t.Errorf("%d torrents", n)
	}
	for _, ih := range []metainfo.InfoHash{s.v1, s.v2} {
		if st, ok := s.gate.session.Status(ih); !ok || !st.HaveInfo {
			s.t.Errorf("%v: %v, with metadata %v", ih, ok, st.HaveInfo)
		}
	}
}

// A link with both infohashes finds the peers of either, and it is one torrent.
func TestTwin(t *testing.T) {
	for name, knows := range map[string]func(*twinSim) metainfo.InfoHash{
		"peers know the other infohash": func(s *twinSim) metainfo.InfoHash { return s.v2 },
		"peers know this infohash":      func(s *twinSim) metainfo.InfoHash { return s.v1 },
	} {
		for _, reversed := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				bubble.Test(t, func(t *testing.T) {
					s := newTwinSim(t)
					h := Hints{Peers: []string{s.only(knows(s))}, Twin: s.v2, FailFast: true, Client: clientOf(1)}
					asked := s.v1
					if reversed {
						asked, h.Twin = s.v2, s.v1
					}
					ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
					defer cancel()
					begun := time.Now()
					info, err := s.gate.session.Info(ctx, asked, h)
					if err != nil || !slices.Equal(info.Hashes(), s.torrent.Info.Hashes()) {
						t.Fatal(err)
					}
					if took := time.Since(begun); took > 8*simRTT {
						t.Errorf("it took %v", took)
					}
					s.wantOne()
					s.wantAll(asked, h)
					s.wantAll(h.Twin, Hints{})
					s.wantOne()
				})
			})
		}
	}
}

// A hint is a hint: what the other infohash leads to is another torrent's, and is never taken
// for this one's.
func TestTwinOfAnother(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newTwinSim(t)
		stranger := make1(t, metainfo.MakeOptions{Version: metainfo.Hybrid})
		other := stranger.Info.Hashes()[1]
		seed, err := simnet.NewSeed(s.net.Host(simnet.HostConfig{}), simnet.SeedConfig{
			InfoHash: other.Wire(), Info: stranger.Info.Raw(), Size: stranger.Info.Size(), PieceLength: int(stranger.Info.PieceLength),
			Content: bytes.NewReader(bytes.Repeat([]byte("btgw"), 10_000)), Behaviour: simnet.Libtorrent(),
		})
		if err != nil {
			t.Fatal(err)
		}
		defer seed.Close()
		h := Hints{Peers: []string{seed.Addr()}, Twin: other, FailFast: true}
		ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
		defer cancel()
		var unavailable *UnavailableError
		if _, err := s.gate.session.Info(ctx, s.v1, h); !errors.As(err, &unavailable) || !unavailable.NoSources {
			t.Fatal(err)
		}
		if st := s.gate.host.Stats(); st.Banned > 0 {
			t.Errorf("%d peers are banned for a link that was wrong", st.Banned)
		}
		h.Peers = append(h.Peers, s.only(s.v1))
		info, err := s.gate.session.Info(ctx, s.v1, h)
		if err != nil || info.ID() != s.v1 {
			t.Fatal(err)
		}
		s.wantAll(s.v1, h)
		if info, err := s.gate.session.Info(ctx, other, Hints{}); err != nil || info.ID() != stranger.Info.ID() {
			t.Errorf("the other torrent: %v", err)
		}
	})
}

// What is of no use as another infohash is not looked for.
func TestTwinNotSought(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newTwinSim(t)
		s.gate.session.Deny(func(ih metainfo.InfoHash) bool { return ih == s.v2 })
		other := metainfo.NewV1([20]byte{1})
		for _, twin := range []metainfo.InfoHash{s.v2, other, s.v1, {}} {
			ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
			_, err := s.gate.session.Info(ctx, s.v1, Hints{Twin: twin, FailFast: true})
			cancel()
			var unavailable *UnavailableError
			if !errors.As(err, &unavailable) || !unavailable.NoSources {
				t.Errorf("%v: %v", twin, err)
			}
			if n := len(s.gate.session.List()); n != 1 {
				t.Errorf("%v: %d torrents", twin, n)
			}
		}
	})
}

// Where nobody has either, who waits is told as soon as without the second.
func TestTwinInVain(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newTwinSim(t)
		for range 2 { // the second time at once
			begun := time.Now()
			ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
			_, err := s.gate.session.Info(ctx, s.v1, Hints{Twin: s.v2, FailFast: true})
			cancel()
			var unavailable *UnavailableError
			if !errors.As(err, &unavailable) || !unavailable.NoSources {
				t.Fatal(err)
			}
			if took := time.Since(begun); took > noSourcesTime+2*time.Second {
				t.Errorf("it took %v", took)
			}
		}
	})
}

// Who looks for either infohash by itself gets the torrent, whoever finds its metadata.
func TestSearchesByBothInfohashes(t *testing.T) {
	for name, find := range map[string]func(s *twinSim) error{
		"the one by v1 finds it": func(s *twinSim) error {
			_, err := s.gate.session.Info(context.Background(), s.v1, Hints{Peers: []string{s.only(s.v1)}})
			return err
		},
		"the one by v2 finds it": func(s *twinSim) error {
			_, err := s.gate.session.Info(context.Background(), s.v2, Hints{Peers: []string{s.only(s.v2)}})
			return err
		},
		"both do": func(s *twinSim) error {
			_, err := s.gate.session.Info(context.Background(), s.v2, Hints{Peers: []string{s.only(s.v1), s.only(s.v2)}, Twin: s.v1})
			return err
		},
		"the .torrent comes": func(s *twinSim) error {
			_, err := s.gate.session.Add(context.Background(), s.torrent)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := newTwinSim(t)
				waits := make(chan error)
				for _, ih := range []metainfo.InfoHash{s.v1, s.v2} {
					go func() {
						ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
						defer cancel()
						info, err := s.gate.session.Info(ctx, ih, Hints{})
						if err == nil && info.ID() != s.v1 {
							err = errors.New("another torrent")
						}
						waits <- err
					}()
				}
				synctest.Wait()
				if err := find(s); err != nil {
					t.Error(err)
				}
				for range 2 {
					if err := <-waits; err != nil {
						t.Error(err)
					}
				}
				h := Hints{Peers: []string{s.only(s.v1), s.only(s.v2)}}
				s.wantAll(s.v1, h)
				s.wantAll(s.v2, h)
				time.Sleep(closeTime) // what joined the other ends
				s.wantOne()
			})
		})
	}
}
