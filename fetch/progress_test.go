package fetch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
)

// TestProgress: who waited in vain for a piece of 8 MiB from a peer of 250 kB/s hears how
// far it came, and when the rest would be there.
func TestProgress(t *testing.T) {
	simnet.Test(t, func(t *testing.T) {
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
