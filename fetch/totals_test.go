package fetch

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

func hashOf(n int) metainfo.InfoHash {
	return metainfo.NewV1([20]byte{byte(n >> 8), byte(n), 1})
}

// A gateway's totals and policies go on after a restart, and a policy holds for
// who asks for what it kept.
func TestTotalsOverRestarts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "torrents.state")
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, 1<<20)
		kept := s.seed(simRate, false)
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		restart := func() {
			if err := kept.session.Close(ctx); err != nil {
				t.Fatal(err)
			}
			again, err := NewSession(Config{Host: kept.host, Store: kept.store, Pool: kept.pool, Memory: 64 << 20, StateFile: file})
			if err != nil {
				t.Fatal(err)
			}
			kept.session = again
		}
		restart()
		c := s.open(0, 1<<20)
		defer c.Close()
		s.read(c, 0, 1<<20)
		yes := true
		if _, err := kept.session.SetUploadPolicy(s.hash(), func(p *peer.UploadPolicy) error { p.Stopped = &yes; return nil }); err != nil {
			t.Fatal(err)
		}
		st, _ := kept.session.Status(s.hash())
		restart()
		totals, policy := kept.session.ledger.Of(s.hash())
		if totals != st.Total || totals.Uploaded < 1<<20 || policy.Stopped == nil || !*policy.Stopped {
			t.Errorf("%+v and %+v after a restart, %+v before", totals, policy, st.Total)
		}
		if _, err := kept.session.SetUploadPolicy(hashOf(9), func(*peer.UploadPolicy) error { return nil }); !errors.Is(err, ErrUnknown) {
			t.Errorf("a policy of what is not here: %v", err)
		}
	})
}
