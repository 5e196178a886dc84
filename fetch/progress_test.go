package fetch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// TestProgress: who waited in vain for a piece of 8 MiB from a peer of 250 kB/s hears how
// far it came, and when the rest would be there.
func TestProgress(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const rate, size = 250_000, 8 << 20
		s := newSim(t, simnet.Ideal, 50*ms, size, size)
		s.script(rate, simnet.Libtorrent())
		c := s.open(0, size)
		defer c.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		err := c.Wait(ctx)
		var e *UnavailableError
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		p := e.Progress
		if p.Size != size || p.Have < 24*rate || p.Have > 25*rate || p.Gained != p.Have || p.Wait != 25*time.Second {
			t.Errorf("%+v", p)
		}
		rest, comes := p.Rest()
		if !comes || rest < 8*time.Second || rest > 10*time.Second {
			t.Errorf("the rest takes %v, %v", rest, comes)
		}
		if first := s.first(c, time.Now()); first > 10*time.Second {
			t.Errorf("it took %v more", first)
		}
		s.read(c, 0, size)
	})
}

// TestProgressBehindAnother: who waits behind a reader of another piece, which takes all that
// the only peer sends, hears when its turn is over.
func TestProgressBehindAnother(t *testing.T) {
	for _, early := range []time.Duration{0, 500 * ms} {
		t.Run(early.String(), func(t *testing.T) { behindAnother(t, early) })
	}
}

// behindAnother is that for one who had all that came for a while before the other began.
func behindAnother(t *testing.T, early time.Duration) {
	bubble.Test(t, func(t *testing.T) {
		const rate, size = 250_000, 8 << 20
		s := newSim(t, simnet.Ideal, 50*ms, size, 2*size)
		s.script(rate, simnet.Libtorrent())
		if early > 0 {
			c := s.open(size, size)
			ctx, cancel := context.WithTimeout(t.Context(), early)
			_ = c.Wait(ctx)
			cancel()
			c.Close()
		}
		first, second := s.open(0, size), s.open(size, size)
		defer first.Close()
		defer second.Close()
		time.AfterFunc(0, func() { _ = first.Wait(t.Context()) })
		time.Sleep(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		var e *UnavailableError
		if err := second.Wait(ctx); !errors.As(err, &e) {
			t.Fatal(err)
		}
		p := e.Progress
		if rest, comes := p.Rest(); p.Have > rate || p.Size != size || p.Ahead < 6*rate || p.Ahead > 9*rate || !comes || rest < 39*time.Second || rest > 43*time.Second {
			t.Errorf("%+v: the rest takes %v", p, rest)
		}
		if took := s.first(second, time.Now()); took > 43*time.Second {
			t.Errorf("it took %v more", took)
		}
	})
}

// TestProgressOfMetadata: so does who waited for metadata of 80 kB from a peer of 2 kB/s.
func TestProgressOfMetadata(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const rate = 2_000
		s := newSim(t, simnet.Ideal, 50*ms, 16<<10, 64<<20)
		s.script(rate, simnet.Libtorrent())
		size := int64(len(s.torrent.Info.Raw()))
		begun := time.Now()
		e, took := s.hastily(s.hints())
		if e == nil || took != 25*time.Second {
			t.Fatalf("%v after %v", e, took)
		}
		p := e.Progress
		if p.Size != size || p.Have < 22*rate || p.Have > 25*rate || p.Gained != p.Have || p.Torrent {
			t.Errorf("%+v of %d", p, size)
		}
		rest, comes := p.Rest()
		if want := time.Duration(size-p.Have) * time.Second / rate; !comes || rest < want || rest > want*5/4 {
			t.Errorf("the rest takes %v, %v; %v at its rate", rest, comes, want)
		}
		for e != nil && time.Since(begun) < 2*time.Minute {
			e, _ = s.hastily(s.hints())
		}
		if took := time.Since(begun); e != nil || took > time.Duration(size)*time.Second/rate*5/4 {
			t.Errorf("%v after %v", e, took)
		}
	})
}

// TestSoonerByAll: a little that came of a piece before others took all says less than what
// came of all.
func TestSoonerByAll(t *testing.T) {
	own := Progress{Have: 1 << 18, Size: 8 << 20, Gained: 1 << 18, Wait: 25 * time.Second}
	all := Progress{Have: 1 << 18, Size: 8 << 20, Gained: 6 << 20, Ahead: 2 << 20, Wait: 25 * time.Second}
	none := Progress{Size: 8 << 20, Wait: 25 * time.Second}
	if !all.sooner(&own) || own.sooner(&all) || none.sooner(&own) || !own.sooner(&none) || none.sooner(&none) {
		t.Error("the wrong one is sooner")
	}
}
