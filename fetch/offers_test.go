package fetch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// hungrily reads a piece by infohash and hints alone, in haste and with the patience of
// the gateway: 25 s, and as long as what comes would be there within two minutes.
func (s *sim) hungrily(piece int) (time.Duration, error) {
	s.t.Helper()
	h := s.hints()
	h.FailFast = true
	begun := time.Now()
	info, err := s.gate.session.Info(context.Background(), s.hash(), h)
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := s.gate.session.Open(context.Background(), s.hash(), h, &info.Files[0], info.PieceOffset(piece), int64(info.PieceSize(piece)))
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	for left := 25 * time.Second; ; {
		ctx, cancel := context.WithTimeout(context.Background(), left)
		err := c.Wait(ctx)
		cancel()
		var late *UnavailableError
		if err == nil || !errors.As(err, &late) || late.NoSources {
			if err == nil {
				s.read(c, info.PieceOffset(piece), int64(info.PieceSize(piece)))
			}
			return time.Since(begun), err
		}
		rest, comes := late.Progress.Rest()
		if !comes || rest > 2*time.Minute-time.Since(begun) {
			return time.Since(begun), err
		}
		left = rest
	}
}

// A lone super-seed shows one piece at a time, the wanted one last.
func TestLoneSuperSeed(t *testing.T) {
	b := simnet.Libtorrent()
	b.SuperSeed = true
	for _, c := range []struct {
		name       string
		up         int64
		size       int
		from, most time.Duration
	}{
		{"fast", simRate, 4 << 20, 10 * time.Second, 15 * time.Second},
		{"a piece takes longer than peers without one are waited for", 20_000, 4 << 18, 60 * time.Second, 75 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := newSim(t, simnet.Ideal, 50*ms, 256<<10, c.size)
				x := s.script(c.up, b)
				took, err := s.hungrily(0)
				if err != nil || took < c.from || took > c.most {
					t.Errorf("%v after %v", err, took)
				}
				if st := x.Stats(); st.Refused > 0 || st.Offences > 0 || st.Bytes != int64(c.size) {
					t.Errorf("%+v", st)
				}
			})
		})
	}
}

// Two gateways at one super-seed trade what it showed to each of them.
func TestSuperSeedOfTwo(t *testing.T) {
	b := simnet.Libtorrent()
	b.SuperSeed = true
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 4<<20)
		x := s.script(simRate, b)
		other := *s
		other.gate = s.node(simnet.HostConfig{})
		done := make(chan error, 1)
		go func() {
			h := other.hints()
			h.Peers = append(h.Peers, s.gate.addr.String())
			info, err := other.gate.session.Info(context.Background(), s.hash(), h)
			if err != nil {
				done <- err
				return
			}
			c, err := other.gate.session.Open(context.Background(), s.hash(), h, &info.Files[0], 0, info.Size())
			if err != nil {
				done <- err
				return
			}
			defer c.Close()
			_, err = drain(c, time.Minute)
			done <- err
		}()
		if took, err := s.hungrily(0); err != nil || took > 15*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		st, known := s.gate.session.Status(s.hash())
		if !known || st.Uploaded == 0 {
			t.Errorf("%d bytes given back", st.Uploaded)
		}
		if sent := x.Stats().Bytes; sent > 6<<20 {
			t.Errorf("%d bytes for two copies of %d", sent, 4<<20)
		}
	})
}

// A strict super-seed shows the next piece when another peer announces what it gave: alone
// with it nothing goes on, and that is told.
func TestStrictSuperSeed(t *testing.T) {
	b := simnet.Libtorrent()
	b.SuperSeed, b.StrictSuperSeed = true, true
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 4<<20)
		x := s.script(simRate, b)
		took, err := s.hungrily(0)
		var late *UnavailableError
		if !errors.As(err, &late) || !late.Exhausted || late.Holders != 0 || took > 30*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		if n := x.Stats().Bytes; n != 256<<10 {
			t.Errorf("%d bytes taken", n)
		}
	})
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 4<<20)
		s.script(simRate, b)
		other := *s
		other.gate = s.node(simnet.HostConfig{})
		h := other.hints()
		h.Peers = append(h.Peers, s.gate.addr.String())
		info, err := other.gate.session.Info(context.Background(), s.hash(), h)
		if err != nil {
			t.Fatal(err)
		}
		c, err := other.gate.session.Open(context.Background(), s.hash(), h, &info.Files[0], 0, info.Size())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		done := make(chan error, 1)
		go func() {
			_, err := drain(c, 2*time.Minute)
			done <- err
		}()
		if took, err := s.hungrily(0); err != nil || took > 40*time.Second {
			t.Errorf("beside another: %v after %v", err, took)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A peer that has other pieces and never gets more is asked for a few of them at most.
func TestOffersAreBounded(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 16<<20)
		var lots []int
		for p := range 60 {
			lots = append(lots, p+4)
		}
		x, few := s.part(simRate, lots, simnet.Libtorrent()), s.part(simRate, []int{2, 3}, simnet.Libtorrent())
		took, err := s.hungrily(0)
		var late *UnavailableError
		if !errors.As(err, &late) || late.Holders != 0 {
			t.Fatal(err)
		}
		if took < uselessTime || took > uselessTime+2*time.Second {
			t.Errorf("told after %v", took)
		}
		if a, b := x.Stats().Bytes, few.Stats().Bytes; a != 0 || b != 2*256<<10 {
			t.Errorf("%d and %d bytes taken", a, b)
		}
	})
}

// What is wanted and had is not held up by what is offered, and nothing is taken then.
func TestOffersWaitForWants(t *testing.T) {
	b := simnet.Libtorrent()
	b.SuperSeed = true
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 4<<20)
		s.script(simRate, simnet.Libtorrent())
		x := s.script(simRate, b)
		if took, err := s.hungrily(3); err != nil || took > time.Second {
			t.Errorf("%v after %v", err, took)
		}
		if st := x.Stats(); st.Requests != 0 {
			t.Errorf("%+v", st)
		}
	})
}
