package contact

import (
	"context"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/peer/netguard"
)

// muteNames is a network whose name server is silent but for one name.
type muteNames struct {
	netguard.Network
	mu        sync.Mutex
	now, most int // lookups under way
}

func (n *muteNames) LookupNetIP(ctx context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	n.now++
	n.most = max(n.most, n.now)
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		n.now--
		n.mu.Unlock()
	}()
	if host == "good.test" {
		return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

// Names that nobody answers are looked up by the score, no client has all of the places, and
// none is held for one who has left.
func TestLookupsAreBounded(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := &muteNames{}
		g := NewGate()
		ctx, leave := context.WithCancel(t.Context())
		var lookups sync.WaitGroup
		resolve := func(ctx context.Context, client int, name string) error {
			d := &Dialer{Network: n, Gate: g, Ask: Ask{Clients: []netip.Prefix{prefix(client)}, Reader: true}}
			_, err := d.Resolve(ctx, "tcp", name+":80")
			return err
		}
		for i := range 100 {
			lookups.Go(func() { _ = resolve(ctx, 1, string(rune('a'+i%26))+string(rune('a'+i/26))+".test") })
		}
		synctest.Wait()
		if n.now != maxLookups*3/4 {
			t.Errorf("%d lookups of one client under way", n.now)
		}
		begun := time.Now()
		if err := resolve(t.Context(), 2, "good.test"); err != nil || time.Since(begun) > 0 {
			t.Errorf("another client: %v after %v", err, time.Since(begun))
		}
		leave()
		lookups.Wait()
		if n.now != 0 || n.most > maxLookups {
			t.Errorf("%d lookups after their client left, %d at most", n.now, n.most)
		}
		begun = time.Now()
		if err := resolve(t.Context(), 2, "mute.test"); err == nil || time.Since(begun) != lookupTime {
			t.Errorf("a silent name: %v after %v", err, time.Since(begun))
		}
	})
}
