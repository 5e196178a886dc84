package fetch

import (
	"errors"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// span are the pieces from first to before end.
func span(first, end int) (pieces []int) {
	for p := first; p < end; p++ {
		pieces = append(pieces, p)
	}
	return pieces
}

// Who has what is wanted gives it only for something else, which is taken of a peer that
// asks for nothing: no more than is needed to have something to give.
func TestEmptyHandedStart(t *testing.T) {
	trader := simnet.Libtorrent()
	trader.Unchoke, trader.Leech = simnet.OnGift, 4
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 8<<20)
		one, two := s.part(simRate, span(0, 20), trader), s.part(simRate, span(0, 22), trader)
		giver := s.part(simRate, span(12, 32), simnet.Libtorrent())
		took, err := s.hungrily(3)
		if err != nil || took > 5*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		if n := giver.Stats().Bytes; n == 0 || n > 4*256<<10 {
			t.Errorf("%d bytes were taken to have something to give", n)
		}
		if one.Stats().Uploaded+two.Stats().Uploaded == 0 || one.Stats().Bytes+two.Stats().Bytes < 256<<10 {
			t.Errorf("%+v, %+v", one.Stats(), two.Stats())
		}
		for _, x := range s.scripts {
			if st := x.Stats(); st.Refused > 0 || st.Offences > 0 {
				t.Errorf("%+v", st)
			}
		}
	})
}

// Among peers who each serve one other for ten seconds, who has nothing waits for his turn.
func TestOptimisticUnchokes(t *testing.T) {
	b := simnet.Libtorrent()
	b.Unchoke, b.Leech, b.Slots, b.Rotate = simnet.OnInterested, 4, 1, 10*time.Second
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 8<<20)
		for i := range 4 {
			s.part(20_000, span(5*i, 5*i+16), b)
		}
		other := *s
		other.gate = s.node(simnet.HostConfig{})
		c := other.open(0, 8<<20)
		defer c.Close()
		time.Sleep(time.Second) // the other one has all slots
		took, err := s.hungrily(9)
		if err != nil || took < 9*time.Second || took > 40*time.Second {
			t.Errorf("%v after %v", err, took)
		}
	})
}

// What those who choke lack is not taken where somebody who has what is wanted lets us,
// nor is more than they all have.
func TestNoTradeWithoutNeed(t *testing.T) {
	trader := simnet.Libtorrent()
	trader.Unchoke, trader.Leech = simnet.OnGift, 4
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 8<<20)
		s.part(simRate, span(0, 20), trader)
		seed := s.script(simRate, simnet.Libtorrent())
		if took, err := s.hungrily(3); err != nil || took > 2*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		if n := seed.Stats().Bytes; n > 256<<10 {
			t.Errorf("%d bytes for a piece of %d", n, 256<<10)
		}
	})
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 8<<20)
		s.part(simRate, nil, trader)
		giver := s.part(simRate, span(12, 32), simnet.Libtorrent())
		var late *UnavailableError
		if took, err := s.hungrily(3); !errors.As(err, &late) || took > 30*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		if n := giver.Stats().Bytes; n != 0 {
			t.Errorf("%d bytes of what all have", n)
		}
	})
}
