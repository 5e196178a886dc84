package contact

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/peer/netguard"
)

// twoFamilies is a network in which each name has an address of each family, and those of down are not reached.
type twoFamilies struct {
	netguard.Network
	down   func(address string) bool
	dialed []string
}

func (n *twoFamilies) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("192.0.2.1")}, nil
}

func (n *twoFamilies) DialContext(_ context.Context, _, address string) (net.Conn, error) {
	n.dialed = append(n.dialed, address)
	if n.down(address) {
		return nil, syscall.EHOSTUNREACH
	}
	ours, its := net.Pipe()
	its.Close()
	return ours, nil
}

// Where a host is not reached by one family it is dialled by the other one, and rests only if neither leads there.
func TestDialerTriesTheOtherFamily(t *testing.T) {
	both := []string{"[2001:db8::1]:80", "192.0.2.1:80"}
	for name, c := range map[string]struct {
		down    func(string) bool
		reached bool
	}{
		"one":  {func(address string) bool { return strings.HasPrefix(address, "[") }, true},
		"none": {func(string) bool { return true }, false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				n, g := &twoFamilies{down: c.down}, NewGate()
				for range 2 {
					d := &Dialer{Network: n, Gate: g, Ask: Ask{Open: true, Reader: true}}
					err := d.Begin(t.Context(), "host.test:80")
					var nc net.Conn
					if err == nil {
						nc, err = d.DialContext(t.Context(), "tcp", "host.test:80")
					}
					if (err == nil) != c.reached {
						t.Errorf("%v", err)
					}
					if nc != nil {
						nc.Close()
					}
					d.End()
					if !c.reached {
						continue
					}
					if !slices.Equal(n.dialed, both) {
						t.Errorf("dialled %v", n.dialed)
					}
					n.dialed = nil
				}
				if !c.reached {
					if err := (&Dialer{Network: n, Gate: g, Ask: Ask{Open: true}}).Begin(t.Context(), "host.test:80"); !errors.As(err, new(*RestingError)) {
						t.Errorf("it does not rest: %v", err)
					}
					if !slices.Equal(n.dialed, both) {
						t.Errorf("dialled %v", n.dialed)
					}
				}
			})
		})
	}
}
