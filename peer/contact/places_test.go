package contact

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/btgw/btgw/internal/bubble"
)

// One client that asks for place after place leaves some to others, which have their turn
// before its next.
func TestPlacesShares(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := NewPlaces(4)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		served := make(chan func(), 100)
		for range 50 {
			go func() {
				if leave, err := p.Enter(ctx, []netip.Prefix{prefix(1)}, true); err == nil {
					served <- leave
				}
			}()
		}
		synctest.Wait()
		if len(served) != 3 {
			t.Fatalf("one client has %d of 4 places", len(served))
		}
		other, err := p.Enter(t.Context(), []netip.Prefix{prefix(1), prefix(2)}, true)
		if err != nil {
			t.Fatal(err)
		}
		third := make(chan struct{})
		go func() {
			leave, _ := p.Enter(t.Context(), []netip.Prefix{prefix(3)}, true)
			close(third)
			leave()
		}()
		synctest.Wait()
		(<-served)()
		<-third
		other()
		cancel()
		synctest.Wait()
		for range len(served) {
			(<-served)()
		}
		if p.taken != 0 || len(p.held) != 0 || len(p.waiting) != 0 {
			t.Errorf("left: %d, %v, %v", p.taken, p.held, p.waiting)
		}
	})
}

func TestPlacesGivenUp(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := NewPlaces(1)
		leave, _ := p.Enter(t.Context(), nil, false)
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan error)
		go func() {
			_, err := p.Enter(ctx, nil, true)
			got <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-got; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		leave()
		leave()
		if leave, err := p.Enter(t.Context(), []netip.Prefix{prefix(1)}, false); err != nil {
			t.Error(err)
		} else {
			leave()
		}
	})
}
