package fetch

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
)

// A search that found nothing ends within seconds of its client's leaving; one for this
// process itself goes on, and so does one that found a peer with what is wanted.
func TestSearchEndsSoonAfterItsClient(t *testing.T) {
	stranger := netip.MustParsePrefix("203.0.113.5/32")
	for _, tt := range []struct {
		name   string
		client netip.Prefix
		seeder bool
		after  time.Duration
	}{
		{"a stranger's", stranger, false, lingerFor},
		{"this process's", netip.Prefix{}, false, searchFor},
		{"a stranger's, with a peer that has it", stranger, true, warmFor},
	} {
		t.Run(tt.name, func(t *testing.T) {
			session(t, func(t *testing.T, s *sim) {
				dead := s.net.Host(simnet.HostConfig{})
				dead.Vanish()
				hints := Hints{Client: tt.client, Peers: []string{dead.AddrPort(1).String()}}
				if tt.seeder {
					hints.Peers = append(hints.Peers, s.seed(simRate, false).addr.String())
				}
				ctx, cancel := context.WithTimeout(context.Background(), time.Second)
				defer cancel()
				_, _ = s.gate.session.Info(ctx, s.hash(), hints)
				tor := inUse(s.gate.session, s.hash())
				time.Sleep(tt.after - reapEvery)
				if !tor.isWarm() {
					t.Error("cold at once")
				}
				time.Sleep(3 * reapEvery)
				if tor.isWarm() {
					t.Errorf("still dialled %v after its client left", tt.after+2*reapEvery)
				}
			})
		})
	}
}
