package fetch

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
)

// hastily asks for the metadata with 25 s of patience, as the gateway does, and returns
// how long that took.
func (s *sim) hastily(h Hints) (*UnavailableError, time.Duration) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	h.FailFast = true
	begun := time.Now()
	_, err := s.gate.session.Info(ctx, s.hash(), h)
	var e *UnavailableError
	if err != nil && !errors.As(err, &e) {
		s.t.Fatal(err)
	}
	return e, time.Since(begun)
}

// within fails the test where a time is not what it should be, but for a look.
func within(t *testing.T, what string, took, want time.Duration) {
	t.Helper()
	if took < want || took > want+noSourcesLook {
		t.Errorf("%s after %v, not %v", what, took, want)
	}
}

// Who waits is told when nobody is left to ask; who comes after at once, until it is
// time to ask again; a hint is tried.
func TestForsaken(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		e, took := s.hastily(Hints{})
		if e == nil || !e.NoSources || e.Stage != StageMetadata {
			t.Fatalf("%+v", e)
		}
		within(t, "without a peer", took, noSourcesTime)
		if e, took := s.hastily(Hints{}); e == nil || took != 0 {
			t.Errorf("asked again: %v after %v", e, took)
		}
		dead := s.net.Host(simnet.HostConfig{}).AddrPort(1).String()
		_, took = s.hastily(Hints{Peers: []string{dead}})
		within(t, "with a dead peer", took, noSourcesTime)
		if e, took := s.hastily(Hints{}); e == nil || took != 0 || e.Status.Swarm.Known != 1 {
			t.Errorf("asked again: %v after %v", e, took)
		}
		time.Sleep(noSourcesLife)
		_, took = s.hastily(Hints{})
		within(t, "when it is time", took, noSourcesTime)
		n := s.node(simnet.HostConfig{})
		if _, err := n.session.Add(t.Context(), s.torrent); err != nil {
			t.Fatal(err)
		}
		if e, took := s.hastily(Hints{Peers: []string{n.addr.String()}}); e != nil || took > time.Second {
			t.Errorf("with a hint that is right: %v after %v", e, took)
		}
	})
}

// A peer that comes while somebody waits is not too late, and who is not in haste
// waits for all of the time.
func TestNotForsaken(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		n := s.node(simnet.HostConfig{})
		if _, err := n.session.Add(t.Context(), s.torrent); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(noSourcesTime-100*ms, func() {
			if x, err := s.gate.session.torrent(context.Background(), s.hash(), Hints{Peers: []string{n.addr.String()}}); err == nil {
				x.unhold()
			}
		})
		if e, took := s.hastily(Hints{}); e != nil || took > noSourcesTime+time.Second {
			t.Errorf("%v after %v", e, took)
		}
	})
	session(t, func(t *testing.T, s *sim) {
		ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
		defer cancel()
		begun := time.Now()
		var e *UnavailableError
		if _, err := s.gate.session.Info(ctx, s.hash(), Hints{}); !errors.As(err, &e) || e.NoSources || time.Since(begun) != 25*time.Second {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}

// A swarm of liars is known for one when the last of them is banned: nobody is waited
// for then. One whose peers are gone is waited for a little.
func TestForsakenByPeers(t *testing.T) {
	for _, lie := range []bool{true, false} {
		session(t, func(t *testing.T, s *sim) {
			s.know()
			for range 4 {
				b := simnet.Libtorrent()
				if lie {
					b.Lie = simnet.LieEveryBlock
				}
				x := s.script(simRate, b)
				if !lie {
					x.Close()
				}
			}
			h := s.hints()
			h.FailFast = true
			c, err := s.gate.session.Open(context.Background(), s.hash(), h, &s.torrent.Info.Files[0], 0, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
			defer cancel()
			begun := time.Now()
			err = c.Wait(ctx)
			took := time.Since(begun)
			var e *UnavailableError
			if !errors.As(err, &e) || !e.NoSources || e.Bad != lie || e.Stage != StagePeers {
				t.Fatalf("lie %v: %v after %v", lie, err, took)
			}
			t.Logf("lie %v: after %v", lie, took)
			if lie && took > 5*time.Second {
				t.Errorf("liars are known after %v", took)
			} else if !lie {
				within(t, "without its peers", took, noSourcesTime)
			}
		})
	}
}

// A body that has begun waits for its peer to come back.
func TestBegunIsPatient(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.part(simRate, []int{0}, simnet.Libtorrent())
		s.know()
		h := s.hints()
		h.FailFast = true
		c, err := s.gate.session.Open(context.Background(), s.hash(), h, &s.torrent.Info.Files[0], 0, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.WriteNext(io.Discard); err != nil {
			t.Fatal(err)
		}
		s.scripts[0].Close()
		ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
		defer cancel()
		begun := time.Now()
		var e *UnavailableError
		if err := c.Wait(ctx); !errors.As(err, &e) || e.NoSources || time.Since(begun) != 25*time.Second {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}
