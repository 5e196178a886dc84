package portmap

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	natpmp "github.com/jackpal/go-nat-pmp"
)

// natPMP is the router of the default route, by NAT-PMP.
func (m *Mapper) natPMP(context.Context) ([]router, error) {
	gateway, err := m.cfg.gateway()
	if err != nil {
		return nil, err
	}
	return []router{&natPMPRouter{gateway, natpmp.NewClientWithTimeout(gateway.AsSlice(), natPMPTime)}}, nil
}

// natPMPRouter is a router that speaks NAT-PMP. Its methods take natPMPTime at
// most, whatever their context says.
type natPMPRouter struct {
	gateway netip.Addr
	client  *natpmp.Client
}

var _ router = (*natPMPRouter)(nil)

// add implements router. A router that has the port for another gives the next.
func (r *natPMPRouter) add(_ context.Context, protocol string, internal, external int) (int, time.Duration, error) {
	got, err := r.client.AddPortMappingWithDuration(strings.ToLower(protocol), internal, external, lease)
	if err != nil {
		return 0, 0, fmt.Errorf("portmap: NAT-PMP at %s: %w", r.gateway, err)
	}
	if got.MappedExternalPort == 0 || int(got.InternalPort) != internal {
		return 0, 0, fmt.Errorf("portmap: NAT-PMP at %s: no port, or for another of ours", r.gateway)
	}
	return int(got.MappedExternalPort), time.Duration(got.PortMappingLifetimeInSeconds) * time.Second, nil
}

// remove implements router (RFC 6886 section 3.4).
func (r *natPMPRouter) remove(_ context.Context, protocol string, internal, _ int) error {
	if _, err := r.client.AddPortMapping(strings.ToLower(protocol), internal, 0, 0); err != nil {
		return fmt.Errorf("portmap: NAT-PMP at %s: %w", r.gateway, err)
	}
	return nil
}

// String says who it is.
func (r *natPMPRouter) String() string { return "NAT-PMP at " + r.gateway.String() }
